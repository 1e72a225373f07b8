"""What one file gives: its bytes judged worth a look or not, its tokens found, its program evaluated."""

from __future__ import annotations

import gc
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from pat_audit.languages.known import NAMELESS, language_of
from pat_audit.paths import PathsByName
from pat_audit.prefilter import NO_FORMAT, Prefilter
from pat_audit.reading import NoFileError
from pat_audit.run_report import Problem
from pat_audit.source import LARGEST_PROGRAM, SAMPLE, Source, is_binary, is_wide

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pat_audit.catalogue import Catalogue
    from pat_audit.flow.observation import Observation
    from pat_audit.model import Finding
    from pat_audit.programs import Trace
    from pat_audit.reading import Raw
    from pat_audit.trees import Tree

_KEPT_SOURCES = 64
_WORTH_COLLECTING = 1024  # programs that may hold their hundred kilobytes each until somebody looks


class Part(NamedTuple):
    """A program of a batch: where its findings and problems end in the outcome's, and the modules that it led to."""

    path: str
    findings: int
    problems: int
    modules: frozenset[str]


class Asked(NamedTuple):
    """What evaluating a batch depended on: its programs one by one, and what was asked for to follow imports."""

    parts: list[Part]
    trace: Trace


class Outcome:
    """What some files gave: plain data that crosses processes. Paths are as the tree has them.

    `files` counts the texts among them, `uncounted` are the others, `marked` are those with a comment that suppresses
    findings, `programs` those whose code is worth evaluating. `asked` is there where somebody wants to know.
    """

    __slots__ = ("asked", "files", "findings", "marked", "problems", "programs", "uncounted")

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.problems: list[Problem] = []
        self.files = 0
        self.marked: list[str] = []
        self.programs: list[str] = []
        self.uncounted: list[str] = []
        self.asked: Asked | None = None


