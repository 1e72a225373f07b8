"""The baseline as a team lives with it: what stays known, what is new, what is stale, what is overdue."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from base64 import b64encode
from typing import TYPE_CHECKING

import pytest
from repositories import Repository, token

from pat_audit.baseline.entries import BaselineError, Entry, Key, parse, written

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = token(0)
FILE = ".pat-audit-baseline"
USE = """\
import os
import requests

PAT = os.environ["ADO_PAT"]


def projects():
    return requests.get("https://dev.azure.com/o/_apis/projects", auth=("", PAT))
"""


def secret(token: str) -> str:
    return f'import requests\n\nTOKEN = "{token}"\n'


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A git repository with a sign-in that needs no secret and one that has it written down."""
    made = Repository(tmp_path / "work", tmp_path / "cache")
    made.write("use.py", USE)
    made.write("secret.py", secret(TOKEN))
    return made


def accept(repository: Repository, *arguments: str) -> str:
    done = repository.run("baseline", *arguments)
    assert done.returncode == 0, done.stderr
    return (repository.folder / FILE).read_text()


def test_what_is_known_is_left_out_and_what_is_new_is_not(repository: Repository) -> None:
    before = repository.found(code=1)
    assert len(before) >= 2
    accept(repository)
    assert repository.found("--baseline", code=0) == []
    assert repository.found(f"--baseline={FILE}", code=0) == []
    assert repository.found(code=1) == before
    repository.write("new.py", USE.replace("ADO_PAT", "AZDO_TOKEN"))
    new = repository.found("--baseline", code=1)
    assert new
    assert all(line.startswith("new.py:") for line in new)
    shown = json.loads(repository.run("check", "--baseline", "--show-suppressed", "--output-format", "json").stdout)
    assert {each["suppressed"] for each in shown["findings"]} == {None, "known in the baseline"}


def test_a_second_one_like_it_in_the_same_file_is_new(repository: Repository) -> None:
    accept(repository)
    again = USE[USE.index("def ") :].replace("projects", "again", 1)
    repository.write("use.py", USE + "\n\n" + again)
    assert len(repository.found("--baseline", code=1)) == 1


def test_the_text_is_sorted_and_tells_no_line_date_or_secret(repository: Repository) -> None:
    repository.write("a dir/ü .npmrc", f"//pkgs.dev.azure.com/o/:_password={TOKEN}\n")
    repository.write("url.md", "https://me:correcthorsebattery9@dev.azure.com/o/p/_git/r\n")
    text = accept(repository)
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert lines == sorted(lines)
    assert len(lines) >= 4
    for told in (TOKEN, "correcthorsebattery9", b64encode(TOKEN.encode()).decode()):
        assert told not in text
        for way in ("md5", "sha1", "sha256", "sha512", "blake2b"):
            assert hashlib.new(way, told.encode()).hexdigest()[:8] not in text
    assert not [word for word in text.split() if ":" in word and word.rpartition(":")[2].isdigit()]
    assert accept(repository) == text


def test_lines_may_move_and_code_may_be_formatted_anew(repository: Repository) -> None:
    accept(repository)
    repository.commit()
    moved = USE.replace(
        'requests.get("https://dev.azure.com/o/_apis/projects", auth=("", PAT))',
        'requests.get(\n        "https://dev.azure.com/o/_apis/projects",\n        auth=(\n            "",\n'
        "            PAT,\n        ),\n    )",
    )
    repository.write("use.py", '"""Moved."""\n\n' * 7 + moved)
    repository.write("secret.py", "# why\n\n" + secret(TOKEN).replace(f'"{TOKEN}"', f"(\n    '{TOKEN}'\n)"))
    assert repository.found("--baseline", code=0) == []


@pytest.mark.parametrize("state", ["no git", "not committed", "committed", "committed elsewhere"])
def test_another_secret_at_the_same_place_is_new(tmp_path: Path, state: str) -> None:
    repository = Repository(tmp_path / "work", tmp_path / "cache", init=state != "no git")
    repository.write("secret.py", secret(TOKEN))
    text = accept(repository)
    if state.startswith("committed"):
        repository.commit()
    if state.endswith("elsewhere"):  # git alone tells: nothing that this machine remembers
        shutil.rmtree(tmp_path / "cache")
        shutil.rmtree(repository.folder / ".pat-audit-cache")
    assert repository.found("--baseline", code=0) == []
    repository.write("secret.py", secret(token(1)))
    assert "another secret at this place" in repository.run("check", "--baseline").stdout.replace("\n ", "")
    assert [line for line in repository.found("--baseline", code=1) if line.startswith("secret.py")]
    accept(repository, "--prune")
    again = accept(repository)
    assert again != text or state in ("no git", "not committed")
    assert repository.found("--baseline", code=0) == []
    if state.startswith("committed"):
        repository.commit()
        assert repository.found("--baseline", code=0) == []
        repository.write("secret.py", secret(TOKEN))
        assert repository.found("--baseline", code=1)


