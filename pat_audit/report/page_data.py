"""What the HTML page is told: every text once, findings as rows of numbers that point to them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from pat_audit import __version__
from pat_audit.model import Safety
from pat_audit.report.applicable import applicable
from pat_audit.report.hunks import hunks
from pat_audit.report.labels import credential_label, service_label, service_titles
from pat_audit.report.masking import secret_places
from pat_audit.report.neutral import neutral
from pat_audit.report.repository import repository
from pat_audit.report.source_frame import frame

if TYPE_CHECKING:
    from pathlib import Path

    from pat_audit.catalogue import Catalogue
    from pat_audit.model import Finding, Location
    from pat_audit.report.masking import Places
    from pat_audit.report.options import Options
    from pat_audit.report.shown import Shown

_WIDTH = 160  # columns of a line of code
_SAFETY = {None: 0, Safety.UNSAFE: 1, Safety.SAFE: 2}
_RULE = ("rule", "name", "category")


def page_data(shown: Shown, catalogue: Catalogue, options: Options) -> dict[str, Any]:
    """Plain data for JSON. All texts are masked and neutral; keys are what `page/report.js` reads."""
    pool = _Pool(catalogue, secret_places(shown.findings), options._replace(width=_WIDTH))
    rows = [pool.row(finding) for finding in shown.findings]
    return {
        "version": __version__,
        "made": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "subject": [neutral(options.mask(part)) for part in _subject(options.root)],
        "files": shown.files,
        "suppressed": shown.suppressed,
        "baselined": shown.baselined,
        "problems": [[neutral(each.path), neutral(each.message), each.fatal] for each in shown.problems],
        "rules": [_rule(id, name, category, catalogue) for id, name, category in pool.rules],
        "texts": list(pool.texts),
        "fixes": [[neutral(title), safety, edits, [neutral(step) for step in steps]]
                  for title, safety, edits, steps in pool.fixes],
        "findings": rows,
    }  # fmt: skip


class _Pool:
    """Texts, fixes and rules by the number that stands for them, in the order in which they came."""

    def __init__(self, catalogue: Catalogue, places: Places, options: Options) -> None:
        self.texts: dict[str, int] = {"": 0}
        self.fixes: dict[tuple[str, str, bool, tuple[str, ...]], int] = {}
        self.rules: dict[tuple[str, str, str], int] = {}
        self._titles = service_titles(catalogue)
        self._places = places
        self._options = options

    def row(self, finding: Finding) -> list[Any]:
        """The finding as `page/report.js` takes it apart, in this order."""
        where = finding.location
        return [
            self.rules.setdefault((finding.rule, finding.name, finding.category), len(self.rules)),
            finding.severity.rank,
            finding.confidence.rank,
            self._text(where.path),
            where.line,
            where.column,
            self._text(finding.message),
            self._text(service_label(finding, self._titles)),
            self._text(credential_label(finding)),
            self._text(finding.url or ""),
            _SAFETY[applicable(finding)],
            [self._fix((fix.title, fix.safety.value, bool(fix.edits), fix.steps)) for fix in finding.fixes],
            self._code(where),
            [self._step(step.location, step.note, where) for step in finding.trail],
            [self._text(each) for each in finding.also],
            None if finding.suppressed is None else self._text(finding.suppressed),
            int(finding.baselined),
            self._change(finding),
        ]

    def _text(self, text: str) -> int:
        return self.texts.setdefault(neutral(text), len(self.texts))

    def _fix(self, fix: tuple[str, str, bool, tuple[str, ...]]) -> int:
        return self.fixes.setdefault(fix, len(self.fixes))

    def _step(self, at: Location, note: str, where: Location) -> list[Any]:
        code = None if (at.path, at.line) == (where.path, where.line) else self._code(at)
        return [self._text(at.path), at.line, at.column, self._text(note), code]

    def _change(self, finding: Finding) -> list[Any]:
        """What the first fix with edits writes: path, line, old lines, new lines of each hunk."""
        fix = next((fix for fix in finding.fixes if fix.edits), None)
        made = () if fix is None else hunks(fix, self._options, self._places)
        return [
            [self._text(hunk.path), hunk.line, [*map(self._text, hunk.old)], [*map(self._text, hunk.new)]]
            for hunk in made
        ]

    def _code(self, where: Location) -> list[int] | None:
        """The line's text, and from which character on how many of it are meant."""
        line = frame(where, self._places.get((where.path, where.line), ()), self._options)
        return None if line is None else [self._text(line.text), line.start, line.width]


def _rule(id: str, name: str, category: str, catalogue: Catalogue) -> list[str]:
    known = catalogue.rule_by_id.get(id)
    return [neutral(id), neutral(name), neutral(category), " ".join(known.why.split()) if known else ""]


def _subject(root: str) -> list[str]:
    """What was scanned: the name of the tree, where it comes from, branch and revision."""
    found = repository(root)
    top: Path | None = found.top if found else None
    if top is None:
        from pathlib import Path

        return [Path(root).absolute().name, "", "", ""]
    assert found is not None
    return [top.name, found.remote, found.branch, found.revision]