class Inspector:
    """Inspects files of one tree. What is costly to make is made when a file first needs it.

    `by_name` are the files that the tree wants, where several inspectors share them.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        tree: Tree,
        today: datetime.date | None,
        prefilter: Prefilter | None = None,
        *,
        recording: bool = False,
        by_name: PathsByName | None = None,
    ) -> None:
        self._recording = recording
        self._catalogue = catalogue
        self._tree = tree
        self._today = today
        self._prefilter = prefilter or Prefilter(catalogue)
        self._by_name = by_name or PathsByName(tree.wanted)
        self._sources: dict[str, Source | None] = {}
        self._scanner: Any = None
        self._judge: Any = None
        self._programs: Any = None
        self._forgotten = 0  # programs given up since garbage was last collected
        self._settings: Any = None

    def inspect(self, paths: Sequence[str], started: Callable[[str], None]) -> Outcome:
        """What these files hold as text, and which of them are programs to `evaluate`.

        Whatever goes wrong in one file is named as a problem and costs no other file anything, nor what was
        already found in it. `started` is told of each file before what may take long.
        """
        outcome = Outcome()
        self._sources.clear()
        for path in paths:
            try:
                self._inspect(path, outcome, started)
            except Exception as error:
                outcome.problems.append(Problem(path, f"not scanned to its end: {_crash(error)}", fatal=True))
        return outcome

    def ready(self, languages: Iterable[str]) -> None:
        """Have ready what evaluating takes, so that the processes that are forked from this one need not make it."""
        self._settings_by()
        self._judged_by()
        for language in languages:
            self._programs_by().program(language)

    def evaluate(self, paths: Sequence[str], started: Callable[[str], None]) -> Outcome:
        """What the code of these files does. They share what is learnt of the modules that they import.

        Problems as in `inspect`. No file of the outcome is counted: `inspect` has.
        """
        outcome = Outcome()
        self._sources.clear()
        if self._programs is not None:
            # What a program holds of its files grows: these share it and no more. Not at the end of a batch,
            # because after the last one the process ends anyway.
            self._programs.forget()
            self._forgotten += len(paths)
            if self._forgotten >= _WORTH_COLLECTING:
                gc.collect()
                self._forgotten = 0
        parts: list[Part] = []
        for path in paths:
            started(path)
            try:
                self._evaluate(path, outcome)
                if self._recording:
                    modules = self._programs_by().modules_of(path) if self._programs is not None else frozenset()
                    parts.append(Part(path, len(outcome.findings), len(outcome.problems), modules))
            except Exception as error:
                message = f"scanned as text, but not evaluated: {_crash(error)}"
                outcome.problems.append(Problem(path, message, fatal=True))
                self._programs_by().forget()
                parts.append(Part(path, len(outcome.findings), len(outcome.problems), frozenset()))
        if self._recording:
            outcome.asked = Asked(parts, self._programs_by().handed_on())
        return outcome

    def _inspect(self, path: str, outcome: Outcome, started: Callable[[str], None]) -> None:
        raw = self._read(path, outcome)
        if raw is None:
            outcome.uncounted.append(path)
            return
        source = None
        data = raw.data
        if data.find(b"\0", 0, SAMPLE) >= 0:
            if is_binary(data):
                outcome.uncounted.append(path)
                return
            if is_wide(data):
                source = Source(path, data)
                data = source.data
        outcome.files += 1
        language = language_of(path, data)
        formats = NO_FORMAT if language else self._prefilter.formats_of(path)
        verdict = self._prefilter.look(data, language, formats)
        if raw.size > len(raw.data) and (verdict or self._is_worth_more(path)):
            message = f"has {raw.size >> 20} MB, of which only the first {len(raw.data) >> 20} were scanned"
            outcome.problems.append(Problem(path, message))
        if verdict is None:
            return
        source = source or Source(path, data)
        if verdict.markers:
            outcome.marked.append(path)
        written: list[Finding] = []
        if verdict.tokens or verdict.urls:
            started(path)
            self._sources[path] = source
            written = self._written(source, verdict.tokens, verdict.urls)
            outcome.findings += written
        # A token that is written down is looked at again where it is used: what it signs in to says more.
        if (language or formats) and (verdict.program or written):
            if len(source.data) <= LARGEST_PROGRAM:
                outcome.programs.append(path)
            elif raw.size == len(raw.data):  # a larger one has been named
                message = f"has {len(source.data) >> 20} MB: too large to be evaluated, so scanned as text"
                outcome.problems.append(Problem(path, message))

    def _read(self, path: str, outcome: Outcome) -> Raw | None:
        try:
            return self._tree.read(path)
        except NoFileError:
            return None  # a link or a folder that took a file's place: what it leads to is listed by itself
        except FileNotFoundError:
            outcome.problems.append(Problem(path, "vanished before it could be read"))
        except OSError as error:
            message = f"cannot be read: {error.strerror or type(error).__name__}"
            outcome.problems.append(Problem(path, message, fatal=True))
        return None

    def _is_worth_more(self, path: str) -> bool:
        """Whether there is anything behind what is read of a large file."""
        return any(self._prefilter.look(chunk) for chunk in self._tree.rest(path))

    # --- text ---

    def _written(self, source: Source, tokens: bool, urls: bool) -> list[Finding]:
        found: list[Finding] = []
        if tokens:
            seen = self._tokens_by().find(source.data)
            if seen:
                found += self._judged_by().tokens(source, seen)
        if urls:
            from pat_audit.tokens.urls import find_url_credentials

            credentials = find_url_credentials(source.data)
            if credentials:
                found += self._judged_by().urls(source, credentials)
        return found

    def _tokens_by(self) -> Any:
        if self._scanner is None:
            from pat_audit.tokens.kept import token_scanner

            self._scanner = token_scanner(self._catalogue)
        return self._scanner

    def _judged_by(self) -> Any:
        if self._judge is None:
            from pat_audit.judge import Judge

            if self._today is None:
                import datetime

                self._today = datetime.date.today()
            self._judge = Judge(self._catalogue, self._tokens_by(), self._today, self._source)
        return self._judge

    # --- programs ---

    def _evaluate(self, path: str, outcome: Outcome) -> None:
        source = self._source(path)
        if source is None:
            return
        language = language_of(path, source.data)
        try:
            if not language:
                self._read_settings(source, outcome)
                return
            program = self._programs_by().program(language, path)
            observations: Sequence[Observation] = program.observe_file(path)
            if any(observation.act == "text" for observation in observations):
                observations = self._settings_by().resolved(path, source.data, observations)
        except (RecursionError, MemoryError):
            outcome.problems.append(Problem(path, "is nested too deeply to be evaluated, so scanned as text"))
            self._programs_by().forget()  # what it was in the middle of is not to be relied on
            return
        wanted = self._tree.wanted
        outcome.problems += (
            Problem(unread, reason)
            for unread, reason in program.unreadable.items()
            if unread in wanted and unread != NAMELESS
        )
        if path in program.cut_short:
            message = "is evaluated in part only: more follows from its calls than there is time for"
            outcome.problems.append(Problem(path, message))
        outcome.findings += (
            finding for finding in self._judged_by().observations(observations) if finding.path in wanted
        )

    def _settings_by(self) -> Any:
        if self._settings is None:
            from pat_audit.attribution import names_of
            from pat_audit.settings.texts import SettingsTexts

            self._settings = SettingsTexts(self._catalogue, names_of(self._catalogue), self._programs_by())
        return self._settings

    def _read_settings(self, source: Source, outcome: Outcome) -> None:
        observations, problem = self._settings_by().observe(source.path, source.data)
        if problem:
            outcome.problems.append(Problem(source.path, f"cannot be read to its end: {problem}"))
        outcome.findings += self._judged_by().observations(observations)

    def _programs_by(self) -> Any:
        if self._programs is None:
            from pat_audit.programs import Programs

            self._programs = Programs(self._catalogue, self._tree, self._source, self._prefilter, self._by_name)
        return self._programs

    def _source(self, path: str) -> Source | None:
        """A file of the tree as evidence, or None where there is no such text."""
        if path not in self._sources:
            try:
                raw = self._tree.read(path)
            except (OSError, NoFileError, ValueError):
                return None  # most are modules that are somewhere else
            if len(self._sources) >= _KEPT_SOURCES:
                del self._sources[next(iter(self._sources))]
            self._sources[path] = None if is_binary(raw.data) else Source(path, raw.data)
        return self._sources[path]


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look for garbage a thousand times less often: syntax trees and values are many, live long and are none.

    Half of an evaluation's time went into looking. What a batch leaves is collected when it is done.
    """
    before = gc.get_threshold()
    gc.set_threshold(1_000_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _crash(error: Exception) -> str:
    """The kind of an error and its place in our code: never its text, which may quote what was scanned."""
    import traceback

    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "pat_audit" in frame.filename]
    if not ours:
        return type(error).__name__
    name = os.path.basename(ours[-1].filename)  # noqa: PTH119
    return f"{type(error).__name__} in {name}, line {ours[-1].lineno}, which is a mistake in pat-audit"
