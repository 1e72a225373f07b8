"""The small formats that hold nothing but credentials and addresses."""

from __future__ import annotations

import netrc
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st
from reading import settings_of, values_of, written

if TYPE_CHECKING:
    from pathlib import Path

SAFE = st.text(st.sampled_from("ab1é€.:/@-_+=$"), min_size=1, max_size=12)


def test_variables_with_every_kind_of_quote() -> None:
    text = (
        '# note\nexport A=1 # note\nB = two words\nC="x\\ny\n z \\"q\\"" # note\nD=\'a # \\n b\'\nE=a#b\nF=\nG: y\n'
        "H=`back`\nset I=j\n$env:K=l\n#L=m\nno assignment\nM=\"never closed\nN='x' y\n"
    )
    data = text.encode()
    settings = settings_of("dotenv", data)
    assert [(*setting.path, setting.value) for setting in settings] == [
        ("A", "1"), ("B", "two words"), ("C", 'x\ny\n z "q"'), ("D", "a # \\n b"), ("E", "a#b"), ("F", ""), ("G", "y"),
        ("H", "back"), ("I", "j"), ("K", "l"), ("M", '"never closed'), ("N", "x"),
    ]  # fmt: skip
    assert written(settings[2], data, "y\n z ")
    assert all(data[slice(*setting.key)].decode() == setting.name for setting in settings)


@given(values=st.dictionaries(st.sampled_from(["A", "B_C", "d.e"]), SAFE), ending=st.sampled_from(["\n", "\r\n"]))
def test_a_bare_value_stands_where_the_place_says(values: dict[str, str], ending: str) -> None:
    data = ending.join(f"{name}={value}" for name, value in values.items()).encode()
    settings = settings_of("dotenv", data)
    assert {setting.name: setting.value for setting in settings} == values
    assert all(written(setting, data, setting.value) for setting in settings)


@given(
    entries=st.dictionaries(st.sampled_from(["dev.azure.com", "h", "é.example"]), st.tuples(SAFE, SAFE), min_size=1),
    blank=st.sampled_from([" ", "\n\t", "\n"]),
)
def test_machines_are_read_as_python_reads_them(
    tmp_path_factory: object, entries: dict[str, tuple[str, str]], blank: str
) -> None:
    text = "\n".join(
        blank.join(["machine", name, "login", user, "password", password]) for name, (user, password) in entries.items()
    )
    settings = settings_of("netrc", text + "\n")
    found = {setting.path[1:]: setting.value for setting in settings if len(setting.path) == 3}
    assert found == {
        (name, key): value
        for name, pair in entries.items()
        for key, value in zip(("login", "password"), pair, strict=True)
    }
    assert all(written(setting, text.encode(), setting.value) for setting in settings)


def test_macros_comments_and_quotes_of_netrc(tmp_path: Path) -> None:
    text = (
        "# note machine x\nmachine h login u password #p\nmacdef init\nmachine none password none\n\n"
        'machine i password "a b" account c\ndefault login d\n'
    )
    assert values_of("netrc", text) == [
        ("machine", "h", "h"), ("machine", "h", "login", "u"), ("machine", "h", "password", "#p"),
        ("machine", "i", "i"), ("machine", "i", "password", "a b"), ("machine", "i", "account", "c"),
        ("default", "login", "d"),
    ]  # fmt: skip
    path = tmp_path / "netrc"
    path.write_text(text)
    assert netrc.netrc(path).authenticators("h") == ("u", "", "#p")


def test_lines_are_numbered_and_stand_where_they_say() -> None:
    data = b"https://u:p@h/\r\n\n# note\n  https://v@i  \n"
    first, second = settings_of("lines", data)
    assert (first.path, first.value) == ((0,), "https://u:p@h/")
    assert (second.path, second.value) == ((3,), "https://v@i")
    assert data[second.start : second.end] == b"https://v@i"


def test_requirements_give_their_addresses() -> None:
    text = (
        '# https://no\n--index-url https://u:p@h/simple\n-i=https://x --extra-index-url "https://y" \\\n'
        "  --trusted-host=z\nrequests>=2 # https://no\n"
        "pkg @ git+https://t@h/x.git@main#egg=pkg ; python_version < '3'\n"
        "-e git+ssh://git@h/y\nhttps://u@h/z.whl --hash=sha256:0\n-r other.txt\n"
    )
    data = text.encode()
    settings = settings_of("requirements", data)
    assert [(*setting.path, setting.value) for setting in settings] == [
        ("--index-url", "https://u:p@h/simple"), ("--index-url", "https://x"), ("--extra-index-url", "https://y"),
        ("--trusted-host", "z"), ("url", "git+https://t@h/x.git@main#egg=pkg"), ("url", "git+ssh://git@h/y"),
        ("url", "https://u@h/z.whl"), ("--hash", "sha256:0"), ("--requirement", "other.txt"),
    ]  # fmt: skip
    assert all(data[setting.start : setting.end].decode() == setting.value for setting in settings)
