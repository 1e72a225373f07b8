"""The rule loader: a file is built, or refused by mistakes that name it; nothing else ever comes out."""

from __future__ import annotations

import tempfile
from pathlib import Path

from pat_audit import packed
from pat_audit.catalogue import CatalogueError
from pat_audit.rules_folder import LAYOUT, read_folders
from pat_audit.strict_yaml import build

from ..seeds import rule_files
from ..target import Target

_PLACES = {
    section: next((path for path, _ in rule_files() if path.split("/")[0] == section), f"{section}/a.yaml")
    for section in LAYOUT
}


def rule_text(data: bytes) -> None:
    """One document: the first byte says which kind of file it stands for."""
    sections = sorted(LAYOUT)
    section = sections[(data[0] if data else 0) % len(sections)]
    text = data[1:].decode("utf-8", "replace")
    _, kind = LAYOUT[section]
    built, mistakes = build(text, kind, "rules/file.yaml")
    assert (built is None) == bool(mistakes)
    for mistake in mistakes:
        assert mistake.file == "rules/file.yaml"
        # the end of the text is on a line of its own to libyaml
        assert 0 <= mistake.line <= sum(map(text.count, "\n\r\x85\u2028\u2029")) + 2
        assert mistake.message
    if built is not None and section != "examples":
        assert packed.unpack(packed.pack((built,))) == (built,), "what is kept is not what was built"


def rule_folder(data: bytes) -> None:
    """A folder with one file of our own making: it is read, or refused by name."""
    sections = sorted(_PLACES)
    place = _PLACES[sections[(data[0] if data else 0) % len(sections)]]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / place
        file.parent.mkdir(parents=True)
        file.write_bytes(data[1:])
        try:
            read_folders([Path(folder)])
        except CatalogueError as error:
            assert error.mistakes  # noqa: PT017
            assert all(Path(place).name in mistake.file for mistake in error.mistakes)  # noqa: PT017


def _seeds() -> list[bytes]:
    sections = sorted(LAYOUT)
    return [bytes((sections.index(path.split("/")[0]),)) + text for path, text in rule_files()[::4] if len(text) < 6000]


TARGETS = (Target("rule-text", rule_text, _seeds), Target("rule-folder", rule_folder, _seeds))
