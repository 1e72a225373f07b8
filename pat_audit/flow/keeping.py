"""Values put under a name into a document that a program writes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pat_audit.flow.combining import NOTHING, literal
from pat_audit.flow.observation import Observation
from pat_audit.flow.values import Auth, Instance, Text, Value
from pat_audit.vocabulary import KnownSetting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pat_audit.flow.modelled_call import Call

_WORD = re.compile(r"[A-Za-z_][\w.-]{2,80}")


def keep(call: Call) -> Value:
    """A part of a document is made or found by role `name`, or a value put into it under that name.

    What a credential is put under names it, or what the part itself is called: `add[@key='ClearTextPassword']`, or
    an element whose attribute `key` was set to that.
    """
    name, value, receiver = call.value("name"), call.value("value"), call.receiver
    if value is None:
        return call.result({} if name is None else {"name": name})
    called = [name]
    if isinstance(receiver, Instance):
        called += [receiver.roles.get("name"), receiver.roles.get("called")]
        if isinstance(value, Text) and literal(value) is not None:
            receiver.roles["called"] = value
    telling = next((word for word in _words(called) if call.machine.is_credential(word)), "")
    if telling and literal(value) is None:
        auth = Auth("token", None, None, value, call.site, telling)
        known = KnownSetting((), "token", means="put-in", title=telling)
        noted = Observation("setting", call.site, auth, call.frame.identity, sink=telling, at=call.site, setting=known)
        call.machine.observe(call.frame, noted)
    return receiver or NOTHING


def _words(names: list[Value | None]) -> Iterator[str]:
    for name in names:
        yield from _WORD.findall(literal(name) or "")
