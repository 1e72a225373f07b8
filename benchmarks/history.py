"""`pat-audit history` beside the scanners that read a repository's commits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from benchmarks.checkouts import forget, git
from benchmarks.peers import PEERS
from benchmarks.sections import COLUMNS, Figure, Section, Table, rows_of
from benchmarks.setting import OURS, shown
from benchmarks.turns import take_turns
from benchmarks.whole_trees import counts

if TYPE_CHECKING:
    from benchmarks.setting import Setting

COMMAND = ["history", "--isolated", "--exit-zero", "--show-suppressed", "--output-format", "json", "."]
FIRST, AGAIN = "pat-audit, first run", "pat-audit, next run"
HISTORIANS = {peer.name for peer in PEERS if peer.history}
SAYS = """All commits of one branch, cloned whole. A next run reads what is new. Every secret of a peer that is a token
by our own checks must be in our report."""


def measure(setting: Setting) -> Section:
    """One table; a figure for the time, and one for what a peer has and we have not."""
    source = setting.history or setting.repository().source
    repository = setting.scratch / "history"
    # A branch is cloned whole, or not at all where objects are missing: what a scanner cannot read costs it no time.
    git(setting.scratch, "clone", "-q", "--no-local", "--single-branch", "--no-checkout", str(source), "history")
    commits = int(git(repository, "rev-list", "--all", "--count"))
    section = Section("history", "History", SAYS)
    able = {name: found for name, found in setting.installed.items() if found.peer.history}
    reports = {name: setting.scratch / f"{name}.json" for name in able}
    theirs = {name: able[name].command(able[name].peer.history, report=str(reports[name])) for name in able}
    commands = {FIRST: [*OURS, *COMMAND], AGAIN: [*OURS, *COMMAND], **theirs}
    measured = take_turns(
        commands,
        min(setting.turns, 3),
        repository,
        before=lambda name: forget(repository) if name == FIRST else None,
        limits=dict.fromkeys(theirs, setting.limit),
    )
    ours = json.loads(measured[FIRST].output)["findings"]
    found = {FIRST: str(len(ours)), AGAIN: str(len(json.loads(measured[AGAIN].output)["findings"]))}
    for name in theirs:
        time = measured[FIRST].median / measured[name].median
        what = f"{source.name}: history beside {name}{measured[name].told}"
        section.figures.append(Figure(f"history/{name}", what, time, 1.0))
        if "REPORT" not in able[name].peer.history:
            found |= counts({name: measured[name]}, able)
            continue
        leaks = json.loads(reports[name].read_text() or "[]") if reports[name].exists() else []
        found[name] = str(len(leaks))
        missing = sum(is_token(leak["Secret"]) and not is_found(leak, ours) for leak in leaks)
        what = f"{source.name}: tokens of {name} that we do not report"
        section.figures.append(Figure(f"history/missing/{name}", what, missing, 0, ""))
    rows = rows_of(measured, FIRST, found, theirs)
    rows += [[name, "not installed", *[""] * 6] for name in setting.missing if name in HISTORIANS]
    section.tables.append(Table(f"{source.name}: {commits:,} commits", COLUMNS, rows))
    section.commands = {name: shown(command, setting) for name, command in commands.items()}
    return section


def is_token(secret: str) -> bool:
    """Whether our own checks take it for a token."""
    from pat_audit.catalogue import load_catalogue
    from pat_audit.tokens.kept import token_scanner

    token = token_scanner(load_catalogue()).classify(secret)
    return token is not None and token.verdict != "invalid"


def is_found(leak: dict[str, Any], ours: list[dict[str, Any]]) -> bool:
    """Whether we have a finding in the same file."""
    return any(each["path"] == leak["File"] for each in ours)
