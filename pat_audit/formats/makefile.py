"""Reads makefiles: variables, and the recipe of each rule as the shell gets it, save for make's own variables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pat_audit.formats.lines import Line, bounded, line_setting, lines_of
from pat_audit.formats.runs import Run, setting_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pat_audit.formats.settings import Setting

_VARIABLE = re.compile(
    rb"(?:[^:=#\s][^:=#]*+:\s*+)?(?:(?:export|override|private|unexport)\s+)*"
    rb"(?P<name>[^\s:=#?+!(]+)\s*+(?P<operator>:{0,3}=|\?=|\+=|!=)\s*+(?P<value>.*)",
    re.S,
)
_DEFINE = re.compile(rb"(?:(?:export|override)\s+)*define\s+(?P<name>[^\s:=?+]+)")
_RULE = re.compile(rb"(?P<targets>[^\s:=#][^:=#]*+)::?(?!=)(?P<rest>[^;#]*)(?P<inline>;)?")
_CONDITIONAL = re.compile(rb"(?:else\b.*|ifn?eq\b.*|ifn?def\b.*|endif\b.*|-?include\b.*)", re.S)
_COMMENT = re.compile(rb"(?<![\\\s])\s*+#|(?<=\\)\s++#")
_LAST_ESCAPE = re.compile(rb"(?<!\\)(?:\\\\)*+\\\Z")
_DOLLARS = re.compile(rb"\$\$")
_PREFIX = re.compile(rb"[ \t]*(?:[@+-][ \t]*)*")


def read(data: bytes) -> list[Setting]:
    """The variables of a makefile (`(name,)`) and its recipes (`("recipe", targets)`).

    A recipe's lines are parted by newlines; `$$` is `$` there as in the shell, `$(NAME)` stays as it is.
    Raises Unparsable where there are too many.
    """
    return bounded(_read(data))


def _read(data: bytes) -> Iterator[Setting]:
    target = ""
    recipe: list[Line] = []
    defined: tuple[Line, list[Line]] | None = None
    for lines in _logical(data):
        first = lines[0]
        body = first.cut(first.indent)
        if defined is not None:
            if body.raw.startswith(b"endef"):
                yield _definition(*defined)
                defined = None
            else:
                defined[1].extend(lines)
            continue
        if first.raw.startswith(b"\t") and target:
            recipe += lines
            continue
        if not body.raw or body.raw.startswith(b"#") or _CONDITIONAL.fullmatch(body.raw):
            continue
        definition = _DEFINE.match(body.raw)
        variable = None if definition else _VARIABLE.fullmatch(body.raw)
        rule = None if definition or variable else _RULE.match(body.raw)
        if (definition or variable or rule) and recipe:
            yield _recipe(target, recipe)
            recipe = []
        if definition:
            defined = (body.cut(*definition.span("name")), [])
        elif variable:
            target = ""
            yield _variable(body, variable, lines)
        elif rule:
            target = text_of(rule["targets"].rstrip().removesuffix(b"&").rstrip())
            if rule["inline"]:
                recipe = [body.cut(rule.end()), *lines[1:]]
    if recipe:
        yield _recipe(target, recipe)


def _logical(data: bytes) -> Iterator[list[Line]]:
    """The lines that belong together because each but the last ends in an escape."""
    together: list[Line] = []
    for line in lines_of(data):
        together.append(line)
        if not _LAST_ESCAPE.search(line.raw):
            yield together
            together = []
    if together:
        yield together


def _recipe(target: str, lines: list[Line]) -> Setting:
    runs: list[Run] = []
    goes_on = False
    for line in lines:
        body = line.cut(1) if line.raw.startswith(b"\t") else line
        if not goes_on:
            prefix = _PREFIX.match(body.raw)
            body = body.cut(prefix.end() if prefix else 0)
        runs += [*_unescaped(body), Run("\n", line.end)]
        goes_on = bool(_LAST_ESCAPE.search(line.raw))
    runs.pop()
    start = next((run.start for run in runs if run.text), lines[0].end)
    return setting_of(("recipe", target), runs, start, max(start, lines[-1].end))


def _variable(body: Line, found: re.Match[bytes], lines: list[Line]) -> Setting:
    """A variable: its value's lines are joined by blanks, and a comment is no part of it."""
    key = body.cut(*found.span("name"))
    parts = [body.cut(found.start("value")), *(line.cut(line.indent) for line in lines[1:])]
    runs: list[Run] = []
    for number, part in enumerate(parts):
        if number:
            runs.append(Run(" ", part.start))
        comment = _COMMENT.search(part.raw)
        raw = part.raw[: comment.start()] if comment else part.raw
        if number + 1 < len(parts):
            raw = raw[:-1]
        runs += _unescaped(Line(raw.rstrip(), part.start))
        if comment:
            break
    start = next((run.start for run in runs if run.text.strip()), parts[0].start)
    path = ("variable", key.text) if key.text == "recipe" else (key.text,)
    return setting_of(path, runs, start, max(start, parts[-1].end), (key.start, key.end))


def _definition(name: Line, lines: list[Line]) -> Setting:
    if not lines:
        return line_setting((name.text,), name.cut(len(name.raw)), name)
    runs = []
    for line in lines:
        runs += [*_unescaped(line), Run("\n", line.end)]
    return setting_of((name.text,), runs[:-1], lines[0].start, lines[-1].end, (name.start, name.end))


def _unescaped(line: Line) -> Iterator[Run]:
    done = 0
    for dollars in _DOLLARS.finditer(line.raw):
        yield Run(text_of(line.raw[done : dollars.start() + 1]), line.start + done)
        done = dollars.end()
    yield Run(text_of(line.raw[done:]), line.start + done)
