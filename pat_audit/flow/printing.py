"""What a command line prints: a token, its arguments, what is piped in, encoded or decoded."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pat_audit.flow import text_effects
from pat_audit.flow.combining import concatenate, encode, leaves, literal
from pat_audit.flow.ir import PIPED
from pat_audit.flow.observation import Act, Observation
from pat_audit.flow.values import Container, Encoded, Parameter, Site, Source, Text, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from pat_audit.flow.frame import Frame, Machine
    from pat_audit.vocabulary import Command

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{2,}")
_OF_FILE = re.compile(r"[_.-]?(?:file|path)\Z", re.IGNORECASE)
NEWLINE = "a newline is encoded with it, which the server takes for a part of the credential"


@dataclass(frozen=True, slots=True, eq=False)
class Shell:
    """Where a command is run from: the body, and the place to mend; `precise`: where a word of it stands, that."""

    machine: Machine
    frame: Frame
    site: Site
    at: Site
    precise: bool = False

    def place(self, word: Value | None) -> Site:
        """Where a word of the command is to be mended."""
        own: Site | None = getattr(word, "site", None)
        if not self.precise or own is None or own.path != self.site.path:
            return self.site
        return own if self.site.start <= own.start <= own.end <= self.site.end else self.site

    def mended(self, value: Encoded) -> Encoded:
        """An encoding whose lines are joined again: nothing is wrong with it, and with what was noted of it."""
        whole = encode("base64", value.value, value.site)
        noted = self.frame.observations
        for index in range(len(noted) - 1, -1, -1):
            if noted[index].act == "encode" and noted[index].value is value:
                noted[index] = replace(noted[index], value=whole)
                break
        return whole

    def observe(
        self, act: Act, value: Value | None, url: Value | None, name: str, service: str = "", credential: str = ""
    ) -> None:
        """Note an act of the command."""
        self.machine.observe(
            self.frame,
            Observation(act, self.site, value, self.frame.identity, url, name, service, credential, at=self.at),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """One command that is run: its row, and what it is handed."""

    shell: Shell
    row: Command
    name: str
    roles: dict[str, Value]
    positions: list[Value]
    given: Value | None

    def input(self) -> Value | None:
        """What is piped in, or stands in the file that it reads."""
        if self.given is not None:
            return self.given
        file = self.roles.get("file")
        if file is not None and literal(file) != "-":
            return Source("file", _file_name(file), self.shell.site)
        return self.shell.frame.names.get(PIPED)  # what is piped into the function that it stands in

    def read(self, source: Source) -> Source:
        """A value that comes from outside, its read noted."""
        if source.origin != "unknown":
            self.shell.observe("read", source, None, self.name)
        return source


def printed(
    shell: Shell, row: Command, name: str, roles: dict[str, Value], positions: list[Value], given: Value | None
) -> Value | None:
    """What a command of that row prints; None where that is not known."""
    prints = _PRINTS.get(row.prints)
    return None if prints is None else prints(Run(shell, row, name, roles, positions, given))


def stripped(value: Value) -> Value:
    """A text without the line ends behind it: what `$(…)` gives."""
    if isinstance(value, Text) and value.parts and isinstance(value.parts[-1], str):
        last = value.parts[-1].rstrip("\r\n")
        return Text((*value.parts[:-1], *([last] if last else [])), value.site, value.weight)
    return value


def _token(run: Run) -> Value | None:
    return Source("entra", run.name, run.shell.site)


def _read(run: Run) -> Value | None:
    name = run.roles.get("name")
    return run.read(Source(run.row.origin or "unknown", literal(name) or label(name), run.shell.site))


def _field(run: Run) -> Value | None:
    """The part of a file, or of what is piped in, that is asked for by name."""
    whole = run.input()
    if isinstance(whole, Source) and whole.origin not in ("file", "config", "unknown"):
        return whole
    if whole is not None and not isinstance(whole, Source):
        return whole
    words = _WORD.findall(literal(run.roles.get("name")) or "")
    name = next((word for word in words if run.shell.machine.is_credential(word)), words[-1] if words else "")
    if whole is None:
        return Source("unknown", name, run.shell.site)
    return run.read(Source(whole.origin, name, run.shell.site))


def label(value: Value | None) -> str:
    """The name of what a value is made of, as far as it has one."""
    return next((str(leaf.name) for leaf in leaves(value) if isinstance(leaf, Source | Parameter)), "")


def _file_name(file: Value) -> str:
    """What a file is called; a variable that holds its path is named after what stands in it."""
    return literal(file) or _OF_FILE.sub("", label(file))


def _arguments(run: Run) -> Value | None:
    pieces: list[Value] = []
    for word in run.positions:
        if pieces:
            pieces.append(Text((" ",)))
        pieces.append(word)
    return concatenate([*pieces, Text((run.row.ends,) if run.row.ends else ())], run.shell.site)


def _format(run: Run) -> Value | None:
    if not run.positions:
        return None
    template, *values = run.positions
    written = literal(template)
    if written is not None:
        template = Text((written.replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t"),))
    filling = Container("tuple", dict(enumerate(values)))
    return text_effects.percent(run.shell.machine, run.shell.frame, template, filling, run.shell.site)


def _input(run: Run) -> Value | None:
    return run.input()


def _encoded(run: Run) -> Value | None:
    value = run.input()
    if value is None:
        return None
    broken = run.row.broken
    if isinstance(value, Text) and value.parts and isinstance(value.parts[-1], str) and value.parts[-1].endswith("\n"):
        broken = NEWLINE
    made = encode("base64-wrapped" if run.row.broken else "base64", stripped(value), run.shell.site, broken)
    run.shell.observe("encode", made, None, run.name)
    return made


def _decoded(run: Run) -> Value | None:
    value = run.input()
    return value.value if isinstance(value, Encoded) and value.scheme.startswith("base64") else value


def _unwrapped(run: Run) -> Value | None:
    value = run.input()
    if isinstance(value, Encoded) and value.broken != NEWLINE:
        return run.shell.mended(value)
    return None if value is None else stripped(value)


_PRINTS: dict[str, Callable[[Run], Value | None]] = {
    "token": _token,
    "arguments": _arguments,
    "format": _format,
    "input": _input,
    "encoded": _encoded,
    "decoded": _decoded,
    "unwrapped": _unwrapped,
    "read": _read,
    "field": _field,
}
