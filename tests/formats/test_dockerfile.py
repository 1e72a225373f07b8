"""Dockerfiles: what the shell of each instruction gets, and where it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import settings_of, values_of, written


def test_variables_of_every_kind() -> None:
    text = (
        'FROM x AS y\nARG TOKEN\nARG A=1 B=\'two words\'\nENV C="x \\"y\\"" \\\n  # note\n\n  D=e\\ f G="h"i\n'
        'ENV OLD style  value \nenv lower=1\nLABEL a.b="c" d=e\nONBUILD ENV Z=1\n'
    )
    assert values_of("dockerfile", text) == [
        ("ARG", "TOKEN", ""), ("ARG", "A", "1"), ("ARG", "B", "two words"), ("ENV", "C", 'x "y"'), ("ENV", "D", "e f"),
        ("ENV", "G", "hi"), ("ENV", "OLD", "style  value"), ("ENV", "lower", "1"), ("LABEL", "a.b", "c"),
        ("LABEL", "d", "e"), ("ENV", "Z", "1"),
    ]  # fmt: skip
    data = text.encode()
    for setting in settings_of("dockerfile", text):
        assert all(written(setting, data, word) for word in setting.value.replace('"', " ").split())
        assert data[slice(*setting.key)].decode() == setting.name


def test_a_command_is_joined_as_the_shell_gets_it() -> None:
    text = (
        'RUN --mount=type=secret,id="a b" --network=none curl -u :$PAT \\\n  # note\n  https://h && \\\n\n   echo é\n'
        "CMD run  me\nHEALTHCHECK --interval=5m --retries=3 CMD curl x\nONBUILD RUN make\n"
        "RUN --mount=type=cache \\\n  go x\n"
    )
    assert values_of("dockerfile", text) == [
        ("RUN", "curl -u :$PAT   https://h &&    echo é"), ("CMD", "run  me"), ("CMD", "curl x"), ("RUN", "make"),
        ("RUN", "go x"),
    ]  # fmt: skip
    data = text.encode()
    for setting in settings_of("dockerfile", text):
        assert all(written(setting, data, word) for word in setting.value.split())


def test_here_documents_are_scripts_or_input() -> None:
    text = (
        "RUN <<EOF\ncurl a\n  EOF\nEOF\nRUN cat <<-'ONE' > f && cat <<TWO\n\t1\n\tONE\n2\nTWO\nCOPY <<X /root/.netrc\n"
        "machine h\nX\nRUN echo 1 << 2\nRUN python3 <<E\nimport x\nE\n"
    )
    assert values_of("dockerfile", text) == [
        ("RUN", "curl a\n  EOF\n"), ("RUN", "cat <<-'ONE' > f && cat <<TWO\n1\nONE\n2\nTWO\n"), ("COPY", "machine h\n"),
        ("RUN", "echo 1 << 2"), ("RUN", "python3 <<E\nimport x\nE\n"),
    ]  # fmt: skip
    data = text.encode()
    run, both, copy, *_ = settings_of("dockerfile", text)
    assert written(run, data, "curl a\n")
    assert written(both, data, "1")
    assert written(both, data, "2\n")
    assert written(copy, data, "machine h")


def test_lists_are_the_script_in_them_or_quoted_words() -> None:
    text = 'RUN ["/bin/sh", "-ec", \\\n  "curl \\"x\\" é"]\nCMD ["a", "b c", "d\'e"]\n'
    text += 'SHELL ["pwsh", "-Command"]\nRUN [ -f x ]\n'
    assert values_of("dockerfile", text) == [
        ("RUN", 'curl "x" é'), ("CMD", "a 'b c' 'd'\"'\"'e'"), ("SHELL", "pwsh -Command"), ("RUN", "[ -f x ]"),
    ]  # fmt: skip
    run, command, *_ = settings_of("dockerfile", text)
    assert written(run, text.encode(), "curl ")
    assert all(written(command, text.encode(), word) for word in ("b c", "d", "e"))


def test_the_escape_can_be_another_sign() -> None:
    text = "# syntax=docker/dockerfile:1\n# escape=`\nFROM x\nRUN dir c:\\ `\n  && echo\nCOPY a c:\\\nENV A=1\n"
    assert values_of("dockerfile", text) == [("RUN", "dir c:\\   && echo"), ("ENV", "A", "1")]


@given(
    pieces=st.lists(st.text(st.sampled_from("ab é\"'$;"), min_size=1, max_size=8), min_size=1, max_size=4),
    ending=st.sampled_from(["\n", "\r\n"]),
)
def test_every_line_of_a_command_stands_where_the_place_says(pieces: list[str], ending: str) -> None:
    pieces = ["x" + piece for piece in pieces]
    data = ("RUN " + f"\\{ending}".join(pieces) + f"{ending}ENV a=b").encode()
    setting, _ = settings_of("dockerfile", data)
    assert setting.value == "".join(pieces)
    assert all(written(setting, data, piece) for piece in pieces)


@pytest.mark.parametrize(
    "text", ["RUN a \\", "RUN <<EOF\nnever ends", "ENV", "RUN", "ENV =x", 'CMD ["a", 1', "???\nRUN [\n"]
)
def test_a_file_that_is_broken_off_does_no_harm(text: str) -> None:
    settings_of("dockerfile", text)
