"""Small programs that say on their own lines what must be found there, and the check that it is.

A program may have several files, each begun by a line `# file: path` (`//` will do); one without is
`sign_in.py`. A line that must be found ends in a mark:

    requests.get(URL, auth=("", pat))  # <- PAT202 env:ADO_PAT https://dev.azure.com/contoso

that is rule, credential label and, where it matters, URL; `<URL>` is the one of most programs. Severity is
`warning` unless it stands behind the rule (`PAT301/error`). Marks with ` + ` between them are several
findings. Whatever is not marked must not be found; the inventory of what a program reads (PAT50x) only
counts where a test asks for it.
"""

from __future__ import annotations

import datetime
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import pytest

from pat_audit.catalogue import Catalogue, load_catalogue
from pat_audit.scan import scan_files
from pat_audit.tokens.samples import expand

if TYPE_CHECKING:
    from pat_audit.model import Finding, Report

TODAY = datetime.date(2026, 11, 23)
URL = "https://dev.azure.com/contoso/_apis/projects"
INVENTORY = "pat-env-usage"
_FILE = re.compile(r"^(?:#|//) file: (\S+)$", re.MULTILINE)
_MARK = re.compile(r"(?:#|//) <- (.+)$")


class Mark(NamedTuple):
    """What must be found on one line."""

    path: str
    line: int
    rule: str
    severity: str
    credential: str
    url: str | None


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The built-in rules."""
    return load_catalogue(plugins=False)


def files_of(program: str) -> dict[str, str]:
    """The files of a program by path, marks taken out and tokens filled in."""
    pieces = _FILE.split(program)
    if len(pieces) == 1:
        return {"sign_in.py": _without_marks(program)}
    return {path: _without_marks(text) for path, text in zip(pieces[1::2], pieces[2::2], strict=True)}


def _without_marks(text: str) -> str:
    return expand("\n".join([_MARK.sub("", line) for line in text.split("\n")]))


def marks_of(program: str) -> list[Mark]:
    """What the program's marks ask for."""
    pieces = _FILE.split(program)
    if len(pieces) == 1:
        pieces = ["", "sign_in.py", program]
    marks = []
    for path, text in zip(pieces[1::2], pieces[2::2], strict=True):
        for number, line in enumerate(text.split("\n"), 1):
            found = _MARK.search(line)
            for mark in found[1].split(" + ") if found else ():
                what, credential, *url = mark.split()
                rule, _, severity = what.partition("/")
                address = url[0].replace("<URL>", URL) if url else None
                marks.append(Mark(path, number, rule, severity or "warning", credential, address))
    return marks


def scan(program: str) -> Report:
    """What a program gives."""
    files = {path: text.encode() for path, text in files_of(program).items()}
    return scan_files(files, catalogue(), TODAY)


def findings(program: str, inventory: bool = False) -> list[Finding]:
    """What is found in a program, the inventory of its reads only if asked for."""
    report = scan(program)
    assert report.problems == ()
    return [finding for finding in report.findings if inventory or finding.category != INVENTORY]


def check(program: str, inventory: bool = False) -> list[Finding]:
    """Assert that a program gives exactly what it is marked with; gives the findings for more assertions."""
    wanted = marks_of(program)
    found = findings(program, inventory)
    left = list(wanted)
    unasked = []
    for finding in found:
        line, severity, credential = finding.location.line, finding.severity.value, finding.credential or "-"
        mark = Mark(finding.path, line, finding.rule, severity, credential, finding.url)
        met = next((each for each in left if each in (mark, mark._replace(url=None))), None)
        if met is None:
            unasked.append(mark)
        else:
            left.remove(met)
    wrong = [f"not found: {tuple(mark)}" for mark in left] + [f"found: {tuple(mark)}" for mark in unasked]
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)
    return found


def notes(finding: Finding) -> list[tuple[int, str]]:
    """The steps of a finding's trail: line and note."""
    return [(step.location.line, step.note) for step in finding.trail]
