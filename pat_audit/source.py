"""One file's text: decoded once, analysed as UTF-8 bytes, and able to say where a byte stands."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pat_audit.model import Location, Span

LARGEST_TEXT = 16 * 1024 * 1024
"""Bytes of one file that are looked into; that a larger file has more is named as a problem."""

LARGEST_PROGRAM = 2 * 1024 * 1024
"""Bytes of one program that are parsed and evaluated; a larger one is scanned as text and named as a problem.

A syntax tree is some hundred times the size of its source: this bounds a worker to a few hundred megabytes.
"""

SAMPLE = 8192
"""Bytes at the start of a file by which a binary file is told from text."""

# What a mark at the start of a file says of its encoding; UTF-32 first, whose mark begins as UTF-16's does.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Formats that no one writes a program or a setting in; all others are told by their control characters.
_BINARY_STARTS = (
    b"\x7fELF", b"MZ\x90", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\0asm",
    b"!<arch>\n", b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"7z\xbc\xaf\x27\x1c",
    b"\x28\xb5\x2f\xfd",
    b"Rar!\x1a\x07", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"RIFF", b"OggS", b"ID3",
    b"%PDF-", b"wOFF", b"wOF2", b"SQLite format 3\0", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
)  # fmt: skip

_TEXT_CONTROLS = b"\b\t\n\f\r\x1b"
_CONTROLS = bytes(code for code in range(32) if code not in _TEXT_CONTROLS)

# Compiled when first used: most runs meet no text that is not ASCII.
_COOKIE = rb"[ \t\f]*#[^\n\r]*?coding[:=][ \t]*([-\w.]+)"

# A cookie may name any codec of the running Python; some are slower than linear (punycode) or keep state
# between characters, so that no byte has a place of its own. These are the ones that keep ASCII as it is.
_TRUSTED_CODECS = (
    r"utf-8|ascii|iso8859-\d+|latin-1|cp(?:125\d|437|85\d|86\d|874|932|949|950)|koi8-[rtu]|mac-\w+"
    r"|gb2312|gbk|gb18030|big5|big5hkscs|euc_jp|euc_kr|shift_jis"
)


class Source:
    """The text of one file, whatever its encoding.

    `path` is what people read (posix separators, undecodable bytes escaped). `raw` is what stands on disk,
    `data` the same text as UTF-8 without a byte order mark: all analysis and every span it makes is in
    offsets of `data`, while a `Location` carries offsets of `raw`, because that is what a fix edits.
    `encoding` is the codec of `raw`, `mark` the byte order mark that it starts with, or nothing.
    """

    __slots__ = ("_ascii", "_column", "_raw_point", "_starts", "data", "encoding", "mark", "path", "raw")

    def __init__(self, path: str, raw: bytes) -> None:
        self.path = path
        self.raw = raw
        self.data, self.encoding, self.mark = decode(raw)
        self._ascii: bool | None = None
        self._starts: list[int] | None = None
        # The last place asked for. Findings come in order, so that many on one endless line, or in one large
        # file of another encoding, cost one walk over it and not one each.
        self._column = (0, 0, 0)  # offset of a line's start, an offset on that line, code points between
        self._raw_point = (0, len(self.mark))  # an offset in data, the same place in raw

    @property
    def had_mark(self) -> bool:
        """Whether the file starts with a byte order mark."""
        return bool(self.mark)

    @property
    def starts(self) -> list[int]:
        """The offset in `data` of each line's start; lines end as Python's do (LF, CRLF, lone CR)."""
        if self._starts is None:
            ends = accumulate(map(len, self.data.splitlines(keepends=True)))
            self._starts = [0, *ends]
            if len(self._starts) > 1 and self.data[-1:] not in (b"\n", b"\r"):
                self._starts.pop()  # the last line has no end, so that nothing starts after it
        return self._starts

    def location(self, span: Span) -> Location:
        """Where a span of `data` stands: 1-based lines, 1-based columns in code points, offsets in `raw`.

        What is broken off ends with the text.
        """
        from pat_audit.model import Location, Span  # a run without findings places nothing

        span = Span(min(span.start, len(self.data)), min(span.end, len(self.data)))
        line, column = self.position(span.start)
        end_line, end_column = self.position(span.end)
        return Location(self.path, line, column, end_line, end_column, self.raw_span(span))

    def position(self, offset: int) -> tuple[int, int]:
        """The 1-based line and the 1-based column in code points of an offset in `data`."""
        line = bisect_right(self.starts, offset)
        return line, self._code_points(self.starts[line - 1], offset) + 1

    def line(self, number: int) -> str:
        """The text of line `number` (1-based) without its end, or nothing if there is no such line."""
        if not 1 <= number <= len(self.starts):
            return ""
        start = self.starts[number - 1]
        end = self.starts[number] if number < len(self.starts) else len(self.data)
        return self.data[start:end].decode("utf-8", "replace").rstrip("\r\n")

    def raw_span(self, span: Span) -> Span:
        """The bytes of `raw` that hold the text of a span of `data`."""
        from pat_audit.model import Span

        return Span(self._raw_offset(span.start), self._raw_offset(span.end))

    def _raw_offset(self, offset: int) -> int:
        if self.encoding == "utf-8":
            return offset + len(self.mark)
        known, place = self._raw_point
        if offset < known:
            known, place = 0, len(self.mark)
        between = self.data[known:offset].decode("utf-8", "replace").encode(self.encoding, "replace")
        # half a character at the end became a whole one
        place = min(place + len(between), len(self.raw))
        self._raw_point = (offset, place)
        return place

    def _code_points(self, start: int, offset: int) -> int:
        if self._ascii is None:
            self._ascii = self.data.isascii()
        if self._ascii:
            return offset - start
        line, known, count = self._column
        if line != start or offset < known:
            known, count = start, 0
        count += len(self.data[known:offset].decode("utf-8", "replace"))
        self._column = (start, offset, count)
        return count


def decode(raw: bytes) -> tuple[bytes, str, bytes]:
    """What a file's bytes say: its text as UTF-8 without a mark, its codec, its byte order mark.

    Never fails: bytes that are no UTF-8, have no mark and no coding cookie that fits are read as Latin-1,
    in which every byte has a meaning, so that ASCII in the file (and every token is ASCII) is found all the
    same and offsets stay those of the file.
    """
    for mark, codec in _MARKS:
        if raw.startswith(mark):
            if codec == "utf-8":
                return _as_utf8(raw[len(mark) :], mark)
            return _recoded(raw[len(mark) :], codec), codec, mark
    if raw.isascii() and b"\0" not in raw:
        return raw, "utf-8", b""
    wide = _unmarked_utf16(raw)
    if wide:
        return _recoded(raw, wide), wide, b""
    named = _named_codec(raw)
    if named:
        try:
            return raw.decode(named).encode("utf-8"), named, b""
        except (UnicodeDecodeError, UnicodeEncodeError):
            pass  # the cookie does not tell the truth, and a file is read by what it holds
    return _as_utf8(raw, b"")


def is_binary(raw: bytes) -> bool:
    """Whether these bytes (a file, or at least its first 8192) are no text in any encoding we know.

    A known format's first bytes decide, or a NUL together with more control characters than text has.
    A stray NUL in a text leaves it a text: nothing may hide behind one.
    """
    if raw.startswith(_BINARY_STARTS):
        return True
    sample = raw[:SAMPLE]
    if b"\0" not in sample:
        return False
    if any(sample.startswith(mark) for mark, _ in _MARKS) or _unmarked_utf16(sample):
        return False
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return controls * 20 > len(sample)


def is_wide(raw: bytes) -> bool:
    """Whether the text is in UTF-16 or UTF-32, whose bytes cannot be searched for ASCII words."""
    if raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or raw[:4] == codecs.BOM_UTF32_BE:
        return True
    return b"\0" in raw[:SAMPLE] and bool(_unmarked_utf16(raw))


def display_path(path: str) -> str:
    """A path as people read it: posix separators, control characters and undecodable bytes escaped."""
    if path.isprintable():
        return path
    return "".join(
        character
        if character.isprintable()
        else f"\\x{ord(character) & 0xFF:02x}"
        if ord(character) < 256 or 0xDC80 <= ord(character) <= 0xDCFF
        else f"\\u{ord(character):04x}"
        for character in path
    )


def _as_utf8(raw: bytes, mark: bytes) -> tuple[bytes, str, bytes]:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        # a mark that lies is part of the text: it keeps its bytes, so that offsets stay those of the file
        return (mark + raw).decode("latin-1").encode("utf-8"), "latin-1", b""
    return raw, "utf-8", mark


def _recoded(raw: bytes, codec: str) -> bytes:
    """The text as UTF-8; what does not decode becomes U+FFFD, which takes one code unit as it did."""
    return raw.decode(codec, "replace").encode("utf-8", "replace")


def _unmarked_utf16(raw: bytes) -> str:
    """The UTF-16 codec that a file without a mark is in, or nothing: PowerShell and regedit write such files.

    Western text has a NUL in nearly every second byte and in no other.
    """
    sample = raw[: SAMPLE & ~1]
    if len(sample) < 4:
        return ""
    even, odd = sample[::2], sample[1::2]
    for codec, high, low in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if high.count(0) * 10 >= len(high) * 7 and not low.count(0):
            return codec
    return ""


def _named_codec(raw: bytes) -> str:
    """The codec that a PEP 263 cookie in the first two lines names, if it is one that can be trusted."""
    for line in raw[:1024].splitlines()[:2]:
        cookie = re.match(_COOKIE, line)
        if cookie:
            try:
                name = codecs.lookup(cookie[1].decode("ascii", "replace")).name
            except LookupError:
                return ""
            return name if name != "utf-8" and re.fullmatch(_TRUSTED_CODECS, name) else ""
    return ""
