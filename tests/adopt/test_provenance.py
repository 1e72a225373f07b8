"""Where others get pat-audit: what is asked for, what an installation says of itself, and no password in either."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pat_audit import __version__
from pat_audit.adopt import provenance
from pat_audit.adopt.provenance import Provenance, ProvenanceError, from_words, of_this_installation

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("words", "known"),
    [
        ("pat-audit", Provenance("pat-audit")),
        ("pat-audit==0.2.0", Provenance("pat-audit==0.2.0")),
        (
            "https://github.com/acme/pat-audit@v1.2",
            Provenance(
                "pat-audit @ git+https://github.com/acme/pat-audit@v1.2", "https://github.com/acme/pat-audit", "v1.2"
            ),
        ),
        (
            "https://acme@dev.azure.com/acme/tools/_git/pat-audit@1f00",
            Provenance(
                "pat-audit @ git+https://acme@dev.azure.com/acme/tools/_git/pat-audit@1f00",
                "https://acme@dev.azure.com/acme/tools/_git/pat-audit",
                "1f00",
            ),
        ),
        (
            "git@gitlab.com:acme/pat-audit.git@release/1",
            Provenance(
                "pat-audit @ git+ssh://git@gitlab.com/acme/pat-audit.git@release/1",
                "git@gitlab.com:acme/pat-audit.git",
                "release/1",
            ),
        ),
    ],
)
def test_what_is_asked_for(words: str, known: Provenance) -> None:
    assert from_words(words) == known


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("https://github.com/acme/pat-audit", "say which revision"),
        ("https://acme@dev.azure.com/acme/_git/pat-audit", "say which revision"),
        ("git@gitlab.com:acme/pat-audit.git", "say which revision"),
        ("https://me:hunter2@example.com/pat-audit@v1", "leave the password out"),
        ("requests==2.0", "expected a git address"),
        ("pat-audit; rm -rf /", "expected a git address"),
        ("https://example.com/x y@v1", "expected a git address"),
        ("https://example.com/$(id)@v1", "expected a git address"),
        ("https://example.com/x@-upload-pack=x", "no tag and no commit"),
        ("https://example.com/x@v1\nrun: evil", "no tag and no commit"),
        ("https://example.com/x'@v1", "expected a git address"),
        ("", "expected a git address"),
    ],
)
def test_what_is_refused(words: str, why: str) -> None:
    with pytest.raises(ProvenanceError) as refused:
        from_words(words)
    assert why in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_only_github_runs_actions() -> None:
    assert from_words("https://github.com/acme/pat-audit.git@v1").github_name == "acme/pat-audit"
    assert from_words("https://gitlab.com/acme/pat-audit@v1").github_name == ""


def installed_with(monkeypatch: pytest.MonkeyPatch, origin: object) -> None:
    class Distribution:
        def read_text(self, name: str) -> str | None:
            assert name == "direct_url.json"
            return None if origin is None else json.dumps(origin)

    monkeypatch.setattr("importlib.metadata.distribution", lambda name: Distribution())


def test_what_an_installation_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    installed_with(monkeypatch, None)
    assert of_this_installation() == Provenance(f"pat-audit=={__version__}")

    commit = "c" * 40
    by_git = {"url": "https://me:hunter2@example.com/acme/pat-audit", "vcs_info": {"vcs": "git", "commit_id": commit}}
    installed_with(monkeypatch, by_git)
    assert of_this_installation().address == "https://example.com/acme/pat-audit"
    assert of_this_installation().revision == commit

    checkout = tmp_path / "with space"
    (checkout / ".git/refs/heads").mkdir(parents=True)
    (checkout / ".git/HEAD").write_text("ref: refs/heads/main\n")
    (checkout / ".git/refs/heads/main").write_text(f"{commit}\n")
    (checkout / ".git/config").write_text('[remote "origin"]\n\turl = https://me:hunter2@github.com/acme/pat-audit\n')
    installed_with(monkeypatch, {"url": checkout.as_uri(), "dir_info": {"editable": True}})
    assert of_this_installation() == provenance.from_git("https://github.com/acme/pat-audit", commit)

    (checkout / ".git/config").write_text('[remote "origin"]\n\turl = /home/me/pat-audit\n')
    for origin in (
        {"url": checkout.as_uri(), "dir_info": {}},
        {"url": tmp_path.as_uri(), "dir_info": {}},
        {"url": "https://example.com/pat-audit.zip", "archive_info": {}},
        {"url": "https://example.com/$(id)", "vcs_info": {"commit_id": commit}},
    ):
        installed_with(monkeypatch, origin)
        with pytest.raises(ProvenanceError, match="say where others get it, with --source"):
            of_this_installation()
