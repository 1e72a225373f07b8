"""Which findings of a report a baseline knows, which are new, and which of its entries nothing needs."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pat_audit.baseline.entries import Entry, Key, placed
from pat_audit.baseline.renames import renames
from pat_audit.baseline.written_secrets import written_secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pat_audit.baseline.witness import Witness
    from pat_audit.model import Finding
    from pat_audit.tokens.scan import TokenScanner

ABOUT_THE_RUN = "run"
"""The category of findings that no baseline takes: they are about suppressions and about itself."""


@dataclass(frozen=True, slots=True)
class Match:
    """What came of comparing a report with a baseline.

    `known` has for each known finding its entry, `changed` the findings at whose place the baseline knows another
    secret, `stale` the entries that no finding is left for. `secrets` are those of the findings that have any,
    `unsure` counts those of which nobody could say whether they are the ones that were accepted.
    """

    known: dict[Finding, Entry] = field(default_factory=dict)
    changed: set[Finding] = field(default_factory=set)
    stale: list[Entry] = field(default_factory=list)
    secrets: dict[Finding, frozenset[str]] = field(default_factory=dict)
    unsure: int = 0
    shallow: bool = False


@dataclass(frozen=True, slots=True)
class Looked:
    """How matching sees the run: the bytes of a file by its shown path, and what takes secrets out of text."""

    read: Callable[[str], bytes | None]
    mask: Callable[[str], str]
    scanner: Callable[[], TokenScanner]
    staged: bool = False


def keyed(findings: Iterable[Finding], file: str, mask: Callable[[str], str]) -> dict[Finding, Key]:
    """The key of each finding that a baseline may know: neither silenced nor about the run."""
    count: dict[Key, int] = defaultdict(int)
    keys: dict[Finding, Key] = {}
    for finding in findings:
        if finding.suppressed is None and finding.category != ABOUT_THE_RUN:
            key = Key(
                placed(finding.path, file), finding.rule, mask(finding.credential or ""), finding.service or "",
                mask(finding.url or ""),
            )  # fmt: skip
            count[key] += 1
            keys[finding] = replace(key, nth=count[key])
    return keys


def match(findings: Sequence[Finding], entries: Sequence[Entry], file: str, looked: Looked, witness: Witness) -> Match:
    """Compare the findings of a report, in their order, with the entries of the baseline `file`."""
    keys = keyed(findings, file, looked.mask)
    secrets = _secrets(keys, looked)
    alike: dict[Key, list[Finding]] = defaultdict(list)
    for finding, key in keys.items():
        alike[replace(key, nth=1)].append(finding)
    waiting: dict[Key, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda each: each.key):
        waiting[replace(entry.key, nth=1)].append(entry)
    pairs = _Pairs(secrets, witness)
    for key, known in waiting.items():
        pairs.pair(alike.get(key, []), known)
    left = [entry for known in waiting.values() for entry in known if not pairs.has(entry)]
    if left and any(finding not in pairs.known for finding in keys):
        for key, known in _moved(left, file, looked, witness).items():
            pairs.pair([each for each in alike.get(key, []) if each not in pairs.known], known)
        left = [entry for entry in left if not pairs.has(entry)]
    return Match(pairs.known, pairs.changed - set(pairs.known), left, secrets, pairs.unsure, witness.shallow)


class _Pairs:
    """Findings and the entries that know them."""

    def __init__(self, secrets: dict[Finding, frozenset[str]], witness: Witness) -> None:
        self._secrets = secrets
        self._witness = witness
        self._used: set[Entry] = set()
        self.known: dict[Finding, Entry] = {}
        self.changed: set[Finding] = set()
        self.unsure = 0

    def has(self, entry: Entry) -> bool:
        """Whether a finding was found for the entry."""
        return entry in self._used

    def pair(self, findings: Sequence[Finding], entries: Sequence[Entry]) -> None:
        """Pair findings and entries that are alike: those of which it is sure that the secret is the same first."""
        unsure: list[Finding] = []
        for finding in findings:
            secrets = self._secrets.get(finding)
            if not secrets:
                unsure.append(finding)
                continue
            words = {entry: self._witness.says(entry, secrets) for entry in entries if entry not in self._used}
            same = next((entry for entry, word in words.items() if word == "same"), None)
            if same is not None:
                self._know(finding, same)
            elif "unknown" in words.values():
                unsure.append(finding)
            elif words:
                self.changed.add(finding)
        for finding in unsure:
            secrets = self._secrets.get(finding, frozenset())
            for entry in entries:
                if entry not in self._used and (not secrets or self._witness.says(entry, secrets) == "unknown"):
                    self._know(finding, entry)
                    self.unsure += bool(secrets)
                    break

    def _know(self, finding: Finding, entry: Entry) -> None:
        self._used.add(entry)
        self.known[finding] = entry


def _moved(entries: Sequence[Entry], file: str, looked: Looked, witness: Witness) -> dict[Key, list[Entry]]:
    """The entries whose file was renamed, by the keys that their findings have now."""
    if witness.root is None:
        return {}
    folder = os.path.dirname(os.path.abspath(file))  # noqa: PTH100, PTH120
    inside = os.path.relpath(folder, witness.root).replace(os.sep, "/")
    went = renames(witness.root, [witness.commit(entry) for entry in entries], staged=looked.staged)
    found: dict[Key, list[Entry]] = defaultdict(list)
    for entry in entries:
        new = went.get(os.path.normpath(f"{inside}/{entry.key.path}").replace(os.sep, "/"))
        if new is not None:
            path = os.path.relpath(new, inside).replace(os.sep, "/")
            found[replace(entry.key, path=path, nth=1)].append(entry)
    return found


def _secrets(findings: Iterable[Finding], looked: Looked) -> dict[Finding, frozenset[str]]:
    found: dict[Finding, frozenset[str]] = {}
    for finding in findings:
        if finding.credential == "literal":
            raw = looked.read(finding.path)
            secrets = written_secrets(finding, raw, looked.scanner()) if raw is not None else frozenset()
            if secrets:
                found[finding] = secrets
    return found
