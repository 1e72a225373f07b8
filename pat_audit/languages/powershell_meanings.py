"""What PowerShell's own commands mean: those that make objects, bind variables, run blocks and read other files."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.languages.powershell_commands import CommandReader, Invocation
from pat_audit.languages.powershell_expressions import DROPPED

if TYPE_CHECKING:
    from collections.abc import Callable


_WEB_ALIASES = frozenset({"curl", "wget"})  # in Windows PowerShell other names of Invoke-WebRequest
_OF_DRIVES = frozenset({
    "get-item", "gi", "test-path", "get-content", "gc", "get-childitem", "gci", "dir", "ls", "set-item", "si",
    "new-item", "ni", "set-content", "remove-item", "ri", "clear-item", "get-itempropertyvalue",
})  # fmt: skip
_SCRIPT_ENDINGS = (".ps1", ".psm1", ".psd1")


class Meanings(CommandReader):
    """The part of a reader that gives commands their meaning."""

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]  # as Reader's
        self.prelude: list[ir.Statement] = []  # statements that a value needs before the statement that it is in
        self.blocks: dict[int, tuple[int, int]] = {}  # where the statements of a block are, by the place of its `{`
        self.parameters: tuple[str, ...] = ()  # of the function whose body this is

    @abstractmethod
    def statements_between(self, start: int, end: int) -> tuple[ir.Statement, ...]:
        """The statements between two places; the reader stays."""

    @abstractmethod
    def captured(self, statements: tuple[ir.Statement, ...], span: tuple[int, int], as_list: bool) -> ir.Expression:
        """What statements give, as a value; they themselves go before the statement that they are in."""

    def splatted(self, start: int, name: str) -> ir.Expression:
        """What `@name` spreads over the arguments."""
        span = self.span(start)
        name = name.rpartition(":")[2]
        if name.lower() == "psboundparameters":
            return self.bound_parameters(span)
        return ir.Name(*span, self.variable_name(name))

    def bound_parameters(self, span: tuple[int, int]) -> ir.Expression:
        """All that the function was handed, by name."""
        entries = [ir.Entry(ir.Literal(*span, parameter), ir.Name(*span, parameter)) for parameter in self.parameters]
        return ir.Mapping(*span, tuple(entries))

    def meaning(self, invocation: Invocation) -> ir.Expression:
        """What a command comes to: one of the language's own, or a call of whatever has its name."""
        if isinstance(invocation.name, ir.Function):
            return self._run_block(invocation)
        if invocation.sourced and (invocation.word.endswith(_SCRIPT_ENDINGS) or not invocation.word):
            return self._source(invocation, invocation.name)
        own = _OWN.get(invocation.word)
        made = None if own is None else own(self, invocation)
        return self._call(invocation) if made is None else made

    def _call(self, invocation: Invocation) -> ir.Expression:
        name = invocation.name
        if invocation.word in _WEB_ALIASES and any(
            argument.name and len(argument.name) > 2 for argument in invocation.arguments
        ):
            name = ir.Literal(name.start, name.end, "invoke-webrequest")
        arguments = invocation.arguments
        if invocation.word in _OF_DRIVES:
            arguments = tuple([each._replace(value=self._of_drive(each.value)) for each in arguments])
        return ir.Command(*self.span(invocation.start), name, arguments, invocation.input, invocation.writes)

    def _of_drive(self, path: ir.Expression) -> ir.Expression:
        """What a path means: `env:NAME` is a variable, because the environment is a drive."""
        parts = path.parts if isinstance(path, ir.Join) else (path,)
        first = parts[0]
        if not isinstance(first, ir.Literal) or not isinstance(first.value, str):
            return path
        drive, colon, name = first.value.partition(":")
        if not colon or drive.lower() != "env":
            return path
        span = (path.start, path.end)
        rest: list[ir.Expression] = [ir.Literal(*span, name.lstrip("\\/")), *parts[1:]]
        return self.environment(span, self.joined(span, rest))

    def _run_block(self, invocation: Invocation) -> ir.Expression:
        """`& {…}`: its statements, or a call with what it is handed."""
        block = invocation.name
        span = self.span(invocation.start)
        if isinstance(block, ir.Function) and not invocation.arguments and block.start in self.blocks:
            return self.captured(self.statements_between(*self.blocks[block.start]), span, False)
        return ir.Call(*span, block, invocation.arguments)

    # --- other files ---

    def _source(self, invocation: Invocation, target: ir.Expression) -> ir.Expression:
        """Another file, what it defines brought in; its name may stand behind a folder that is not known."""
        name = _last_text(target)
        span = self.span(invocation.start)
        if name:
            self.prelude.append(ir.Import(*span, name, "*", "", 0))
        made = [argument.value for argument in invocation.arguments]
        return ir.Operation(*span, DROPPED, tuple(made))

    def _import_module(self, invocation: Invocation) -> ir.Expression | None:
        named = _given(invocation, 0, "name", "moduleinfo", "assembly")
        return None if named is None else self._source(invocation._replace(arguments=()), named)

    # --- objects and variables ---

    def _new_object(self, invocation: Invocation) -> ir.Expression | None:
        named = _given(invocation, 0, "typename")
        if not isinstance(named, ir.Literal) or not isinstance(named.value, str):
            return None
        given = _given(invocation, 1, "argumentlist", "args")
        items: tuple[ir.Expression | ir.Argument, ...] = ()
        if given is not None:
            items = given.items if isinstance(given, ir.Collection) else (given,)
        arguments = tuple([item if isinstance(item, ir.Argument) else ir.Argument(None, item) for item in items])
        span = self.span(invocation.start)
        kind = ir.Name(named.start, named.end, f"[{named.value.lower()}]")
        properties = _given(invocation, None, "property")
        if isinstance(properties, ir.Mapping) and named.value.lower().rpartition(".")[2] in (
            "psobject",
            "pscustomobject",
        ):
            return properties
        made = ir.Call(*span, kind, arguments)
        if isinstance(properties, ir.Mapping):
            return ir.Initialize(*span, made, _attributes(properties))
        return made

    def _set_variable(self, invocation: Invocation) -> ir.Expression | None:
        named = _given(invocation, 0, "name")
        value = _given(invocation, 1, "value") or invocation.input
        if not isinstance(named, ir.Literal) or not isinstance(named.value, str) or value is None:
            return None
        target = ir.Name(named.start, named.end, self.variable_name(named.value.encode().decode("latin-1")))
        return ir.Bind(*self.span(invocation.start), target, value)

    def _tee(self, invocation: Invocation) -> ir.Expression | None:
        named = _given(invocation, None, "variable")
        if invocation.input is None or not isinstance(named, ir.Literal) or not isinstance(named.value, str):
            return None
        target = ir.Name(named.start, named.end, self.variable_name(named.value.encode().decode("latin-1")))
        return ir.Bind(*self.span(invocation.start), target, invocation.input)

    def _get_variable(self, invocation: Invocation) -> ir.Expression | None:
        named = _given(invocation, 0, "name")
        if not isinstance(named, ir.Literal) or not isinstance(named.value, str):
            return None
        return ir.Name(named.start, named.end, self.variable_name(named.value.encode().decode("latin-1")))

    def _add_member(self, invocation: Invocation) -> ir.Expression | None:
        named = _given(invocation, None, "notepropertyname", "name")
        value = _given(invocation, None, "notepropertyvalue", "value")
        positional = [argument.value for argument in invocation.arguments if argument.name is None]
        if named is None and len(positional) > 1:
            named, value = positional[-2], positional[-1]
        receiver = invocation.input or _given(invocation, None, "inputobject")
        if receiver is None or value is None or not isinstance(named, ir.Literal):
            return None
        attributes = ((str(named.value).lower(), value),)
        return ir.Initialize(*self.span(invocation.start), receiver, attributes)

    # --- blocks that run for each item ---

    def _for_each(self, invocation: Invocation) -> ir.Expression | None:
        if invocation.input is None:
            return None
        blocks = [argument.value for argument in invocation.arguments if isinstance(argument.value, ir.Function)]
        span = self.span(invocation.start)
        if not blocks:
            member = _given(invocation, 0, "membername")
            if isinstance(member, ir.Literal) and isinstance(member.value, str):
                return ir.Attribute(*span, invocation.input, member.value.lower())
            return invocation.input
        body: list[ir.Statement] = []
        for block in blocks:
            if block.start in self.blocks:
                body.extend(self.statements_between(*self.blocks[block.start]))
        loop = ir.Loop(*span, ir.Name(*span, "_"), invocation.input, tuple(body))
        return self.captured((loop,), span, False)

    def _where(self, invocation: Invocation) -> ir.Expression | None:
        return invocation.input

    def _out_null(self, invocation: Invocation) -> ir.Expression | None:
        given = () if invocation.input is None else (invocation.input,)
        return ir.Operation(*self.span(invocation.start), DROPPED, given)

    def _select(self, invocation: Invocation) -> ir.Expression | None:
        member = _given(invocation, None, "expandproperty", "expand", "exp")
        if invocation.input is None or not isinstance(member, ir.Literal) or not isinstance(member.value, str):
            return invocation.input
        return ir.Attribute(*self.span(invocation.start), invocation.input, member.value.lower())


