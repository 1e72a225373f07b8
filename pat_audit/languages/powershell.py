"""PowerShell to IR, by a reader of our own (`CONTRIBUTING.md` says why not from tree-sitter's grammar)."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.flow.language import Language
from pat_audit.languages.powershell_layout import PowerShellLayout
from pat_audit.languages.powershell_statements import Statements, redirected
from pat_audit.languages.powershell_text import MAX_DEPTH, Shared, decoded

if TYPE_CHECKING:
    from collections.abc import Callable

_BOM = b"\xef\xbb\xbf"
_SWITCH = re.compile(r"\[switch\]\s*\$(\w+)", re.IGNORECASE)
_FUNCTION_NAME = re.compile(r"\s*(?:(?:script|global|private|local):)?([\w.:\-\x80-\xff]+)", re.IGNORECASE)
_PARAM = re.compile(r"param\b", re.IGNORECASE)
_OUTER = re.compile(
    r"\$\{?(?:script|global):(\w+)"
    r"|\b(?:set|new)-variable[ \t](?=[^\r\n]{0,200}-sc\w*[ \t:]+[\"']?(?:global|script)\b)"
    r"(?:[^\r\n]{0,200}?-n\w*[ \t:]+)?[\"']?(\w+)",
    re.IGNORECASE,
)
_PIPED = re.compile(r"ValueFromPipeline(?!ByPropertyName)(?!\s*=\s*\$false)", re.IGNORECASE)
_ARGUMENTS = re.compile(r"[$@]args\b", re.IGNORECASE)
_EACH = re.compile(r"\$(?:_|PSItem)\b|\$input\b", re.IGNORECASE)
_CLASS = re.compile(r"\s*(\w+)\s*+(?::\s*+((?:[\w.,\[\]]++\s*+)++))?\s*+(?=\{)")
_MODIFIER = re.compile(r"(static|hidden)\b", re.IGNORECASE)
_METHOD = re.compile(r"(\w+)\s*(?=\()")
_BASE_CALL = re.compile(r"\s*:\s*base\s*(?=\()", re.IGNORECASE)
_BLOCKS = frozenset({
    "begin", "process", "end", "dynamicparam", "clean", "data", "inlinescript", "parallel", "sequence",
})  # fmt: skip
_PLAIN = frozenset({"[string]", "[int]", "[bool]", "[switch]", "[object]", "[hashtable]", "[string[]]"})


class Program(Statements):
    """A reader that knows the whole language."""

    is_script = False

    def declaration(self, keyword: str, start: int) -> list[ir.Statement]:
        """A function, class or parameter block; the reader stands behind its keyword."""
        if keyword in _BLOCKS:
            self.lines()
            return list(self.block()) if self.here() == "{" else self._not_here(start, len(keyword))
        if keyword == "param":
            self.lines()
            if self.here() != "(":
                return self._not_here(start, len(keyword))
            return [_option(parameter) for parameter in self.parameter_list() if self.is_script]
        if keyword == "class":
            return self._class(start)
        if keyword == "enum":
            if self.take(_CLASS) is not None:
                self.at = min(self.closing(self.at) + 1, self.end)
            return []
        return self._function(start)

    def _not_here(self, start: int, length: int) -> list[ir.Statement]:
        self.at = start + length
        return []

    # --- functions ---

    def _function(self, start: int) -> list[ir.Statement]:
        name = self.take(_FUNCTION_NAME)
        if name is None:
            return []
        self.lines()
        given = self.parameter_list() if self.here() == "(" else ()
        self.lines()
        if self.here() != "{":
            return []
        inner, end = self._body_range()
        return [self._made(start, decoded(name[1]).lower(), given, inner, end)]

    def _body_range(self) -> tuple[int, int]:
        """Where the statements of the block are that stands here; the reader moves behind it."""
        opened_at = self.at
        closed_at = self.closing(opened_at)
        self.at = min(closed_at + 1, self.end)
        return opened_at + 1, closed_at

    def _made(
        self,
        start: int,
        name: str,
        given: tuple[ir.Parameter, ...],
        inner: int,
        end: int,
        kind: str = "",
        before: tuple[ir.Statement, ...] = (),
        outputs: bool = True,
    ) -> ir.Function:
        declared, inner = self._declared(inner, end)
        parameters = [*given, *declared]
        body = self.text[inner:end]
        spans = self.span(inner, inner)
        if outputs and not any(parameter.kind == "|" for parameter in parameters) and _EACH.search(body):
            parameters.append(ir.Parameter(*spans, "_", None, None, "|", True))
        if _ARGUMENTS.search(body):
            parameters.append(ir.Parameter(*spans, self.variable_name("args"), None, None, "*", False))
        outer = tuple({self.variable_name(found[1] or found[2]) for found in _OUTER.finditer(body)})
        names = tuple([parameter.name for parameter in parameters])
        lowered = self._later(inner, end, names, before, outputs)
        return ir.Function(*self.span(start), name, tuple(parameters), lowered, (), outer, kind)

    def _later(
        self, inner: int, end: int, names: tuple[str, ...], before: tuple[ir.Statement, ...], outputs: bool
    ) -> Callable[[], tuple[ir.Statement, ...]]:
        shared, depth = self.shared, self.depth + 1

        @cache
        def lowered() -> tuple[ir.Statement, ...]:
            if depth > MAX_DEPTH:
                return ()
            reader = Program(shared, inner, end)
            reader.depth = depth
            reader.parameters = names
            try:
                statements = (*before, *reader.statements_between(inner, end))
            except (ir.Unreadable, RecursionError):  # the rest of the file is still worth reading
                return ()
            return redirected(statements, _returned) if outputs else statements

        return lowered

    def _declared(self, inner: int, end: int) -> tuple[tuple[ir.Parameter, ...], int]:
        """The parameters that a body declares at its start, and where it goes on."""
        at, limit = self.at, self.end
        self.at, self.end = inner, end
        self.type_literals()
        parameters: tuple[ir.Parameter, ...] = ()
        if self.take(_PARAM) is not None:
            self.lines()
            if self.here() == "(":
                parameters = self.parameter_list()
                inner = self.at
        self.at, self.end = at, limit
        return parameters, inner

    def parameter_list(self) -> tuple[ir.Parameter, ...]:
        """The parameters in the parentheses that stand here; the reader moves behind them."""
        closed_at = self.closing(self.at)
        limit, self.end, outer = self.end, closed_at, self.prelude
        self.prelude = []  # statements within a default value have no place to run in
        self.at += 1
        found: list[ir.Parameter] = []
        while True:
            self.lines()
            while self.accept(","):
                self.lines()
            if self.at >= self.end:
                break
            start = self.at
            kind = self.type_literals()
            attributes = self.text[start : self.at]
            named_at = self.at
            variable = self.variable()
            if not isinstance(variable, ir.Name):
                self.at = max(self.at, start + 1)
                continue
            span = self.span(named_at)
            self.lines()
            default = None
            if self.accept("="):
                self.lines()
                default = self.expression(comma=False)
            annotation = None if isinstance(kind, ir.Name) and kind.name in _PLAIN else kind
            piped = "|" if _PIPED.search(attributes) else ""
            found.append(ir.Parameter(*span, variable.name, default, annotation, piped, False))
        self.end, self.prelude = limit, outer
        self.at = min(closed_at + 1, limit)
        return tuple(found)

    def script_block(self) -> ir.Expression:
        """The `{…}` that stands here as a function without a name; the reader moves behind it."""
        start = self.at
        inner, end = self._body_range()
        function = self._made(start, "", (), inner, end)
        function = function._replace(
            parameters=tuple([each for each in function.parameters if each.name != "_"]), outer=function.outer
        )
        self.blocks[function.start] = (inner, end)
        return function

    # --- classes ---

    def _class(self, start: int) -> list[ir.Statement]:
        head = self.take(_CLASS)
        if head is None:
            return []
        name = decoded(head[1]).lower()
        inner, end = self._body_range()
        bases = [part.strip().lower() for part in (head[2] or "").split(",") if part.strip()]
        at, limit = self.at, self.end
        self.at, self.end = inner, end
        fields: list[ir.Statement] = []
        methods: list[ir.Function] = []
        while True:
            self.lines()
            self.accept(";")
            self.lines()
            if self.at >= self.end:
                break
            before = self.at
            self._class_member(name, fields, methods)
            if self.at == before:
                self.at += 1
        self.at, self.end = at, limit
        methods.sort(key=lambda method: len(method.parameters))  # of overloads the one that takes most says most
        span = self.span(start)
        return [
            ir.Class(
                *span, f"[{name}]", tuple([ir.Name(*span, f"[{base}]") for base in bases]), (*fields, *methods), ()
            )
        ]

    def _class_member(self, owner: str, fields: list[ir.Statement], methods: list[ir.Function]) -> None:
        start = self.at
        static = False
        kind: ir.Expression | None = None
        while True:
            self.lines()
            modifier = self.take(_MODIFIER)
            if modifier is not None:
                static = static or modifier[1].lower() == "static"
            elif self.here() == "[":
                kind = self.type_literals() or kind
            else:
                break
        variable = self.variable()
        if isinstance(variable, ir.Name):
            name = ir.Name(variable.start, variable.end, variable.name.lower())
            self.blank()
            value = self.value_statement() if self.accept("=") and not self.lines() else None  # type: ignore[func-returns-value]
            fields.append(ir.Assign(*self.span(start), (name,), value, kind or name))
            return
        method = self.take(_METHOD)
        if method is None:
            return
        named = decoded(method[1]).lower()
        this = () if static else (ir.Parameter(*self.span(start, start), "this", None, None, "", False),)
        given = (*this, *self.parameter_list())
        before: tuple[ir.Statement, ...] = ()
        if self.take(_BASE_CALL) is not None:
            called_at = self.at
            arguments = self.call_arguments()
            span = self.span(called_at)
            call = ir.Call(*span, ir.Attribute(*span, ir.Super(*span), ir.CONSTRUCTOR), arguments)
            before = (ir.Evaluate(*span, call),)
        self.lines()
        if self.here() != "{":
            return
        inner, end = self._body_range()
        called = ir.CONSTRUCTOR if named == owner else named
        methods.append(self._made(start, called, given, inner, end, "static" if static else "", before, outputs=False))


def _returned(value: ir.Expression) -> ir.Statement:
    return ir.Return(value.start, value.end, value)


def _option(parameter: ir.Parameter) -> ir.Statement:
    """A parameter of a script: what whoever runs it hands over, or else its default."""
    span = (parameter.start, parameter.end)
    given: ir.Expression = ir.Outside(*span, "option", parameter.name)
    if parameter.default is not None:
        given = ir.Choice(*span, None, (given, parameter.default))
    return ir.Assign(*span, (ir.Name(*span, parameter.name),), given, parameter.annotation)


def lower(path: str, data: bytes, place: Callable[[int], int] | None = None) -> ir.Module:
    """The IR of one PowerShell program.

    `data` is UTF-8; spans in the result are byte offsets in it, or what `place` makes of them. Raises
    `ir.Unreadable` for nesting that no person writes; what else it cannot read it passes over.
    """
    text = data.decode("latin-1")
    switches = frozenset(found[1].lower() for found in _SWITCH.finditer(text))
    start = len(_BOM) if data.startswith(_BOM) else 0
    reader = Program(Shared(text, place, {}, switches, {}), start, len(text))
    reader.is_script = True
    try:
        return ir.Module(path, reader.statements_between(start, len(text)))
    except RecursionError:
        raise ir.Unreadable("nested too deep") from None


LANGUAGE = Language(
    "powershell", lower, PowerShellLayout, caseless=True, namespaces=True, fields_as_items=True, gateways=(".psm1",)
)
