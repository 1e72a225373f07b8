"""Reads rules folders file by file into a catalogue, and collects every mistake on the way."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pat_audit import vocabulary
from pat_audit.boundary import leads_out
from pat_audit.catalogue import SECTIONS, Catalogue, CatalogueError
from pat_audit.nearest import did_you_mean
from pat_audit.strict_yaml import LARGEST, Mistake, build

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.resources.abc import Traversable

# Folder under a rules folder -> section of the catalogue, what a file of it is, how deep its files lie.
LAYOUT: dict[str, tuple[str, type[Any]]] = {
    "checks": ("rules", vocabulary.Rule),
    "credentials": ("credentials", vocabulary.CredentialKind),
    "services": ("services", vocabulary.Service),
    "libraries": ("libraries", vocabulary.Library),
    "recipes": ("recipes", vocabulary.Recipe),
    "definitions": ("definitions", vocabulary.Definition),
    "formats": ("formats", vocabulary.Format),
    "templates": ("templates", vocabulary.Template),
    "examples": ("examples", vocabulary.FurtherExamples),
}
_BY_LANGUAGE = frozenset({"libraries", "examples"})  # folders whose files stand in one folder for each language
_COMMANDS = ("commands", vocabulary.CommandLibrary)


@dataclass(frozen=True, slots=True)
class Entry:
    """One object of the catalogue and the file that it stands in."""

    section: str
    file: str
    value: Any


def read_folders(folders: Sequence[Traversable]) -> Catalogue:
    """Read folders laid out like `rules/` and check that they fit together.

    Raises CatalogueError with every mistake of every file, in the order of the files.
    """
    from pat_audit.catalogue_checks import cross_check

    entries, mistakes = read_entries(folders)
    # What refers to a file that did not build would only repeat that file's mistake.
    if not mistakes:
        mistakes = cross_check(entries)
    if mistakes:
        raise CatalogueError(mistakes)
    parts = {name: [entry.value for entry in entries if entry.section == name] for name in SECTIONS}
    parts["rules"] = sorted(with_examples(parts["rules"], entries), key=lambda rule: rule.id)
    return Catalogue(**parts)


def with_examples(rules: Sequence[Any], entries: Sequence[Entry]) -> list[Any]:
    """The rules with the examples that stand in files of their own behind those that they bring."""
    further: dict[str, list[Any]] = {}
    for entry in entries:
        if entry.section == "examples":
            further.setdefault(entry.value.rule, []).extend(entry.value.examples)
    return [
        replace(rule, examples=(*rule.examples, *further[rule.id])) if rule.id in further else rule for rule in rules
    ]


def read_entries(folders: Sequence[Traversable]) -> tuple[list[Entry], list[Mistake]]:
    """Every object of the folders, and every mistake that keeps a file from being one."""
    entries: list[Entry] = []
    mistakes: list[Mistake] = []
    for folder in folders:
        if not folder.is_dir():
            mistakes.append(Mistake(_shown(folder), 0, "", "there is no rules folder here: name one that exists"))
            continue
        found = 0
        for section, kind, file, language in _files(folder, mistakes):
            found += 1
            name = _shown(file)
            if isinstance(file, Path) and not _is_installed(file) and leads_out(str(file)):
                mistakes.append(Mistake(name, 0, "", "this is a link that leads out of the repository"))
                continue
            try:
                with file.open("rb") as stream:
                    text = stream.read(LARGEST * 4 + 1).decode("utf-8-sig")  # what is larger is refused by its length
            except (OSError, UnicodeDecodeError) as error:
                mistakes.append(Mistake(name, 0, "", f"this cannot be read as UTF-8 text: {error}"))
                continue
            value, wrong = build(text, kind, name)
            mistakes += wrong
            if value is None:
                continue
            if language and section == "examples":
                wrong = _misplaced(value, language, name)
                mistakes += wrong
                if wrong:
                    continue
            elif language and value.language != language:
                message = f"this is {value.language!r}, but the file stands under libraries/{language}/"
                mistakes.append(Mistake(name, 0, "language", message))
                continue
            entries.append(Entry(section, name, value))
        if not found and not mistakes:
            known = ", ".join(f"{name}/" for name in LAYOUT)
            mistakes.append(Mistake(_shown(folder), 0, "", f"no rules here: the .yaml files belong in {known}"))
    return entries, mistakes


def _files(folder: Traversable, mistakes: list[Mistake]) -> Iterator[tuple[str, type[Any], Traversable, str]]:
    for part in sorted(folder.iterdir(), key=lambda each: each.name):
        if part.name.startswith((".", "__")) or (part.is_file() and not _is_yaml(part.name)):
            continue
        if part.name not in LAYOUT or not part.is_dir():
            message = f"this does not belong in a rules folder{did_you_mean(part.name, LAYOUT)}"
            mistakes.append(Mistake(_shown(part), 0, "", message))
            continue
        section, kind = LAYOUT[part.name]
        if part.name not in _BY_LANGUAGE:
            yield from ((section, kind, file, "") for file in _yaml_files(part, mistakes))
            continue
        for language in sorted(part.iterdir(), key=lambda each: each.name):
            if language.is_dir() and not language.name.startswith((".", "__")):
                what = _COMMANDS if (part.name, language.name) == ("libraries", "command") else (section, kind)
                yield from ((*what, file, language.name) for file in _yaml_files(language, mistakes))
            elif _is_yaml(language.name):
                mistakes.append(Mistake(_shown(language), 0, "", f"this belongs in {part.name}/<language>/"))


def _is_installed(file: Path) -> bool:
    """Whether a file came with an installed package: what it leads to, in a store of packages, came with it too."""
    places = [place for place in sys.path if place.endswith(("site-packages", "dist-packages"))]
    return any(file.is_relative_to(place) for place in places)


def _misplaced(value: Any, language: str, file: str) -> list[Mistake]:
    """Examples that do not stand in the folder of their language, or not in the file of their rule."""
    wrong = [
        Mistake(file, 0, f"examples[{number}].language", f"this stands under examples/{language}/")
        for number, example in enumerate(value.examples)
        if example.language != language
    ]
    if Path(file).stem != value.rule:
        wrong.append(Mistake(file, 0, "rule", f"the file's name must be {value.rule}.yaml"))
    return wrong


def _yaml_files(folder: Traversable, mistakes: list[Mistake]) -> Iterator[Traversable]:
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".yml"):
            mistakes.append(Mistake(_shown(file), 0, "", "rules files end in .yaml: rename it"))
        elif file.name.endswith(".yaml") and not file.name.startswith("."):
            if file.is_file():
                yield file
            else:
                mistakes.append(Mistake(_shown(file), 0, "", "this is not a file that can be read"))


def _is_yaml(name: str) -> bool:
    return name.endswith((".yaml", ".yml"))


def _shown(place: Traversable) -> str:
    """The path as a person would name it: relative to the working directory where it lies below."""
    if not isinstance(place, Path):
        return str(place)
    try:
        return str(place.relative_to(Path.cwd()))
    except ValueError:
        return str(place)


def plugin_folders(places: Sequence[str]) -> list[Path]:
    """The rules folders that packages installed in `places` name as `module` or `module:subfolder`.

    A package that is named but cannot be found gives a folder that does not exist, and so a clear message.
    """
    from importlib.metadata import distributions
    from importlib.util import find_spec

    folders = []
    for distribution in distributions(path=list(places)):
        for point in distribution.entry_points:
            if point.group != "pat_audit.rules":
                continue
            try:
                spec = find_spec(point.module)
            except ImportError:
                spec = None
            where = list(spec.submodule_search_locations or ()) if spec else []
            base = Path(where[0]) if where else Path(f"<entry point {point.name} of {distribution.name}>")
            folders.append(base / point.attr if point.attr else base)
    return folders
