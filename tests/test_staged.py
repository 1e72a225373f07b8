"""What a hook and a pull request look at: the index as it will be committed, and the lines that are changed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from repositories import Repository, token

from pat_audit.changed_lines import _read

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = token(0)
SECRET = f'TOKEN = "{TOKEN}"\n'
USE = """\
import requests
from settings import TOKEN

requests.get("https://dev.azure.com/o/_apis/x", auth=("", TOKEN))
"""


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository with one clean commit."""
    made = Repository(tmp_path / "work", tmp_path / "cache")
    made.write("clean.py", "x = 1\n")
    made.write("settings.py", 'import os\n\nTOKEN = os.environ["ADO_PAT"]\n')
    made.commit()
    return made


def test_the_index_counts_and_not_the_work_tree(repository: Repository) -> None:
    repository.write("a.py", SECRET)
    assert repository.found("--staged", code=0) == []
    repository.git("add", "a.py")
    assert repository.found("--staged", code=1) == ["a.py:1 PAT101"]
    repository.write("a.py", "x = 2\n")
    assert repository.found("--staged", code=1) == ["a.py:1 PAT101"]
    repository.git("add", "a.py")
    repository.write("a.py", SECRET)
    assert repository.found("--staged", code=0) == []
    repository.git("add", "a.py")
    (repository.folder / "a.py").unlink()
    shown = repository.run("check", "--staged").stdout
    assert "1 | TOKEN = " in shown
    assert TOKEN not in shown
    repository.git("rm", "-q", "--cached", "a.py")
    assert repository.found("--staged", code=0) == []


def test_what_is_not_staged_is_not_looked_at(repository: Repository) -> None:
    repository.write("old.py", SECRET)
    repository.commit()
    repository.write("new.py", SECRET)
    repository.write("other/new.py", SECRET)
    repository.git("add", "new.py", "other")
    assert repository.found("--staged", code=1) == ["new.py:1 PAT101", "other/new.py:1 PAT101"]
    assert repository.found("--staged", "other", code=1) == ["other/new.py:1 PAT101"]
    assert repository.found("--staged", "--exclude", "other/", code=1) == ["new.py:1 PAT101"]
    assert repository.found("--staged", "clean.py", code=0) == []


def test_neighbours_are_read_from_the_index_too(repository: Repository) -> None:
    repository.write("use.py", USE)
    repository.git("add", "use.py")

    def credentials() -> list[str]:
        done = repository.run("check", "--staged", "--output-format", "json")
        return [finding["credential"] for finding in json.loads(done.stdout)["findings"]]

    assert credentials() == ["env:ADO_PAT"]
    repository.write("settings.py", 'import os\n\nTOKEN = os.environ["OTHER_PAT"]\n')  # in the work tree alone
    assert credentials() == ["env:ADO_PAT"]
    repository.git("add", "settings.py")
    assert "env:OTHER_PAT" in credentials()


def test_a_partly_staged_file_is_seen_in_part(repository: Repository) -> None:
    repository.write("a.py", "x = 1\n")
    repository.commit()
    repository.write("a.py", "# first\n" + SECRET)
    repository.git("add", "a.py")
    repository.write("a.py", "# first\n# second\n" + SECRET + SECRET)
    assert repository.found("--staged", code=1) == ["a.py:2 PAT101"]


def test_before_the_first_commit_and_on_no_branch(tmp_path: Path, repository: Repository) -> None:
    fresh = Repository(tmp_path / "fresh", tmp_path / "cache")
    assert fresh.found("--staged", code=0) == []
    fresh.write("a.py", SECRET)
    fresh.git("add", ".")
    assert fresh.found("--staged", code=1) == ["a.py:1 PAT101"]
    done = fresh.run("check", "--changed-since", "HEAD")
    assert (done.returncode, "there is no revision 'HEAD'" in done.stderr) == (2, True)
    repository.git("checkout", "-q", "--detach")
    repository.write("a.py", SECRET)
    repository.git("add", ".")
    assert repository.found("--staged", code=1) == ["a.py:1 PAT101"]
    assert repository.found("--changed-since", "HEAD", code=1) == ["a.py:1 PAT101"]


@pytest.mark.skipif(sys.platform == "win32", reason="names that Windows does not have")
def test_names_that_only_unix_allows(repository: Repository) -> None:
    names = ["with space.py", "line\nfeed.py", 'quo"te\\.py', "ünï.py", os.fsdecode(b"\xff\xfe.py")]
    for name in names:
        repository.write(name, SECRET)
    repository.git("add", "-A")
    found = repository.found("--staged", code=1)
    assert sorted(found) == sorted(repository.found("--changed-since", "HEAD", code=1))
    assert len(found) == len(names)
    assert "line\\x0afeed.py:1 PAT101" in found
    assert "\\xff\\xfe.py:1 PAT101" in found