_OWN: dict[str, Callable[[Meanings, Invocation], ir.Expression | None]] = {
    "new-object": Meanings._new_object,
    "set-variable": Meanings._set_variable,
    "new-variable": Meanings._set_variable,
    "sv": Meanings._set_variable,
    "nv": Meanings._set_variable,
    "tee-object": Meanings._tee,
    "tee": Meanings._tee,
    "get-variable": Meanings._get_variable,
    "add-member": Meanings._add_member,
    "import-module": Meanings._import_module,
    "ipmo": Meanings._import_module,
    "foreach-object": Meanings._for_each,
    "foreach": Meanings._for_each,
    "%": Meanings._for_each,
    "where-object": Meanings._where,
    "where": Meanings._where,
    "?": Meanings._where,
    "out-null": Meanings._out_null,
    "select-object": Meanings._select,
    "select": Meanings._select,
}


def _given(invocation: Invocation, position: int | None, *names: str) -> ir.Expression | None:
    """An argument by one of its names (in lower case, or the start of one), or at its position among the others."""
    for argument in invocation.arguments:
        if argument.name and any(name == argument.name.lower() for name in names):
            return argument.value
    for argument in invocation.arguments:
        if argument.name and len(argument.name) > 1 and any(name.startswith(argument.name.lower()) for name in names):
            return argument.value
    if position is None:
        return None
    positional = [argument.value for argument in invocation.arguments if argument.name is None]
    before = sum(
        1 for argument in invocation.arguments if argument.name and argument.name.lower() in _FIRST_NAMES and position
    )
    place = position - before
    return positional[place] if 0 <= place < len(positional) else None


_FIRST_NAMES = frozenset({"typename", "name"})  # what else would be the first argument without a name


def _attributes(mapping: ir.Mapping) -> tuple[tuple[str, ir.Expression], ...]:
    return tuple(
        [
            (entry.key.value.lower(), entry.value)
            for entry in mapping.entries
            if isinstance(entry.key, ir.Literal) and isinstance(entry.key.value, str)
        ]
    )


def _last_text(target: ir.Expression) -> str:
    """The end of a path that is written down: `/common.ps1` of `$PSScriptRoot/common.ps1`."""
    if isinstance(target, ir.Literal):
        return target.value if isinstance(target.value, str) else ""
    if isinstance(target, ir.Join) and target.parts:
        return _last_text(target.parts[-1])
    if isinstance(target, ir.Command | ir.Call) and target.arguments:  # Join-Path $PSScriptRoot common.ps1
        return next((text for argument in reversed(target.arguments) if (text := _last_text(argument.value))), "")
    return ""
