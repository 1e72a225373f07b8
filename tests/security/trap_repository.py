"""A repository in which everything that could be run leaves a mark when it is run."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from repositories import IDENTITY, Repository, token

if TYPE_CHECKING:
    from pathlib import Path

DEPENDENCIES = ("click", "yaml", "libcst", "hyperscan", "rich", "pathspec", "tree_sitter", "tree_sitter_bash", "_yaml")
BEFORE_US = ("importlib",)
"""What `python -m` itself imports from the working directory before a line of ours runs."""

HOOKS = (
    "applypatch-msg", "pre-applypatch", "post-applypatch", "pre-commit", "pre-merge-commit", "prepare-commit-msg",
    "commit-msg", "post-commit", "pre-rebase", "post-checkout", "post-merge", "pre-push", "pre-receive", "update",
    "proc-receive", "post-receive", "post-update", "reference-transaction", "push-to-checkout", "pre-auto-gc",
    "post-rewrite", "sendemail-validate", "fsmonitor-watchman", "post-index-change",
)  # fmt: skip


class TrapRepository(Repository):
    """The repository, and the folder in which marks appear."""

    def __init__(self, folder: Path, cache: Path) -> None:
        super().__init__(folder, cache)
        self.cache = cache
        self.marks = folder.parent / "marks"
        self.marks.mkdir()
        self._fill()
        self._commit()
        self._configure()
        self.clear()

    def sprung(self) -> list[str]:
        """The traps that were run since they were cleared."""
        return sorted(mark.name for mark in self.marks.iterdir())

    def clear(self) -> None:
        """Take all marks away."""
        for mark in self.marks.iterdir():
            mark.unlink()

    def run_by(self, name: str) -> str:
        """A shell command that leaves a mark and ends well, whatever it is given."""
        return f"touch '{self.marks / name}'; true"

    def script(self, name: str, mark: str) -> Path:
        """A program in the repository that leaves a mark and hands through what it is given."""
        path = self.write(name, f"#!/bin/sh\n{self.run_by(mark)}\nexec cat\n")
        path.chmod(0o755)
        return path

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """The command `pat-audit` with these arguments, as pip installs it."""
        script = self.folder.parent / "pat-audit"
        script.write_text("import sys\nfrom pat_audit.cli import main\nsys.exit(main())\n")
        return self.run_as([sys.executable, str(script)], *arguments, **more)

    def program(self, name: str) -> str:
        """Python text that leaves a mark."""
        return f"open({str(self.marks / name)!r}, 'a').close()\n"

    def plain(self, *words: str, **more: str) -> None:
        """Run plain git, however it ends: what springs then is a trap that works."""
        subprocess.run(
            ["git", *IDENTITY, *words],
            cwd=self.folder,
            env={**self.environment, **more},
            input=b"protocol=https\nhost=localhost\n\n",
            capture_output=True,
            timeout=30,
            check=False,
        )

    def _fill(self) -> None:
        for name in sorted({*sys.stdlib_module_names, *DEPENDENCIES}):
            if name not in BEFORE_US and name not in sys.builtin_module_names:
                self.write(f"{name}.py", self.program(f"module {name}"))
        for name in ("sitecustomize", "usercustomize", "conftest", "setup", "noxfile", "backend", "evil"):
            self.write(f"{name}.py", self.program(f"module {name}"))
        self.write("evil-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: evil\nVersion: 1\n")
        self.write("evil-1.dist-info/entry_points.txt", "[pat_audit.rules]\nevil = evil.inside\n")
        self.write(
            "package.json", '{"name": "x", "scripts": {"preinstall": "touch \'' + str(self.marks) + "/npm'\"}}\n"
        )
        self.write("Makefile", f"all:\n\ttouch '{self.marks}/make'\n")
        self.write(
            "pyproject.toml",
            '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
            '[tool.pat-audit]\nrules = ["own-rules"]\n',
        )
        self.write("own-rules/checks/__init__.py", self.program("rules package"))
        self.write("own-rules/__init__.py", self.program("rules package"))
        self.write(
            "own-rules/libraries/python/acme_http.yaml",
            "library: acme_http\nlanguage: python\nanchors: [acme_http]\nfunctions:\n"
            "  - names: [acme_http.fetch]\n    does: request\n    with: {url: [0, url]}\n",
        )
        self.write(".gitattributes", "".join(f"{name}.txt filter={name} diff={name}\n" for name in FILTERS))
        for name in FILTERS:
            self.write(f"{name}.txt", "as it was\n")
        self.write("app.py", f'TOKEN = "{token(1)}"\n')
        self.write("azure-pipelines.yml", "steps:\n- script: echo\n")
        self.write("lost.txt", "an older text\n")

    def _commit(self) -> None:
        self.commit("first")
        self.write("lost.txt", "a text\n")
        self.commit("second")
        signature = "-----BEGIN PGP SIGNATURE-----\n \n bad\n -----END PGP SIGNATURE-----"
        raw = self.git("cat-file", "commit", "HEAD").replace("\n\n", f"\ngpgsig {signature}\n\n", 1)
        made = subprocess.run(
            ["git", "hash-object", "-t", "commit", "-w", "--stdin"],
            cwd=self.folder, env=self.environment, input=raw.encode(), capture_output=True, check=True,
        ).stdout.decode().strip()  # fmt: skip
        self.git("update-ref", "HEAD", made)
        inner = Repository(self.folder.parent / "inner", self.folder.parent / "cache")
        inner.write("inner.txt", "x\n")
        inner.commit()
        self.git("submodule", "add", "-q", str(inner.folder), "sub")
        self.commit("third")
        missing = self.git("rev-parse", "HEAD~2:lost.txt").strip()
        (self.folder / ".git/objects" / missing[:2] / missing[2:]).unlink()
        self.missing = missing
        (self.folder / ".git/objects/info/alternates").write_text(str(inner.folder / ".git/objects") + "\n")

    def _configure(self) -> None:
        for name in HOOKS:
            self.script(f".git/hooks/{name}", "hook")
            self.script(f".githooks/{name}", "hooksPath")
        settings = {
            "core.fsmonitor": self.run_by("fsmonitor"), "core.hooksPath": ".githooks",
            "core.pager": self.run_by("pager"), "pager.ls-files": self.run_by("pager"),
            "core.editor": self.run_by("editor"), "core.sshCommand": self.run_by("ssh"),
            "core.gitProxy": str(self.script("proxy.sh", "proxy")),
            "core.askPass": str(self.script("ask.sh", "askpass")),
            "diff.external": self.run_by("external"), "alias.trap": f"!{self.run_by('alias')}",
            "alias.ls-files": f"!{self.run_by('alias')}", "credential.helper": f"!{self.run_by('credential')}",
            "gpg.program": str(self.script("gpg.sh", "gpg")), "log.showSignature": "true",
            "uploadpack.packObjectsHook": self.run_by("packObjects"),
            "submodule.sub.update": f"!{self.run_by('submodule')}",
            "core.alternateRefsCommand": self.run_by("alternates"), "include.path": "../included.gitconfig",
            "includeIf.gitdir:/.path": "../conditional.gitconfig",
            "core.repositoryFormatVersion": "1", "extensions.partialClone": "origin", "remote.origin.promisor": "true",
            "remote.origin.url": f"ext::touch {self.marks / 'promisor'}", "protocol.ext.allow": "always",
            "remote.origin.fetch": "+refs/heads/*:refs/remotes/origin/*",
        }  # fmt: skip
        self.write("included.gitconfig", self._filter("included"))
        self.write("conditional.gitconfig", self._filter("conditional"))
        with (self.folder / ".git/config").open("a") as config:
            config.write(self._filter("plain") + self._filter("a=b") + self._filter("process", "process"))
            config.write(self._filter("a.b") + f'[diff "plain"]\n\ttextconv = "{self.run_by("textconv")}"\n')
            config.write(f'[diff "a.b"]\n\tcommand = "{self.run_by("diff command")}"\n')
        for key, value in settings.items():
            self.git("config", key, value)
        for name in FILTERS:  # their stat data no longer fits: whoever compares must run the filter
            self.write(f"{name}.txt", "as it is now\n")

    def _filter(self, name: str, key: str = "clean") -> str:
        return f'[filter "{name}"]\n\t{key} = "{self.run_by(f"filter {name}")}"\n'


FILTERS = ("plain", "a=b", "a.b", "process", "included", "conditional")