def test_from_below_the_top_and_in_a_linked_work_tree(repository: Repository, tmp_path: Path) -> None:
    repository.write("sub/a.py", SECRET)
    repository.write("b.py", SECRET)
    repository.git("add", ".")
    below = Repository(repository.folder / "sub", tmp_path / "cache", init=False)
    assert below.found("--staged", code=1) == ["../b.py:1 PAT101", "a.py:1 PAT101"]
    assert below.found("--staged", ".", code=1) == ["a.py:1 PAT101"]
    assert below.found("--changed-since", "HEAD", "..", code=1) == ["../b.py:1 PAT101", "../sub/a.py:1 PAT101"]
    assert "1 | TOKEN" in below.run("check", "--staged").stdout
    repository.git("worktree", "add", "-q", str(tmp_path / "linked"))
    linked = Repository(tmp_path / "linked", tmp_path / "cache", init=False)
    linked.write("c.py", SECRET)
    linked.git("add", ".")
    assert linked.found("--staged", code=1) == ["c.py:1 PAT101"]
    assert linked.found("--changed-since", "HEAD", code=1) == ["c.py:1 PAT101"]


def test_submodules_and_links_are_left_to_themselves(repository: Repository, tmp_path: Path) -> None:
    inner = Repository(tmp_path / "inner", tmp_path / "cache")
    inner.write("lib.py", SECRET)
    inner.commit()
    repository.git("submodule", "--quiet", "add", str(inner.folder), "lib")
    (repository.folder / "link.py").symlink_to("lib/lib.py")
    repository.git("add", "-A")
    assert repository.found("--staged", code=0) == []
    assert Repository(repository.folder / "lib", tmp_path / "cache", init=False).found("--staged", code=0) == []


def test_a_commit_of_some_files_uses_an_index_of_its_own(repository: Repository) -> None:
    hook = repository.write(
        ".git/hooks/pre-commit", f"#!/bin/sh\n{sys.executable} -m pat_audit check --staged --output-format concise\n"
    )
    hook.chmod(0o755)
    repository.write("bad.py", SECRET)
    repository.git("add", "bad.py")
    repository.write("clean.py", "x = 3\n")
    repository.git("commit", "-q", "-m", "only the clean one", "clean.py")
    with pytest.raises(subprocess.CalledProcessError) as caught:
        repository.git("commit", "-q", "-m", "all", "-a")
    assert "bad.py:1:10: PAT101" in caught.value.stdout + caught.value.stderr


def test_a_conflict_is_named_and_what_else_is_staged_is_seen(repository: Repository) -> None:
    repository.git("switch", "-q", "-c", "side")
    repository.write("clean.py", "x = 'side'\n")
    repository.commit()
    repository.git("switch", "-q", "main")
    repository.write("clean.py", "x = 'main'\n")
    repository.commit()
    with pytest.raises(subprocess.CalledProcessError):
        repository.git("merge", "-q", "side")
    repository.write("a.py", SECRET)
    repository.git("add", "a.py")
    done = repository.run("check", "--staged")
    assert done.returncode == 1
    assert "clean.py: is in conflict, so not scanned as staged" in done.stdout
    assert "a.py:1:" in done.stdout


def test_what_git_cannot_say_is_an_error(repository: Repository, tmp_path: Path) -> None:
    def said(where: Repository, *arguments: str) -> str:
        done = where.run("check", *arguments)
        assert (done.returncode, done.stdout) == (2, ""), done
        assert "Traceback" not in done.stderr
        return done.stderr

    nowhere = Repository(tmp_path / "nowhere", tmp_path / "cache", init=False)
    assert "--staged: there is no git repository here" in said(nowhere, "--staged")
    assert "--changed-since: there is no git repository here" in said(nowhere, "--changed-since", "main")
    assert "there is no revision 'nope'" in said(repository, "--changed-since", "nope")
    assert "is no revision" in said(repository, "--changed-since", "--output=x")
    assert "--staged: reads the index alone" in said(repository, "--staged", "--fix")
    assert "--staged: reads the index alone" in said(repository, "--staged", "--changed-since", "HEAD")
    (repository.folder / ".git/index").write_bytes(b"DIRC broken")
    assert "--staged: " in said(repository, "--staged")
    assert "index" in said(repository, "--changed-since", "HEAD")


def test_nothing_that_a_configuration_names_is_run(repository: Repository) -> None:
    trap = repository.folder / "ran"
    run = f"touch '{trap}'; cat"
    repository.write(".gitattributes", "*.py filter=trap diff=trap\n")
    repository.write("a.py", "x = 1\n")
    repository.commit()
    repository.write("b.py", SECRET)
    repository.git("add", "b.py")
    for key, value in {
        "filter.trap.clean": run, "filter.trap.smudge": run, "filter.trap.process": run, "filter.trap.required": "true",
        "diff.trap.textconv": run, "diff.trap.command": run, "diff.external": run, "core.fsmonitor": run,
        "core.pager": run, "core.hooksPath": str(repository.folder),
    }.items():  # fmt: skip
        repository.git("config", key, value)
    repository.write("a.py", "y = 1\n" + SECRET)
    trap.unlink(missing_ok=True)
    assert repository.found("--staged", code=1) == ["b.py:1 PAT101"]
    assert repository.found("--changed-since", "HEAD", code=1) == ["a.py:2 PAT101", "b.py:1 PAT101"]
    assert repository.run("baseline").returncode == 0
    assert repository.found("--baseline", code=0) == []
    (repository.folder / "b.py").rename(repository.folder / "c.py")
    repository.run("check", "--baseline")
    assert not trap.exists()


