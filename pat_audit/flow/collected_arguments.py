"""Commands whose program and arguments are set one after the other, and run later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.flow.combining import NOTHING, literal
from pat_audit.flow.command_lines import row_for, run_words
from pat_audit.flow.command_roles import roles_of
from pat_audit.flow.command_split import split
from pat_audit.flow.printing import Shell
from pat_audit.flow.text_effects import items_of
from pat_audit.flow.values import Container, Field, Instance, Member, Parameter, Text, Value

if TYPE_CHECKING:
    from pat_audit.flow.modelled_call import Call

_SIGNING = frozenset({"password", "token", "userinfo", "header"})


def add(call: Call) -> Value:
    """A command for the program in role `program`, or more arguments for one; `line`: in one text.

    Of a command that was handed in only its name may say which program it is.
    """
    program = call.value("program")
    if program is not None:
        return call.result({"program": program, "arguments": Container("list", site=call.site)})
    added = _added(call)
    receiver = call.receiver
    held = receiver.roles.get("arguments") if isinstance(receiver, Instance) else None
    if isinstance(held, Container):
        if any(literal(item) is None for item in added):
            held.site = call.site  # the place to mend
        held.items.update({len(held.items) + index: item for index, item in enumerate(added)})
    elif isinstance(receiver, Instance | Parameter | Field | Member):
        shell, name = Shell(call.machine, call.frame, call.site, call.site), receiver.name.lower()
        row = row_for(shell, name, added)
        if row is not None and not _SIGNING.isdisjoint(roles_of(row, added)[0]):  # an address alone says nothing
            run_words(shell, [Text((name,)), *added], None)
    return receiver or NOTHING


def _added(call: Call) -> list[Value]:
    line = call.value("line")
    if isinstance(line, Text):
        return [word for words, _ in split(line) for word in words]
    return list(items_of(call.value("value")))