def test_known_secrets_are_told_from_a_new_one_before_them(repository: Repository) -> None:
    first, second, third = (token(number) for number in range(3))
    repository.write("secret.py", f'A = "{first}"\nB = "{second}"\n')
    accept(repository)
    repository.commit()
    repository.write("secret.py", f'C = "{third}"\nA = "{first}"\nB = "{second}"\n')
    assert repository.found("--baseline", code=1) == ["secret.py:1 PAT101"]


def test_a_shallow_clone_says_what_it_cannot_tell(repository: Repository, tmp_path: Path) -> None:
    accept(repository)
    repository.commit()
    repository.commit("later")
    clone = Repository(tmp_path / "clone", tmp_path / "other-cache", init=False)
    clone.git("clone", "-q", "--depth", "1", repository.folder.as_uri(), ".")
    done = clone.run("check", "--baseline")
    assert done.returncode == 0
    assert "this clone is shallow" in done.stdout
    clone.write("secret.py", secret(token(1)))
    assert clone.run("check", "--baseline").returncode == 1


def test_a_renamed_file_keeps_its_entries(repository: Repository) -> None:
    repository.write("unrelated.py", "x = 1\n" * 50)
    accept(repository, "--owner", "ci")
    repository.commit()
    repository.write("unrelated.py", "x = 2\n" * 50)
    repository.commit("between")
    (repository.folder / "tools").mkdir()
    repository.git("mv", "use.py", "tools/ado client.py")
    repository.git("mv", "secret.py", "tools/secret.py")
    repository.write("tools/ado client.py", "# moved\n" + USE)
    assert repository.found("--baseline", code=0) == []
    repository.commit("move")
    assert repository.found("--baseline", code=0) == []
    text = accept(repository)
    assert '"tools/ado client.py" PAT' in text
    assert "\nuse.py" not in text
    assert text.count("owner=ci") == len(text.splitlines()) - 2
    assert repository.found("--baseline", code=0) == []


def test_stale_entries_are_reported_and_taken_out(repository: Repository) -> None:
    text = accept(repository)
    repository.write("use.py", "x = 1\n")
    stale = repository.found("--baseline", code=0)
    assert stale == [f"{FILE}:{number + 1} PAT903" for number, line in enumerate(text.splitlines()) if "use.py" in line]
    assert repository.found("--baseline", "--fail-on", "note", code=1) == stale
    assert repository.found("secret.py", "--baseline", code=0) == []
    assert repository.found("--baseline", "--select", "PAT101", code=0) == []
    repository.write("new.py", USE)
    done = repository.run("baseline", "--prune")
    assert "taken out" in done.stdout
    kept = (repository.folder / FILE).read_text()
    assert "use.py" not in kept
    assert "new.py" not in kept
    (repository.folder / "secret.py").unlink()
    assert [line for line in repository.found("--baseline") if "PAT903" in line]


def test_an_entry_past_its_date_fails_the_run(repository: Repository) -> None:
    accept(repository, "--owner", "team-x", "--due", "2999-12-31", "--reason", "until the move is done")
    path = repository.folder / FILE
    assert 'reason="until the move is done" owner=team-x due=2999-12-31' in path.read_text()
    assert repository.found("--baseline", code=0) == []
    path.write_text(path.read_text().replace("2999", "2020"))
    overdue = repository.found("--baseline", "--fail-on", "error", code=1)
    assert [line for line in overdue if line.startswith(f"{FILE}:") and line.endswith("PAT904")]
    assert [line for line in overdue if line.startswith("use.py")]
    assert "was to be gone by team-x by 2020-12-31" in repository.run("check", "--baseline").stdout.replace("\n  ", " ")
    assert "due=2020-12-31" in accept(repository)


def test_remarks_written_by_hand_stay(repository: Repository) -> None:
    text = accept(repository)
    line = next(line for line in text.splitlines() if line.startswith("use.py"))
    (repository.folder / FILE).write_text(text.replace(line, f'{line} reason="on \\"premises\\"" owner=me'))
    repository.write("new.py", USE)
    again = accept(repository)
    assert f'{line} reason="on \\"premises\\"" owner=me' in again
    assert "new.py PAT" in again
    assert 'on "premises"' in repository.run("check", "--baseline", "--show-suppressed").stdout


def test_two_branches_merge_by_themselves(repository: Repository) -> None:
    for number in range(12):
        repository.write(f"m{number:02}.py", USE)
    accept(repository)
    repository.commit()
    repository.git("switch", "-q", "-c", "side")
    repository.write("m01b.py", USE)
    accept(repository)
    repository.commit()
    repository.git("switch", "-q", "main")
    repository.write("m09b.py", USE)
    accept(repository)
    repository.commit()
    repository.git("merge", "-q", "side", "-m", "merge")
    assert repository.found("--baseline", code=0) == []


