"""Reads Jupyter notebooks: the source of each cell in one piece, what it printed, and the language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.formats import json_text
from pat_audit.formats.runs import Run, setting_of, text_of
from pat_audit.formats.settings import Setting, Unparsable

if TYPE_CHECKING:
    from collections.abc import Iterator

_SOURCES = ("source", "input")  # the second in notebooks of version 3
_LANGUAGES = (
    ("metadata", "language_info", "name"),
    ("metadata", "kernelspec", "language"),
    ("metadata", "polyglot_notebook", "kernelInfo", "defaultKernelName"),
)


def read(data: bytes) -> list[Setting]:
    """The cells of a notebook and its language.

    Paths are `("cells", number, "code")`, or `markdown` or `raw`; `("cells", number, "output")` for each text
    that a cell printed; `("language",)`. Raises Unparsable as the reader of JSON does, with the cells so far.
    """
    try:
        return list(_cells(json_text.read(data)))
    except Unparsable as error:
        raise Unparsable(str(error), list(_cells(error.settings))) from None


def _cells(settings: list[Setting]) -> Iterator[Setting]:
    kinds: dict[int, str] = {}
    texts: dict[tuple[str | int, ...], list[Setting]] = {}
    for setting in settings:
        if setting.path in _LANGUAGES:
            yield setting._replace(path=("language",))
            continue
        path = setting.path[2:] if setting.path[:1] == ("worksheets",) else setting.path
        if len(path) < 3 or path[0] != "cells" or not isinstance(path[1], int):
            continue
        if path[2] == "cell_type":
            kinds[path[1]] = setting.value
        elif path[2] in _SOURCES:
            texts.setdefault(path[:2], []).append(setting)
        elif path[2] == "outputs" and any(part in ("text", "data", "traceback") for part in path[3:5]):
            # the lines of one text are the members of one list
            texts.setdefault(path[:-1] if isinstance(path[-1], int) else path, []).append(setting)
    for path, lines in texts.items():
        number = path[1]
        assert isinstance(number, int)
        kind = "output" if len(path) > 2 else kinds.get(number, "code")
        yield _joined(("cells", number, kind), lines)


def _joined(path: tuple[str | int, ...], lines: list[Setting]) -> Setting:
    runs: list[Run] = []
    for line in lines:
        raw = line.value.encode()
        places = line.places or ((0, line.start),)
        for number, (inside, outside) in enumerate(places):
            stop = places[number + 1][0] if number + 1 < len(places) else len(raw)
            runs.append(Run(text_of(raw[inside:stop]), outside))
    return setting_of(path, runs, lines[0].start, lines[-1].end)
