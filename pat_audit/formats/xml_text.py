"""Reads XML: attributes and text of every element; entities other than XML's own five stay as they are written.

The parser gets a text of the same length that refers to none of them, so that there is nothing to expand,
whatever a document type declares.
"""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple
from xml.parsers import expat

from pat_audit.formats.runs import Run, setting_of, text_of, width
from pat_audit.formats.settings import DEEPEST, MOST_SETTINGS, Setting, Unparsable

if TYPE_CHECKING:
    from collections.abc import Iterator

Path = tuple[str | int, ...]

_FOREIGN = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|\#\d{1,7}|\#x[0-9a-fA-F]{1,6});)", re.X)
_ATTRIBUTE = re.compile(rb"""\s++(?P<name>[^\s=<>"'/]+)\s*=\s*(?:"(?P<double>[^"]*+)"|'(?P<single>[^']*+)')""")
_REFERENCE = re.compile(rb"&(?:\#x([0-9a-fA-F]{1,6})|\#(\d{1,7})|(amp|lt|gt|quot|apos));", re.X)
_NAMED = {b"amp": "&", b"lt": "<", b"gt": ">", b"quot": '"', b"apos": "'"}
# What a tag looks like where the text is not well-formed, and what stands behind it.
_TAG = re.compile(rb"<(?P<end>/?)(?P<name>[A-Za-z_\x80-\xff][^\s<>/=\"']*+)(?P<rest>[^<>]*+)>(?P<text>[^<]*+)")
_REFUSED = re.compile(rb"[\0-\x08\x0b\x0c\x0e-\x1f]")


def read(data: bytes) -> list[Setting]:
    """The settings of XML: `@name` for an attribute, `#text` for text, below the names of the elements.

    The second element of one name in its parent has 1 behind its name, the third 2, so that what stands in
    one element has one parent path and no other element has it. Raises Unparsable for text that is not
    well-formed; behind the fault tags are read as they come.
    """
    if not data.strip():
        return []
    given = _REFUSED.sub(b" ", data)
    given = _FOREIGN.sub(b"?", given)
    reader = _Reader(data, given)
    problem = reader.run()
    if problem:
        raise Unparsable(problem, reader.settings)
    return reader.settings


class _Element(NamedTuple):
    """An open element: its path, how many children of each name it has had, its text so far."""

    name: str
    path: Path
    counts: dict[str, int]
    runs: list[Run]


class _Reader:
    """The state of reading one file. `given` is what the parser gets for `data`, byte for byte."""

    def __init__(self, data: bytes, given: bytes) -> None:
        self._data = data
        self._given = given
        self._changed = data != given
        self._parser = expat.ParserCreate("utf-8")
        self._parser.specified_attributes = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._open = [_Element("", (), {}, [])]
        self.settings: list[Setting] = []

    def run(self) -> str:
        """Reads the whole text and says what is wrong with it, or nothing."""
        try:
            self._parser.Parse(self._given, True)
        except expat.ExpatError as error:
            problem = f"line {error.lineno}: {expat.ErrorString(error.code)}"
            with suppress(Unparsable):
                fault = self._parser.ErrorByteIndex
                opened = self._given.rfind(b"<", 0, fault + 1)  # the fault may be in the middle of a tag
                self._go_on(fault if b">" in self._given[opened:fault] else max(opened, 0))
            return problem
        except Unparsable as error:
            return f"line {self._parser.CurrentLineNumber}: {error}"
        return ""

    def _go_on(self, position: int) -> None:
        """Reads the tags behind a fault. One that closes what is not open closes nothing."""
        for tag in _TAG.finditer(self._given, position):
            name = text_of(tag["name"])
            if not tag["end"]:
                path = self._enter(name)
                self._attributes(path, tag.end("name"), sys.maxsize)
                text = tag["text"].strip()
                if text and not tag["rest"].endswith(b"/"):
                    start = tag.end("text") - len(tag["text"].lstrip())
                    runs = list(_unescaped(self._data[start : start + len(text)], start))
                    self._add(setting_of((*path, "#text"), runs, start, start + len(text), (start, start)))
            if tag["end"] or tag["rest"].endswith(b"/"):
                depth = len(self._open) - 1
                while depth and self._open[depth].name != name:
                    depth -= 1
                del self._open[depth or len(self._open) :]

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        path = self._enter(name)
        if attributes:
            self._attributes(path, self._parser.CurrentByteIndex + 1 + width(name), len(attributes))

    def _enter(self, name: str) -> Path:
        parent, counts = self._open[-1].path, self._open[-1].counts
        if len(self._open) > DEEPEST:
            raise Unparsable(f"more than {DEEPEST} levels")
        number = counts.get(name, 0)
        counts[name] = number + 1
        path: Path = (*parent, name, number) if number else (*parent, name)
        self._open.append(_Element(name, path, {}, []))
        return path

    def _attributes(self, path: Path, position: int, count: int) -> None:
        while count and (attribute := _ATTRIBUTE.match(self._data, position)):
            count -= 1
            position = attribute.end()
            kind = "double" if attribute["single"] is None else "single"
            start, end = attribute.span(kind)
            runs = list(_unescaped(attribute[kind], start))
            name = "@" + text_of(attribute["name"])
            self._add(setting_of((*path, name), runs, start, end, attribute.span("name")))

    def _text(self, text: str) -> None:
        if len(self._open) == 1:
            return
        start = self._parser.CurrentByteIndex
        runs = self._open[-1].runs
        if not runs and text.isspace():
            return
        if self._changed and "?" in text:
            text = text_of(self._data[start : start + width(text)])
        runs.append(Run(text, start))

    def _end(self, name: str) -> None:
        _, path, _, runs = self._open.pop()
        while runs and runs[-1].text.isspace():
            runs.pop()
        if not runs:
            return
        text, start = runs[0]
        kept = text.lstrip()
        runs[0] = Run(kept, start + width(text) - width(kept))
        runs[-1] = Run(runs[-1].text.rstrip(), runs[-1].start)
        end = runs[-1].start + width(runs[-1].text)
        if self._data[runs[-1].start : runs[-1].start + 1] == b"&":
            end = self._data.find(b";", runs[-1].start) + 1 or end
        start = runs[0].start
        self._add(setting_of((*path, "#text"), runs, start, end, (start, start)))

    def _add(self, setting: Setting) -> None:
        if len(self.settings) == MOST_SETTINGS:
            raise Unparsable(f"more than {MOST_SETTINGS} values")
        self.settings.append(setting)


def _unescaped(raw: bytes, start: int) -> Iterator[Run]:
    done = 0
    for reference in _REFERENCE.finditer(raw) if b"&" in raw else ():
        yield Run(text_of(raw[done : reference.start()]), start + done)
        yield Run(_meaning(reference), start + reference.start())
        done = reference.end()
    yield Run(text_of(raw[done:]), start + done)


def _meaning(reference: re.Match[bytes]) -> str:
    hexadecimal, decimal, name = reference.groups()
    if name:
        return _NAMED[name]
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return "\ufffd" if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else chr(code)
