"""The programs of a tree that are evaluated, one for each language, and the files that they may lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.attribution import names_of
from pat_audit.flow.models import build_models
from pat_audit.flow.program import Program
from pat_audit.languages.known import SHELL, front_end
from pat_audit.settings.shell_texts import ShellTexts
from pat_audit.source import LARGEST_PROGRAM

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from pat_audit.catalogue import Catalogue
    from pat_audit.flow.language import Language, Layout
    from pat_audit.flow.models import Models
    from pat_audit.paths import PathsByName
    from pat_audit.prefilter import Prefilter
    from pat_audit.source import Source
    from pat_audit.trees import Tree


class Trace:
    """What was asked for so that imports could be followed.

    `touched` are files of the run that a layout looked at, `idle` are modules that would add nothing, with their
    language, `outside` are files that are not of the run, there or not; `folders` are those whose files, `names` and
    `endings` those by which files were asked for.
    """

    def __init__(self) -> None:
        self.touched: set[str] = set()
        self.idle: dict[str, str] = {}
        self.outside: set[str] = set()
        self.folders: set[str] = set()
        self.names: set[str] = set()
        self.endings: set[str] = set()


class Programs:
    """One program for each language, made when a file first needs it; `forget` starts them anew."""

    def __init__(
        self,
        catalogue: Catalogue,
        tree: Tree,
        source: Callable[[str], Source | None],
        prefilter: Prefilter,
        by_name: PathsByName,
    ) -> None:
        self._catalogue = catalogue
        self._tree = tree
        self._source = source
        self._prefilter = prefilter
        self._models: dict[str, Models] = {}
        self._programs: dict[str, Program] = {}
        self._files: dict[str, tuple[EvidenceFiles, Layout]] = {}  # where things are stays known
        self._by_name = by_name
        self._shell_texts = ShellTexts(lambda: self.program(SHELL), source)
        self.trace = Trace()

    def program(self, name: str, path: str = "") -> Program:
        """The program of one language, to be asked for the file `path`."""
        if name not in self._programs:
            self._programs[name] = self._made(name)
        self._files[name][0].asked_for.add(path)
        return self._programs[name]

    def modules_of(self, path: str) -> frozenset[str]:
        """The modules that a file led to, directly or through others."""
        found: set[str] = set()
        waiting = [path]
        while waiting:
            here = waiting.pop()
            for program in self._programs.values():
                new = program.led.get(here, set()) - found
                found |= new
                waiting += new
        return frozenset(found - {path})

    def handed_on(self) -> Trace:
        """What was asked for since this was last asked."""
        new, trace = Trace(), self.trace
        for name in vars(trace):
            kept = getattr(new, name)
            setattr(new, name, getattr(trace, name))
            setattr(trace, name, kept)
        return new

    def possibly_signs_in(self, language: str, data: bytes) -> bool:
        """Whether evaluating a program of that language with this text could find anything."""
        return self._prefilter.possibly_signs_in(data, language)

    def forget(self) -> None:
        """Give up what the programs hold of their files."""
        self._programs.clear()

    def _made(self, name: str) -> Program:
        language = front_end(name)
        if name not in self._models:
            know = self._catalogue
            self._models[name] = build_models(
                know.libraries_of(name), know.commands, know.services, name, language.caseless
            )
        if name not in self._files:
            made = EvidenceFiles(
                language, self._tree, self._source, self._prefilter, self._catalogue, self._by_name, self.trace
            )
            self._files[name] = made, language.layout(_LayoutFiles(made, self._tree.wanted, self.trace))
        files, layout = self._files[name]
        names = names_of(self._catalogue)
        made_ = Program(files, language, self._models[name], lambda word: names.kind(word) is not None, layout)
        made_.shell_text = self._shell_texts.run
        return made_


class EvidenceFiles:
    """The files of a tree as the modules of one language: those that could add something to a program."""

    def __init__(
        self,
        language: Language,
        tree: Tree,
        source: Callable[[str], Source | None],
        prefilter: Prefilter,
        catalogue: Catalogue,
        by_name: PathsByName,
        trace: Trace,
    ) -> None:
        self._trace = trace
        self._language = language
        self._tree = tree
        self._source = source
        self._prefilter = prefilter
        self._catalogue = catalogue
        self._by_name = by_name
        self._looked = 0
        self._adds: dict[str, bool] = {}  # whether a module adds anything, as far as that was asked
        self._beside: dict[str, tuple[str, ...]] = {}
        self.asked_for: set[str] = set()  # files that are evaluated themselves, not only led to

    def exists(self, path: str) -> bool:
        """Whether there is such a file, and something in it that could matter."""
        return self.read(path) is not None

    def read(self, path: str) -> bytes | None:
        """The text of a module, or None where there is none that could add anything."""
        adds = self._adds.get(path)
        if adds is False and path not in self.asked_for:
            return None
        source = self._source(path)
        if path not in self._tree.wanted:
            self._trace.outside.add(path)
        if source is None or len(source.data) > LARGEST_PROGRAM:
            self._adds[path] = False  # layouts ask for many files that there are not
            return None
        if path in self.asked_for or path.endswith(self._language.gateways):
            return source.data
        if adds is None:
            self._looked += len(source.data)  # a single file may import hundreds of modules
            self._prefilter = self._prefilter.for_more(self._catalogue, self._looked)
            adds = self._adds[path] = self._prefilter.possibly_evidence(source.data, self._language.name)
        if not adds and path in self._tree.wanted:
            self._trace.idle[path] = self._language.name
        return source.data if adds else None

    def beside(self, folder: str) -> tuple[str, ...]:
        """The paths of the files directly in a folder, sorted."""
        if folder not in self._beside:
            self._beside[folder] = tuple(sorted(self._tree.beside(folder)))
            self._trace.folders.add(folder)
        return self._beside[folder]

    def named(self, name: str) -> tuple[str, ...]:
        """The paths of the files of this run with that name, in lower case, in any folder, sorted."""
        self._trace.names.add(name)
        return self._by_name.named(name)

    def ending(self, *suffixes: str, below: str = "") -> tuple[str, ...]:
        """The paths of the files of this run whose names end so, sorted: all, or those below a folder."""
        self._trace.endings.update(suffixes)
        return self._by_name.ending(suffixes, f"{below}/" if below else "")


class _LayoutFiles:
    """The same files for a layout: what it looks at to find modules is noted."""

    def __init__(self, files: EvidenceFiles, wanted: Collection[str], trace: Trace) -> None:
        self._files = files
        self._wanted = wanted
        self._trace = trace
        self.beside = files.beside
        self.named = files.named
        self.ending = files.ending

    def exists(self, path: str) -> bool:
        """Whether there is such a file, and something in it that could matter."""
        return self.read(path) is not None

    def read(self, path: str) -> bytes | None:
        """The text of a file, or None where there is none that could add anything."""
        if path in self._wanted:
            self._trace.touched.add(path)
        return self._files.read(path)
