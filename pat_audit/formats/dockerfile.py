"""Reads Dockerfiles and Containerfiles: variables, and the command lines that an image is built and run with."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, NamedTuple

from pat_audit.formats import json_text
from pat_audit.formats.lines import Line, bounded, lines_of
from pat_audit.formats.runs import Run, setting_of, text_of, width
from pat_audit.formats.settings import Setting, Unparsable

if TYPE_CHECKING:
    from collections.abc import Iterator

_ESCAPE_DIRECTIVE = re.compile(rb"#\s*escape\s*=\s*(?P<escape>[`\\])\s*\Z", re.I)
_DIRECTIVE = re.compile(rb"#\s*\w+\s*=")
_KEYWORD = re.compile(
    rb"(?:ONBUILD[ \t]+)?(?:HEALTHCHECK[ \t]+(?:--\S+[ \t]+)*)?(?P<word>[A-Za-z]+)(?:[ \t]+|\Z)", re.I
)
_FLAG = re.compile(rb"--[a-z][\w.-]*(?:=(?:\"[^\"]*\"|\S)*+)?(?:[ \t]+|\Z)")
_HEREDOC = re.compile(rb"""<<(?P<tabs>-?)(?P<quote>["']?)(?P<word>[A-Za-z_][\w.]*)(?P=quote)""")
_COMMANDS = frozenset((b"RUN", b"CMD", b"ENTRYPOINT", b"SHELL"))
_VARIABLES = frozenset((b"ENV", b"ARG", b"LABEL"))
_WITH_HEREDOC = frozenset((b"RUN", b"COPY", b"ADD"))
_SHELLS = re.compile(r"(?:.*[/\\])?(?:(?:ba|da|z|k|a)?sh|powershell|pwsh|cmd)(?:\.exe)?", re.I)
_SCRIPT_FLAG = re.compile(r"-\w*c|-command|/s?/?c", re.I)


class _Instruction(NamedTuple):
    """One instruction: its parts, a line each, without the escapes that join them, and its here-documents."""

    word: bytes
    parts: list[Line]
    documents: list[list[Line]]


def read(data: bytes) -> list[Setting]:
    """The variables (`("ENV", name)`, `ARG`, `LABEL`) and the commands (`("RUN",)`, `CMD`, `ENTRYPOINT`, `SHELL`).

    A command is the text that the shell gets: without the escapes that join its lines, with the here-documents
    behind it; one that is written as a list is the script in it, or its words quoted for a shell. Files that
    `COPY` and `ADD` write are `("COPY",)`. Raises Unparsable where there are too many.
    """
    return bounded(_read(data))


def _read(data: bytes) -> Iterator[Setting]:
    for instruction in _instructions(data):
        if instruction.word in _VARIABLES:
            yield from _variables(instruction)
        elif instruction.word in _COMMANDS:
            setting = _command(instruction)
            if setting is not None:
                yield setting
        for document in instruction.documents if instruction.word in (b"COPY", b"ADD") else ():
            if document:
                path = (instruction.word.decode(),)
                yield setting_of(path, _document_runs(document), document[0].start, document[-1].end)


def _instructions(data: bytes) -> Iterator[_Instruction]:
    lines = lines_of(data)
    escape = b"\\"
    at_top = True
    for line in lines:
        body = line.cut(line.indent)
        if at_top:
            directive = _ESCAPE_DIRECTIVE.match(body.raw)
            escape = directive["escape"] if directive else escape
            at_top = bool(_DIRECTIVE.match(body.raw))
        if not body.raw.strip() or body.raw.startswith(b"#"):
            continue
        keyword = _KEYWORD.match(body.raw)
        if keyword is None:
            continue
        word = keyword["word"].upper()
        parts: list[Line] = []
        joint = _joint(body, escape)
        rest = body.cut(keyword.end() if joint is None else min(keyword.end(), joint), joint)
        parts.append(rest)
        while joint is not None:
            following = next(lines, None)
            if following is None:
                break
            stripped = following.raw.strip()
            if not stripped or stripped.startswith(b"#"):
                continue
            joint = _joint(following, escape)
            parts.append(following.cut(0, joint))
        documents = []
        if word in _WITH_HEREDOC:
            whole = b"".join(part.raw for part in parts)
            documents = [_document(lines, mark) for mark in _HEREDOC.finditer(whole)]
        yield _Instruction(word, parts, documents)


def _joint(line: Line, escape: bytes) -> int | None:
    """Where the escape stands that joins a line to the next one, if it ends so."""
    text = line.raw.rstrip(b" \t")
    return len(text) - 1 if text.endswith(escape) else None


def _document(lines: Iterator[Line], mark: re.Match[bytes]) -> list[Line]:
    """The lines of a here-document, without the one that ends it; `<<-` takes the tabs off them."""
    document = []
    for line in lines:
        body = line.cut(len(line.raw) - len(line.raw.lstrip(b"\t"))) if mark["tabs"] else line
        if body.raw == mark["word"]:
            break
        document.append(body)
    return document


def _document_runs(document: list[Line]) -> list[Run]:
    runs = []
    for line in document:
        runs += [Run(line.text, line.start), Run("\n", line.end)]
    return runs


def _command(instruction: _Instruction) -> Setting | None:
    parts = list(instruction.parts)
    while parts:
        flag = _FLAG.match(parts[0].raw.lstrip(b" \t"))
        if flag is None:
            if parts[0].raw.strip():
                break
            del parts[0]
        else:
            parts[0] = parts[0].cut(parts[0].indent + flag.end())
    if not parts:
        return None
    parts[0] = parts[0].cut(parts[0].indent)
    path = (instruction.word.decode(),)
    if parts[0].raw.startswith(b"["):
        listed = _listed(path, parts)
        if listed is not None:
            return listed
    runs = [Run(part.text, part.start) for part in parts]
    end = parts[-1].end
    documents = instruction.documents
    if documents:
        alone = len(parts) == 1 and _HEREDOC.fullmatch(parts[0].raw.strip())
        if alone:
            runs = []
        else:
            runs.append(Run("\n", end))
        for document, mark in zip(documents, _HEREDOC.finditer(b"".join(part.raw for part in parts)), strict=False):
            runs += _document_runs(document)
            end = document[-1].end if document else end
            if not alone:
                runs.append(Run(text_of(mark["word"]) + "\n", end))
    start = runs[0].start if runs else parts[0].start
    return setting_of(path, runs, start, max(start, end))


def _listed(path: tuple[str, ...], parts: list[Line]) -> Setting | None:
    """The command that is written as a JSON list, or None if that is not what it is."""
    # Each part is put where it stands in the file, so that the places of the list's words are those of the file.
    first = parts[0].start
    text = bytearray()
    for part in parts:
        text += b" " * (part.start - first - len(text)) + part.raw
    try:
        words = json_text.read(bytes(text))
    except Unparsable:
        return None
    if not words or any(len(word.path) != 1 or text[word.start - 1 : word.start] != b'"' for word in words):
        return None
    moved = [
        word._replace(
            start=word.start + first,
            end=word.end + first,
            places=tuple((inside, outside + first) for inside, outside in word.places),
        )
        for word in words
    ]
    script = moved[-1]
    if len(moved) > 2 and _SHELLS.fullmatch(moved[0].value) and _SCRIPT_FLAG.fullmatch(moved[-2].value):
        return script._replace(path=path, key=(0, 0))
    runs: list[Run] = []
    for word in moved:
        if runs:
            runs.append(Run(" ", word.start))
        runs += _quoted_runs(word)
    return setting_of(path, runs, moved[0].start, moved[-1].end)


def _quoted_runs(word: Setting) -> Iterator[Run]:
    """A word as a shell would have it written; a word without signs stays as it is."""
    if shlex.quote(word.value) == word.value:
        yield from _runs_of(word)
        return
    yield Run("'", word.start)
    for run in _runs_of(word):
        done = run.start
        for number, piece in enumerate(run.text.split("'")):
            if number:
                yield Run("'\"'\"'", done)
                done += 1
            yield Run(piece, done)
            done += width(piece)
    yield Run("'", word.end)


def _runs_of(setting: Setting) -> Iterator[Run]:
    """The runs that a setting was put together from."""
    raw = setting.value.encode()
    places = setting.places or ((0, setting.start),)
    for number, (inside, outside) in enumerate(places):
        stop = places[number + 1][0] if number + 1 < len(places) else len(raw)
        yield Run(text_of(raw[inside:stop]), outside)


def _variables(instruction: _Instruction) -> Iterator[Setting]:
    """The variables of `ENV`, `ARG` and `LABEL`: `name=value` as often as one likes, or `ENV name value`."""
    pieces = list(_words(instruction.parts))
    path = instruction.word.decode()
    if instruction.word == b"ENV" and pieces and b"=" not in pieces[0].raw_name:
        name = pieces[0]
        values = [part for part in instruction.parts if part.end > name.end]
        if values:
            values[0] = values[0].cut(max(0, name.end - values[0].start))
            values[0] = values[0].cut(values[0].indent)
            runs = [Run(part.text, part.start) for part in values]
            runs[-1] = Run(runs[-1].text.rstrip(), runs[-1].start)
            end = runs[-1].start + width(runs[-1].text)
            key = (name.start, name.end)
            yield setting_of((path, text_of(name.raw_name)), runs, runs[0].start, end, key)
        return
    for piece in pieces:
        yield piece.setting(path)


class _Word(NamedTuple):
    """A word of an instruction: the bytes of `name` or `name=`, and the runs behind the equals sign."""

    raw_name: bytes
    start: int
    end: int
    runs: list[Run]

    def setting(self, path: str) -> Setting:
        name = self.raw_name.rstrip(b"=")
        key = (self.start, self.start + len(name))
        runs = [run for run in self.runs if run.text]
        start = runs[0].start if runs else self.end
        end = max(start, runs[-1].start + width(runs[-1].text)) if runs else self.end
        return setting_of((path, text_of(name).strip("\"'")), runs, start, end, key)


_PIECE = re.compile(
    rb"""(?P<blank>[\ \t]+)
    |"(?P<double>(?:[^"\\]|\\.)*+)"|'(?P<single>[^']*+)'|\\(?P<escape>.)|(?P<plain>[^\ \t"'\\]+|.)""",
    re.S | re.X,
)


def _words(parts: list[Line]) -> Iterator[_Word]:
    """The words of an instruction, their values without quotes."""
    name, start, end = b"", 0, 0
    runs: list[Run] = []
    for part in parts:
        for piece in _PIECE.finditer(part.raw):
            kind = piece.lastgroup
            if kind == "blank":
                if name:
                    yield _Word(name, start, end, runs)
                name, runs = b"", []
                continue
            assert kind is not None
            at = part.start + piece.start(kind)
            raw = piece[kind]
            if not name:
                start = part.start + piece.start()
            if not name.endswith(b"="):
                equals = raw.find(b"=")
                name += raw if equals < 0 else raw[: equals + 1]
                at += len(raw) if equals < 0 else equals + 1
                raw = b"" if equals < 0 else raw[equals + 1 :]
            if kind == "double" and b"\\" in raw:
                runs += _unescaped(raw, at)
            elif raw:
                runs.append(Run(text_of(raw), at))
            end = part.start + piece.end()
        if part is not parts[-1] or not name:
            continue
    if name:
        yield _Word(name, start, end, runs)


def _unescaped(raw: bytes, start: int) -> Iterator[Run]:
    done = 0
    for escape in re.finditer(rb'\\(["\\$])', raw):
        yield Run(text_of(raw[done : escape.start()]), start + done)
        yield Run(text_of(escape[1]), start + escape.start())
        done = escape.end()
    yield Run(text_of(raw[done:]), start + done)
