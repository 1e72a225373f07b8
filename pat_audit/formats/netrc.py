"""Reads `.netrc`: words that name a machine and how to log in there, in any arrangement of lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pat_audit.formats.lines import bounded
from pat_audit.formats.runs import text_of
from pat_audit.formats.settings import Setting

if TYPE_CHECKING:
    from collections.abc import Iterator

# A comment begins where a keyword could stand; a password may begin with its sign.
_WORD = re.compile(rb'"(?P<quoted>(?:[^"\\\r\n]|\\.)*+)"|(?P<word>\S++)')
_COMMENT = re.compile(rb"[^\r\n]*")
_MACRO = re.compile(rb".*?(?:\r?\n[ \t]*\r?\n|\Z)", re.S)
_VALUED = (b"login", b"password", b"account")


def read(data: bytes) -> list[Setting]:
    """What each machine is given: paths are `machine`, its name, and `login`, `password` or `account`.

    The machine's own name is the setting `("machine", name)`. Raises Unparsable where there are too many.
    """
    return bounded(_read(data))


def _read(data: bytes) -> Iterator[Setting]:
    machine: tuple[str, ...] = ("default",)
    position = 0
    while word := _WORD.search(data, position):
        position = word.end()
        keyword = word["word"] or b""
        if keyword.startswith(b"#"):
            comment = _COMMENT.match(data, word.start())
            position = comment.end() if comment else position
        elif keyword == b"default":
            machine = ("default",)
        elif keyword == b"macdef":
            macro = _MACRO.match(data, position)
            position = macro.end() if macro else len(data)
        elif keyword == b"machine" or keyword in _VALUED:
            value = _WORD.search(data, position)
            if value is None:
                return
            position = value.end()
            kind = "word" if value["quoted"] is None else "quoted"
            text = text_of(value[kind])
            if keyword == b"machine":
                machine = ("machine", text)
            part = () if keyword == b"machine" else (text_of(keyword),)
            yield Setting((*machine, *part), text, *value.span(kind), (), word.span())
