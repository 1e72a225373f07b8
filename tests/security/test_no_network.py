"""No command opens a network connection: each runs where the first socket would be its end.

The guard is a seccomp filter (`guard.py`): workers and git inherit it, and the system kills whoever asks for a socket.
Where there is none (another system, a sandbox that forbids it), Python's own audit hook stands in, which binds Python
alone; the test's name says which of them it was.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from repositories import Repository, token

from pat_audit.config import OUTPUT_FORMATS
from security.guard import NO_GUARD

GUARD = [sys.executable, str(Path(__file__).with_name("guard.py"))]
_PROBE = subprocess.run([*GUARD, sys.executable, "-c", ""], check=False)
KIND = "audit-hook" if _PROBE.returncode == NO_GUARD else "seccomp"
HOOK = """\
import os, sys
def refuse(event, arguments):
    if event.startswith("socket."):
        os.write(2, b"a socket was asked for\\n")
        os._exit(99)
sys.addaudithook(refuse)
"""
COMMANDS = (
    "check --exit-zero " + " ".join(f"--also {name}=../report.{name}" for name in OUTPUT_FORMATS),
    "check --exit-zero .",  # from the cache
    "check --exit-zero --jobs 2 . --select PAT101",
    "check --exit-zero --staged",
    "check --exit-zero --changed-since HEAD~1",
    "check --exit-zero --fix --unsafe-fixes --diff",
    "check --exit-zero --fix --unsafe-fixes",
    "baseline --reason known",
    "check --exit-zero --baseline",
    "baseline --prune",
    "history --exit-zero --output-format html",
    "init --yes --source https://localhost/x@v1 pre-commit github azure gitlab config",
    "rules list",
    "rules check own",
    "rules docs pages",
    "explain PAT201",
    "--help",
)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A repository with findings, a remote, a submodule that is not there, and something in each state of git."""
    folder = tmp_path_factory.mktemp("network")
    made = Repository(folder / "work", folder / "cache")
    made.write("app.py", f'TOKEN = "{token(1)}"\n')
    made.write(
        "use.py",
        "import os\nimport requests\n\n\ndef projects():\n"
        '    return requests.get("https://dev.azure.com/o/_apis/projects", auth=("", os.environ["ADO_PAT"]))\n',
    )
    made.write(".npmrc", "//pkgs.dev.azure.com/o/_packaging/f/npm/:_password=${PAT}\n")
    made.write("azure-pipelines.yml", "steps:\n- script: curl -u :$(PAT) https://dev.azure.com/o/_apis/projects\n")
    made.write("own/credentials/README.txt", "x")
    made.commit()
    made.write("more.sh", f"curl -u :{token(2)} https://dev.azure.com/o/_apis/projects\n")
    made.commit()
    made.git("remote", "add", "origin", "https://localhost:1/x.git")
    made.git("config", "extensions.partialClone", "origin")
    made.git("config", "remote.origin.promisor", "true")
    made.git("config", "core.repositoryFormatVersion", "1")
    blob = made.git("rev-parse", "HEAD:more.sh").strip()
    (made.folder / ".git/objects" / blob[:2] / blob[2:]).unlink()  # plain git would fetch it
    made.write("staged.py", f'TOKEN = "{token(3)}"\n')
    made.git("add", "staged.py")
    return made


def run(repository: Repository, command: list[str], tmp_path: Path) -> subprocess.CompletedProcess[str]:
    environment = dict(repository.environment)
    if KIND == "audit-hook":
        (tmp_path / "sitecustomize.py").write_text(HOOK)
        environment["PYTHONPATH"] = f"{tmp_path}:{environment['PYTHONPATH']}"
    return subprocess.run(
        [*(GUARD if KIND == "seccomp" else []), *command],
        cwd=repository.folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("guard", [KIND])
def test_no_command_opens_a_socket(repository: Repository, tmp_path: Path, guard: str, command: str) -> None:
    done = run(repository, [sys.executable, "-m", "pat_audit", *command.split()], tmp_path)
    assert done.returncode in (0, 1), done.stderr  # a killed git or worker would be a problem, and so a 2
    assert "Traceback" not in done.stderr
    assert not any(word in done.stdout + done.stderr for word in ("git cannot", "git ended", "process working on it"))
    if command.startswith("check --exit-zero --also"):
        for name in OUTPUT_FORMATS:
            assert "PAT101" in (repository.folder.parent / f"report.{name}").read_text()


IN_A_CHILD = """\
import os, socket, sys
if os.fork() == 0:
    socket.socket()
sys.exit(os.waitstatus_to_exitcode(os.wait()[1]) % 256)
"""
CONTROLS = {
    "python": [sys.executable, "-c", "import socket; socket.socket()"],
    "a fork": [sys.executable, "-c", IN_A_CHILD],
    "git": ["git", "ls-remote", "git://127.0.0.1:1/x"],
    "git that fetches what a partial clone lacks": ["git", "cat-file", "-p", "HEAD:more.sh"],
}


@pytest.mark.parametrize("control", CONTROLS)
def test_the_guard_ends_what_asks_for_a_socket(repository: Repository, tmp_path: Path, control: str) -> None:
    if KIND == "audit-hook" and "git" in control:
        pytest.skip("the audit hook does not bind git")
    command, environment = CONTROLS[control], repository.environment
    free = subprocess.run(command, cwd=repository.folder, env=environment, capture_output=True, text=True, check=False)
    guarded = run(repository, command, tmp_path)
    if "fetches" in control:  # there a helper of git's is killed
        assert "Failed to connect" in free.stderr or "Could not" in free.stderr
        assert "died of signal" in guarded.stderr
        return
    killed = (-signal.SIGSYS, 256 - signal.SIGSYS) if KIND == "seccomp" else (99,)
    assert guarded.returncode in killed
    assert free.returncode not in killed