HEAD = written([]).encode()
BROKEN = [
    (b"", 1, "is not the first line of a baseline"),
    (b"a.py PAT101\n", 1, "is not the first line of a baseline"),
    (b"# pat-audit baseline, version 2\n", 1, "was written by a newer pat-audit (version 2; this one reads 1)"),
    (b"<<<<<<< HEAD\n" + HEAD, 1, "is a conflict mark"),
    (HEAD + b"a.py PAT101\n=======\n", 4, "is a conflict mark"),
    (HEAD + b">>>>>>> side\n", 3, "is a conflict mark"),
    (HEAD + b"||||||| base\n", 3, "is a conflict mark"),
    (HEAD + b"a.py\n", 3, "expected a path, a rule such as PAT202"),
    (HEAD + b"a.py:12 hello\n", 3, "expected a path, a rule such as PAT202"),
    (HEAD + b"a.py PAT101 ownr=me\n", 3, "there is no key 'ownr'; did you mean 'owner'?"),
    (HEAD + b"a.py PAT101 owner=me owner=you\n", 3, "has owner twice"),
    (HEAD + b"a.py PAT101 due=soon\n", 3, "due: expected a date such as 2027-03-31, found 'soon'"),
    (HEAD + b"a.py PAT101 due=2027-02-30\n", 3, "due: expected a date"),
    (HEAD + b"a.py PAT101 nth=0\n", 3, "nth: expected a whole number from 1"),
    (HEAD + b'a.py PAT101 reason="open\n', 3, "has a quotation mark that is not closed"),
    (HEAD + b'a.py PAT101 reason="a"b\n', 3, "has no space behind"),
    (HEAD + b"a.py PAT101 because we said so\n", 3, "expected key=value, found 'because'"),
    (HEAD + b"a.py PAT101 owner=a\na.py PAT101 owner=b\n", 4, "says of the same finding something else than line 3"),
    (HEAD + b"a.py PAT101\n\xff\n", 4, "is not UTF-8 text"),
]


@pytest.mark.parametrize(("content", "line", "said"), BROKEN)
def test_a_baseline_that_cannot_be_read_names_file_and_line(content: bytes, line: int, said: str) -> None:
    with pytest.raises(BaselineError) as caught:
        parse(content, "base")
    assert str(caught.value).startswith(f"base:{line}: ")
    assert said in str(caught.value)


def test_a_broken_baseline_fails_the_run_and_is_left_alone(repository: Repository) -> None:
    broken = "# pat-audit baseline, version 1\n<<<<<<< HEAD\n"
    repository.write(FILE, broken)
    for command in (("check", "--baseline"), ("baseline",), ("baseline", "--prune")):
        done = repository.run(*command)
        assert (done.returncode, done.stdout) == (2, "")
        assert f"{FILE}:2: is a conflict mark" in done.stderr
    assert (repository.folder / FILE).read_text() == broken
    missing = repository.run("check", "--baseline", "nowhere")
    assert missing.returncode == 2
    assert "nowhere: cannot be read: No such file or directory; `pat-audit baseline` makes one" in missing.stderr
    assert repository.run("baseline", "--due", "soon").returncode == 2


def test_text_and_entries_are_the_same_thing() -> None:
    entries = [
        Entry(Key('a "b" \\ c.py', "PAT101", "literal", nth=3), 2, 'said "so" \\ ü\t', "me"),
        Entry(Key("x=1.py", "PAT202", "env:A B", "azure-devops", "https://x/{}?a=b")),
        Entry(Key("#first.py", "PAT501")),
    ]
    again = parse(written(entries).encode(), "base")
    assert {(entry.key, entry.secret, entry.reason, entry.owner) for entry in again} == {
        (entry.key, entry.secret, entry.reason, entry.owner) for entry in entries
    }
    edited = b"\xef\xbb\xbf" + written(entries).replace("\n", "\r\n").encode()
    assert [entry.text for entry in parse(edited, "base")] == [entry.text for entry in again]
    assert written([*again, *again[:1]]).count("x=1.py") == 1


def test_the_file_is_named_in_the_configuration_and_its_paths_start_at_it(repository: Repository) -> None:
    repository.write("pyproject.toml", '[tool.pat-audit]\nbaseline = "quality/known.txt"\n')
    (repository.folder / "quality").mkdir()
    done = repository.run("baseline")
    assert done.returncode == 0
    text = (repository.folder / "quality/known.txt").read_text()
    assert "\n../use.py PAT" in text
    assert repository.found(code=0) == []
    below = subprocess.run(
        [*["python", "-m", "pat_audit", "check", "--output-format", "concise", ".."]],
        cwd=repository.folder / "quality",
        env=repository.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (below.returncode, below.stdout) == (0, "")
    repository.write("pyproject.toml", "[tool.pat-audit]\nbaseline = []\n")
    assert "tool.pat-audit.baseline: expected text" in repository.run("check").stderr


def test_sarif_says_that_the_suppression_is_from_outside(repository: Repository) -> None:
    accept(repository)
    done = repository.run("check", "--baseline", "--show-suppressed", "--output-format", "sarif")
    results = json.loads(done.stdout)["runs"][0]["results"]
    assert {each["suppressions"][0]["kind"] for each in results} == {"external"}