def test_findings_on_changed_lines_alone(repository: Repository) -> None:
    repository.write("a.py", SECRET + "x = 1\n" * 5)
    base = repository.commit()
    repository.write("a.py", SECRET + "x = 1\n" * 3 + "x = 2\n" + f'SECOND = "{token(1)}"\n' + "x = 1\n")
    assert repository.found("--changed-since", base, code=1) == ["a.py:6 PAT101"]
    repository.commit()
    assert repository.found("--changed-since", base, code=1) == ["a.py:6 PAT101"]
    assert repository.found("--changed-since", "HEAD", code=0) == []
    assert repository.found("--changed-since", "HEAD~1", code=1) == ["a.py:6 PAT101"]
    repository.write("new.py", SECRET)
    assert repository.found("--changed-since", "HEAD", code=1) == ["new.py:1 PAT101"]
    repository.git("mv", "a.py", "moved.py")
    assert repository.found("--changed-since", "HEAD", "moved.py", code=0) == []


def test_a_way_that_leads_over_a_changed_line_counts(repository: Repository) -> None:
    repository.write("use.py", USE)
    base = repository.commit()
    assert repository.found("--changed-since", base, code=0) == []
    repository.write("settings.py", 'import os\n\nTOKEN = os.environ.get("ADO_PAT")\n')
    assert [line for line in repository.found("--changed-since", base) if line.startswith("use.py")]
    repository.write("settings.py", 'import os\n\nTOKEN = os.environ["ADO_PAT"]\n\n\nZ = 1\n')
    assert repository.found("--changed-since", base, code=0) == []


def test_what_the_other_side_did_since_is_nobodys_change(repository: Repository) -> None:
    repository.write("a.py", SECRET + "x = 1\n")
    repository.commit()
    repository.git("switch", "-q", "-c", "side")
    repository.write("b.py", SECRET)
    repository.commit()
    repository.git("switch", "-q", "main")
    repository.write("a.py", "x = 1\n")
    repository.commit()
    repository.git("switch", "-q", "side")
    assert repository.found("--changed-since", "main", code=1) == ["b.py:1 PAT101"]


def test_a_shallow_clone_has_its_own_revisions(repository: Repository, tmp_path: Path) -> None:
    old = repository.git("rev-parse", "HEAD").strip()
    repository.write("a.py", SECRET)
    repository.commit()
    clone = Repository(tmp_path / "clone", tmp_path / "cache", init=False)
    clone.git("clone", "-q", "--depth", "1", repository.folder.as_uri(), ".")
    assert "in a shallow clone: fetch it first" in clone.run("check", "--changed-since", old).stderr
    clone.write("b.py", SECRET)
    clone.git("add", ".")
    assert clone.found("--staged", code=1) == ["b.py:1 PAT101"]
    assert clone.found("--changed-since", "HEAD", code=1) == ["b.py:1 PAT101"]


def test_a_baseline_holds_for_what_is_staged(repository: Repository) -> None:
    repository.write("a.py", SECRET)
    repository.commit()
    assert repository.run("baseline").returncode == 0
    repository.commit()
    repository.write("a.py", "x = 1\n" + SECRET)
    repository.git("add", ".")
    assert repository.found("--staged", "--baseline", code=0) == []
    repository.write("a.py", f'x = 1\nTOKEN = "{token(1)}"\n')
    assert repository.found("--staged", "--baseline", code=0) == []
    repository.git("add", ".")
    assert repository.found("--staged", "--baseline", code=1) == ["a.py:2 PAT101"]
    repository.git("mv", "-f", "a.py", "b.py")
    repository.write("b.py", "x = 1\n" + SECRET)
    repository.git("add", "-A")
    assert repository.found("--staged", "--baseline", code=0) == []


def test_no_text_of_a_patch_is_taken_for_its_outline() -> None:
    patch = (
        b'diff --git "a/x\\303\\274\\t.py" "b/x\\303\\274\\t.py"\n'
        b'--- "a/x\\303\\274\\t.py"\n+++ "b/x\\303\\274\\t.py"\n'
        b"@@ -1 +1,3 @@\n--- a/evil.py\n\\ No newline at end of file\n"
        b"++++ b/evil.py\n+@@ -1 +1,900 @@\n+diff --git a/e b/e\n"
        b"\\ No newline at end of file\n@@ -9,2 +12 @@ def x():\n-a\n-b\n+c\n@@ -20,3 +22,0 @@\n-a\n-b\n-c\n"
        b"diff --git a/gone b/new name.py\nsimilarity index 100%\nrename from gone\nrename to new name.py\n"
        b"diff --git a/b c.py b/b c.py\n--- a/b c.py\t\n+++ b/b c.py\t\n@@ -0,0 +5 @@\n+x\n"
    )
    assert list(_read(patch)) == [("xü\t.py", [range(1, 4), range(12, 13)]), ("b c.py", [range(5, 6)])]
