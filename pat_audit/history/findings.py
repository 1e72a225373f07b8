"""Findings about what is written down in a history: one for each secret and path, however many versions hold it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pat_audit.history.commits import Change, Commit
from pat_audit.judge import Judge
from pat_audit.model import Appearance, Finding
from pat_audit.settle import settle
from pat_audit.source import Source
from pat_audit.suppress import apply
from pat_audit.tokens.kept import token_scanner
from pat_audit.tokens.urls import find_url_credentials

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from pat_audit.catalogue import Catalogue
    from pat_audit.model import Secret

_Key = tuple["Secret", str]


class Reader:
    """Says of one version of a file what is written down in it."""

    def __init__(self, catalogue: Catalogue, today: datetime.date, foreign: bool) -> None:
        self._catalogue = catalogue
        self._scanner = token_scanner(catalogue)
        self._source = Source("", b"")
        self._judge = Judge(catalogue, self._scanner, today, lambda path: self._source)
        self._ranks = {rule.id: rule.rank for rule in catalogue.rules}
        self._foreign = foreign

    def read(self, path: str, raw: bytes) -> dict[_Key, tuple[Finding, str]]:
        """By secret and rule: the finding about it, suppressed or not, and the text of its line."""
        self._source = source = Source(path, raw)
        secrets: dict[tuple[str, int, int], Secret] = {}
        found: list[Finding] = []
        for token in self._scanner.find(source.data):
            self._note(secrets, found, self._judge.tokens(source, [token]), token.secret)
        for url in find_url_credentials(source.data):
            if url.secret is not None:
                self._note(secrets, found, self._judge.urls(source, [url]), url.secret)
        texts = {path: source.data}
        settled = settle(found, self._ranks)
        judged = apply(settled, texts, self._catalogue.rule_names, enabled=(), foreign=self._foreign)
        return {
            (secrets[_place(finding)], finding.rule): (finding, source.line(finding.location.line))
            for finding in judged
            if _place(finding) in secrets
        }

    @staticmethod
    def _note(
        secrets: dict[tuple[str, int, int], Secret], found: list[Finding], new: Iterable[Finding], secret: Secret
    ) -> None:
        for finding in new:
            secrets[_place(finding)] = secret
            found.append(finding)


def _place(finding: Finding) -> tuple[str, int, int]:
    return finding.rule, finding.location.span.start, finding.location.span.end


@dataclass(slots=True)
class _Known:
    """One secret at one path: its finding in its first version, and all versions that hold it."""

    finding: Finding
    line: str
    first: Commit
    blobs: set[str] = field(default_factory=set)


def findings(
    hits: Collection[str],
    changes: Sequence[Change],
    present: Collection[tuple[str, str]],
    text: Callable[[str], bytes | None],
    reader: Reader,
) -> Iterator[tuple[Finding, str]]:
    """A finding for each secret and path, with the text of its line, from the blobs that hold something.

    `changes` are those that have to do with these blobs, from the oldest on; `present` are those in the latest
    commit, with their paths; `text` gives a blob's bytes.
    """
    known: dict[tuple[str, _Key], _Known] = {}
    placed: set[tuple[str, str]] = set()
    brought = [change for change in changes if change.new in hits]
    for change in [*brought, *_in_no_commit(hits, brought, present)]:
        if (change.new, change.path) in placed:
            continue
        placed.add((change.new, change.path))
        raw = text(change.new)
        for key, (finding, line) in reader.read(change.path, raw).items() if raw is not None else ():
            one = known.setdefault((change.path, key), _Known(finding, line, change.commit))
            one.blobs.add(change.new)
            one.finding = replace(one.finding, suppressed=finding.suppressed)  # the latest word counts
    ends = _ends(known, changes)
    for (path, key), one in known.items():
        if any((blob, path) in present for blob in one.blobs):
            appearance = Appearance("present", one.first.id, one.first.date)
        elif not one.first.id:
            appearance = Appearance("dangling")
        else:
            end = ends.get((path, key))
            gone = Appearance("elsewhere", one.first.id, one.first.date)
            appearance = gone if end is None else replace(gone, state="removed", removed_in=end.id, removed_on=end.date)
        yield replace(one.finding, message=_message(one.finding, appearance), history=appearance), one.line


def _in_no_commit(
    hits: Collection[str], brought: Sequence[Change], present: Collection[tuple[str, str]]
) -> Iterator[Change]:
    seen = {change.new for change in brought}
    paths = dict(present)
    for blob in sorted(set(hits) - seen):
        yield Change(Commit("", ""), paths.get(blob, f"(blob {blob[:12]})"), "", blob)


def _ends(known: dict[tuple[str, _Key], _Known], changes: Sequence[Change]) -> dict[tuple[str, _Key], Commit]:
    """For each secret and path the latest commit that took it away."""
    by_path: dict[str, list[tuple[tuple[str, _Key], set[str]]]] = {}
    for place, one in known.items():
        by_path.setdefault(place[0], []).append((place, one.blobs))
    ends: dict[tuple[str, _Key], Commit] = {}
    for change in changes:
        for place, blobs in by_path.get(change.path, ()):
            if change.old in blobs and change.new not in blobs:
                ends[place] = change.commit
    return ends


def _message(finding: Finding, appearance: Appearance) -> str:
    since = f"since {appearance.commit[:12]} ({appearance.date[:10]})"
    gone = f"removed in {appearance.removed_in[:12]} ({appearance.removed_on[:10]})"
    said = {
        "present": f"{since}, still there",
        "removed": f"{since}, {gone}, and still in the history",
        "elsewhere": f"{since}, on no way to the latest commit",
        "dangling": "in no commit, and still in the repository's objects",
    }
    return f"{finding.message}: {said[appearance.state]}"
