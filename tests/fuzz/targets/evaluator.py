"""The evaluator on trees that no front end would make: bytes are read as IR, with the names that models know."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from pat_audit.attribution import names_of
from pat_audit.flow import ir, program
from pat_audit.flow.models import build_models
from pat_audit.languages.known import front_end

from ..seeds import catalogue
from ..target import Target

if TYPE_CHECKING:
    from pat_audit.flow.models import Models

LANGUAGES = ("python", "csharp", "javascript", "powershell", "go")
SECONDS = 20
SIZE = 100_000  # of the file that the spans are in
DEEPEST = 12
_TEXTS = (
    "", ":", "Basic ", "Bearer ", "Authorization", "https://dev.azure.com/o/_apis/x", "ADO_PAT", "%s:%s", "{}:{}",
    "utf-8", "curl -u :$ADO_PAT https://dev.azure.com/o", "{0}", "a" * 200, "\u00e4", "https://u:p@dev.azure.com/o",
)  # fmt: skip
_OWN = ("pat", "self", "this", "token", "a", "b", "f", "g", "C", "headers", "url", "[C]", "user", "|")
_KINDS = ("", "*", "**", ir.PIPED)


class _Made:
    """Reads bytes as a program: each byte decides what comes next, and where there are none, the least does."""

    def __init__(self, data: bytes, names: tuple[str, ...]) -> None:
        self._data = iter(data)
        self._names = names
        self._at = 0
        self._left = 3000  # nodes

    def number(self, below: int) -> int:
        return next(self._data, 0) % below

    def word(self) -> str:
        if self.number(2):
            return self._names[(self.number(256) << 8 | self.number(256)) % len(self._names)]
        return _OWN[self.number(len(_OWN))]

    def span(self) -> tuple[int, int]:
        self._at = min(self._at + 1 + self.number(4), SIZE - 1)
        return self._at, self._at + 1

    def some(self, depth: int, most: int = 4) -> tuple[Any, ...]:
        return tuple(self.expression(depth + 1) for _ in range(self.number(most)))

    def arguments(self, depth: int) -> tuple[ir.Argument, ...]:
        names = (None, None, None, "auth", "headers", "url", "password", "*", "**")
        return tuple(
            ir.Argument(names[self.number(len(names))], self.expression(depth + 1)) for _ in range(self.number(5))
        )

    def expression(self, depth: int) -> Any:
        self._left -= 1
        at = self.span()
        kind = self.number(20) if depth < DEEPEST and self._left > 0 else self.number(2)
        inner = partial(self.expression, depth + 1)
        match kind:
            case 0:
                return ir.Name(*at, self.word())
            case 1:
                values = (*_TEXTS, None, True, 0, 7, 1.5)
                return ir.Literal(*at, values[self.number(len(values))])
            case 2:
                return ir.Attribute(*at, inner(), self.word().rpartition(".")[2])
            case 3:
                return ir.Index(*at, inner(), inner() if self.number(4) else None)
            case 4 | 5 | 6:
                return ir.Call(*at, inner(), self.arguments(depth))
            case 7:
                return ir.Join(*at, self.some(depth), bool(self.number(2)))
            case 8:
                return ir.Format(*at, inner(), inner())
            case 9:
                return ir.Operation(*at, ("==", "+", "<<", "in")[self.number(4)], self.some(depth))
            case 10:
                return ir.Collection(*at, ("list", "tuple", "set")[self.number(3)], self.some(depth))
            case 11:
                entries = tuple(ir.Entry(inner() if self.number(5) else None, inner()) for _ in range(self.number(4)))
                return ir.Mapping(*at, entries)
            case 12:
                return ir.Choice(*at, inner() if self.number(2) else None, (inner(), *self.some(depth)))
            case 13:
                return ir.Bind(*at, ir.Name(*at, self.word()), inner())
            case 14:
                return ir.Each(*at, "list", inner(), ((ir.Name(*at, self.word()), inner()),), self.some(depth, 2))
            case 15:
                return ir.Initialize(*at, inner(), ((self.word(), inner()),), (ir.Entry(None, inner()),))
            case 16:
                return ir.Command(*at, inner(), self.arguments(depth), inner() if self.number(2) else None)
            case 17:
                return ir.Outside(*at, ("secret", "environment", "unknown")[self.number(3)], self.word())
            case 18:
                return ir.Reference(*at, inner())
            case _:
                return self.function(depth, "") if self.number(2) else ir.Super(*at)

    def function(self, depth: int, name: str) -> ir.Function:
        at = self.span()
        parameters = tuple(
            ir.Parameter(
                *self.span(), self.word(), self.expression(depth + 2) if self.number(3) == 1 else None,
                ir.Name(*at, self.word()) if self.number(3) == 1 else None, _KINDS[self.number(4)],
                bool(self.number(2)),
            )
            for _ in range(self.number(4))
        )  # fmt: skip
        body = self.body(depth + 1)
        kind = ("", "static", "class", "property")[self.number(4)]
        return ir.Function(*at, name, parameters, lambda: body, (), ("a",) * self.number(2), kind)

    def body(self, depth: int) -> tuple[Any, ...]:
        if depth > DEEPEST or self._left <= 0:
            return ()
        return tuple(self.statement(depth) for _ in range(self.number(6)))

    def statement(self, depth: int) -> Any:
        at = self.span()
        value = partial(self.expression, depth + 1)
        match self.number(10):
            case 0 | 1 | 2:
                targets = (ir.Name(*at, self.word()), *(() if self.number(3) else (value(),)))
                return ir.Assign(*at, targets, value(), None)
            case 3 | 4:
                return ir.Evaluate(*at, value())
            case 5:
                return ir.Return(*at, value())
            case 6:
                return ir.Branch(*at, (value(),), (self.body(depth + 1), self.body(depth + 1)), bool(self.number(2)))
            case 7:
                has = self.number(2)
                return ir.Loop(
                    *at, ir.Name(*at, self.word()) if has else None, value() if has else None, self.body(depth + 1)
                )
            case 8:
                if not self.number(3):
                    return ir.Import(*at, self.word(), ("", "*", "a")[self.number(3)], self.word(), self.number(2))
                bases = (ir.Name(*at, self.word()),) * self.number(2)
                return ir.Class(*at, self.word(), bases, self.body(depth + 1), (), not self.number(8))
            case _:
                return self.function(depth, (ir.CONSTRUCTOR, "f", "g", "a")[self.number(4)])


class _OneFile:
    """A repository in which there is one file."""

    def exists(self, path: str) -> bool:
        return path == "a"

    def read(self, path: str) -> bytes | None:
        return b"" if path == "a" else None

    def beside(self, folder: str) -> tuple[str, ...]:
        return ("a",)

    def named(self, name: str) -> tuple[str, ...]:
        return ()

    def ending(self, *suffixes: str, below: str = "") -> tuple[str, ...]:
        return ()


@cache
def _known(name: str) -> tuple[Models, tuple[str, ...]]:
    know = catalogue()
    models = build_models(know.libraries_of(name), know.commands, know.services, name, front_end(name).caseless)
    return models, tuple(sorted({*models.functions, *models.types, *models.methods, *models.commands, *models.values}))


def evaluator(data: bytes) -> None:
    """Evaluation ends within its budget of steps and of time, and what it sees has places in the file."""
    name = LANGUAGES[(data[0] if data else 0) % len(LANGUAGES)]
    models, names = _known(name)
    made = _Made(data[1:], names)
    body: list[Any] = []
    while len(body) < 40 and made._left > 0 and (not body or made.number(256)):
        body.append(made.statement(0))
    tree = ir.Module("a", tuple(body))
    language = replace(front_end(name), lower=lambda path, text, place=None: tree)
    kinds = names_of(catalogue())
    run = program.Program(_OneFile(), language, models, lambda word: kinds.kind(word) is not None)
    began = time.process_time()
    try:
        observations = run.observe_file("a")
    except RecursionError:
        return  # inspection says that the file is nested too deeply
    assert time.process_time() - began < SECONDS, "it takes too long"
    assert run._steps <= program.MAX_STEPS or "a" in run.cut_short
    for observation in observations:
        assert 0 <= observation.site.start <= observation.site.end <= SIZE


def _seeds() -> list[bytes]:
    from random import Random

    random = Random(6)
    return [bytes((number,)) + random.randbytes(200 + 40 * number) for number in range(40)]


TARGETS = (Target("evaluator", evaluator, _seeds),)
