"""Says where the text of a YAML scalar stands: line by line, through folding, escapes and indentation."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from pat_audit.formats.runs import Run, setting_of
from pat_audit.formats.settings import Setting
from pat_audit.formats.yaml_templates import STAND_IN

if TYPE_CHECKING:
    from collections.abc import Iterator

_BREAK = r"(?:\r\n|[\n\r\x85\u2028\u2029])"
_FOLD = rf"(?P<fold>(?<![ \t])[ \t]*+{_BREAK}(?:[ \t]*+{_BREAK})*+[ \t]*+)"
_SPECIAL = {
    "": re.compile(_FOLD),
    "'": re.compile(rf"{_FOLD}|(?P<quote>'')"),
    '"': re.compile(
        rf"{_FOLD}|(?P<joint>\\{_BREAK}[ \t]*+)"
        r"|\\(?:x(?P<x>[0-9a-fA-F]{2})|u(?P<u>[0-9a-fA-F]{4})|U(?P<U>[0-9a-fA-F]{8})|(?P<other>.))"
    ),
}
_LINE_END = re.compile(_BREAK)
_ESCAPED = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b",
    "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip


class Text:
    """A YAML file's text as it is written and as its parser got it, which is as long.

    `base` is the byte offset in the file of the first character.
    """

    __slots__ = ("_above", "_base", "_extra", "given", "written")

    def __init__(self, written: str, given: str, base: int) -> None:
        self.written = written
        self.given = given
        self._base = base
        self._above: list[int] = []  # characters of more than one byte
        self._extra = [0]  # bytes that they take beyond one each, summed
        if not written.isascii():
            extra = 0
            for wide in re.finditer(r"[^\0-\x7f]", written):
                self._above.append(wide.start())
                extra += len(wide[0].encode("utf-8", "replace")) - 1
                self._extra.append(extra)

    def byte(self, character: int) -> int:
        """The byte offset in the file of a character."""
        if not self._above:
            return self._base + character
        return self._base + character + self._extra[bisect_left(self._above, character)]

    def original(self, value: str, start: int, end: int) -> str:
        """A scalar that is written in one piece, with the templates that stood there."""
        return self.written[start:end] if STAND_IN in value else value

    def setting(
        self, path: tuple[str | int, ...], value: str, style: str, span: tuple[int, int], key: tuple[int, int]
    ) -> Setting:
        """The setting that a scalar makes.

        `value` is what the parser read, `span` where the scalar stands, quotes and the block's header included,
        in characters; `key` is in bytes.
        """
        start, end = span
        if style in ("|", ">"):
            return self._block(path, value, style, span, key)
        if style:
            start, end = start + 1, end - 1
        first, last = self.byte(start), self.byte(end)
        if end - start == len(value):
            return Setting(path, self.original(value, start, end), first, last, (), key)
        return setting_of(path, list(self._flow_runs(style, start, end)), first, last, key)

    def _flow_runs(self, style: str, start: int, end: int) -> Iterator[Run]:
        done = start
        for special in _SPECIAL[style].finditer(self.given, start, end):
            yield Run(self.written[done : special.start()], self.byte(done))
            yield Run(_meaning(special), self.byte(special.start()))
            done = special.end()
        yield Run(self.written[done:end], self.byte(done))

    def _block(
        self, path: tuple[str | int, ...], value: str, style: str, span: tuple[int, int], key: tuple[int, int]
    ) -> Setting:
        lines = list(self._lines(*span))
        runs = list(self._literal_runs(value, lines) if style == "|" else self._folded_runs(value, lines))
        start = next((run.start for run in runs if run.text.strip()), self.byte(span[1]))
        end = self.byte(lines[-1][1]) if lines else start
        return setting_of(path, runs, start, max(start, end), key)

    def _lines(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Where each line below a block's header starts and ends, without what ends it."""
        header = _LINE_END.search(self.given, start, end)
        done = header.end() if header else end
        for line in _LINE_END.finditer(self.given, done, end):
            yield done, line.start()
            done = line.end()
        if done < end:
            yield done, end

    def _literal_runs(self, value: str, lines: list[tuple[int, int]]) -> Iterator[Run]:
        """Runs of a literal block: its lines are those of the value, one by one."""
        parts = value.split("\n")
        indent = next((end - start - len(part) for part, (start, end) in zip(parts, lines, strict=False) if part), 0)
        for number, part in enumerate(parts):
            if number < len(lines):
                start, end = lines[number]
                begin = max(start, end - len(part))
                if self.written[start:end] != self.given[start:end]:
                    text = self.written[start:end]
                    begin = start + min(indent, len(text) - len(text.lstrip()))
                    part = self.written[begin:end]
                yield Run(part, self.byte(begin))
                stop = end
            else:
                stop = lines[-1][1] if lines else 0
            if number < len(parts) - 1:
                yield Run("\n", self.byte(stop))

    def _folded_runs(self, value: str, lines: list[tuple[int, int]]) -> Iterator[Run]:
        """Runs of a folded block: its lines are looked for in the value, in order."""
        done = 0
        stop = lines[0][0] if lines else 0
        for start, end in lines:
            text = self.given[start:end]
            begin = start + len(text) - len(text.lstrip(" "))
            text = self.given[begin:end]
            found = value.find(text, done) if text else -1
            if found < 0 or value[done:found].strip():
                continue
            yield Run(value[done:found], self.byte(stop))
            yield Run(self.written[begin:end], self.byte(begin))
            done, stop = found + len(text), end
        yield Run(value[done:], self.byte(stop))


def _meaning(special: re.Match[str]) -> str:
    """What a fold, a doubled quote or an escape stands for."""
    kind = special.lastgroup
    written = special[0]
    if kind == "fold":
        breaks = len(_LINE_END.findall(written))
        return " " if breaks == 1 else "\n" * (breaks - 1)
    if kind == "quote":
        return "'"
    if kind == "joint":
        return ""
    if kind == "other":
        return _ESCAPED.get(special["other"], special["other"])
    code = int(written[2:], 16)
    return "\ufffd" if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else chr(code)
