"""A command of a shell: a function of the program, a modelled command of the language, or a program that is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.flow.combining import NOTHING, in_order, literal, unknown
from pat_audit.flow.command_lines import run_value, run_words
from pat_audit.flow.command_split import split
from pat_audit.flow.frame import Argument
from pat_audit.flow.names import BUILTINS
from pat_audit.flow.printing import Shell
from pat_audit.flow.values import (
    ClassValue,
    Constant,
    Container,
    External,
    FunctionValue,
    Member,
    Method,
    Site,
    Text,
    Value,
)

if TYPE_CHECKING:
    from pat_audit.flow.expressions import Expressions


def printed(body: Expressions, command: ir.Command) -> Value:
    """What a command prints (in a shell of objects: gives)."""
    given = None
    if command.input is not None:
        given = body.printed(command.input)
    arguments = [each for argument in body.arguments(command.arguments) for each in _opened(argument)]
    site = body.frame.site(command)
    made = _call(body, command, arguments, given, site)
    if command.writes is not None:
        body.value(command.writes)
        body.observe("write", made, site)
    return made


def _opened(argument: Argument) -> list[Argument]:
    """The words that one becomes which stands without quotes, as far as it is known what is in it."""
    if argument.name != "*":
        return [argument]
    value = argument.value
    if isinstance(value, Container) and value.kind != "dict":
        rest = [] if value.rest is None else [Argument("*", value.rest, argument.site)]
        return [*(Argument(None, item, argument.site) for item in in_order(value)), *rest]
    if isinstance(value, Text) and any(isinstance(part, str) and " " in part for part in value.parts):
        return [Argument(None, word, argument.site) for words, _ in split(value) for word in words]
    if isinstance(value, Member) and value.name == "[]":
        return [argument]  # all that a function is handed: a caller knows how many
    return [Argument(None, value, argument.site)]


def _call(body: Expressions, command: ir.Command, arguments: list[Argument], given: Value | None, site: Site) -> Value:
    called = body.value(command.name)
    name = literal(called)
    callee: Value | None = called
    if name is not None:
        # what the repository defines itself is meant rather than a library's command of that name
        callee = body.bound(name, command.name) or body.machine.implied(name, body.frame.path)
        callee = callee or _modelled(body, name)
    if isinstance(callee, FunctionValue | ClassValue | External | Method):
        handed = _handed(body, arguments)
        if given is not None:
            handed.append(Argument(ir.PIPED, given, site))
        return body.machine.call(body.frame, callee, handed, site)
    shell = Shell(body.machine, body.frame, site, site, True)
    words = [called, *_words(arguments)]
    rest = next((word for word in words if isinstance(word, Member) and word.name == "[]"), None)
    if rest is not None:  # its place among the options does not matter
        known = [word for word in words if word is not rest]
        whole = Container("list", dict(enumerate(known)), rest=rest, site=site)
        made = run_value(body.machine, body.frame, whole, site, given)
    else:
        made = run_words(shell, words, given)
    return made if made is not None else NOTHING if name is None else unknown(f"{name}()", site)


def _modelled(body: Expressions, name: str) -> Value | None:
    spelled = BUILTINS + (name.lower() if body.machine.language.caseless else name)
    return External(spelled) if spelled in body.machine.models.functions else None


def _handed(body: Expressions, arguments: list[Argument]) -> list[Argument]:
    """The arguments for a function: names in one case, the value behind a switch by its place."""
    if not body.machine.language.caseless:
        return list(arguments)
    handed: list[Argument] = []
    for argument in arguments:
        name = None if argument.name is None else argument.name.lower()
        if name in body.machine.models.switches and not isinstance(argument.value, Constant):
            handed.append(Argument(None, argument.value, argument.site))
        else:
            handed.append(Argument(name, argument.value, argument.site))
    return handed


def _words(arguments: list[Argument]) -> list[Value]:
    words: list[Value] = []
    for argument in arguments:
        if argument.name is not None and argument.name not in ("*", "**"):
            words.append(Text((f"-{argument.name}",), argument.site))
            if isinstance(argument.value, Constant):
                words += [Text(("false",))] if argument.value.value is False else []
                continue
        if isinstance(argument.value, Container) and argument.value.kind != "dict":
            words += in_order(argument.value)  # a list that is handed to a program is its words
        else:
            words.append(argument.value)
    return words
