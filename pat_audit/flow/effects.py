"""What modelled callables do: one function for each word that a library file may use under `does`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pat_audit.flow import access, command_lines, sending
from pat_audit.flow.collected_arguments import add
from pat_audit.flow.combining import (
    EMPTY,
    NOTHING,
    concatenate,
    encode,
    is_open,
    join,
    literal,
    options,
    unknown,
)
from pat_audit.flow.environment import export
from pat_audit.flow.frame import Argument, Write
from pat_audit.flow.keeping import keep
from pat_audit.flow.mapping_effects import copy, get, make_mapping, make_sequence, update, view
from pat_audit.flow.text_effects import (
    append_to,
    concatenate_parts,
    decode_value,
    encode_value,
    format_template,
    items_of,
    join_parts,
    make_url,
    replace_in,
    substitute,
)
from pat_audit.flow.values import (
    Auth,
    Container,
    External,
    Field,
    FunctionValue,
    Instance,
    Member,
    Method,
    Nothing,
    Parameter,
    Source,
    Text,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pat_audit.flow.modelled_call import Call


def perform(call: Call) -> Value:
    """What the call gives; what it does is observed."""
    if "unless" in call.effect.roles and call.argument("unless") is not None:
        return call.result()
    return _DOES[call.effect.does](call)


def _same(call: Call) -> Value:
    function = call.value("function")
    if function is not None:
        return call.machine.call(call.frame, function, [], call.site)
    return call.value("value") or call.receiver or (call.arguments[0].value if call.arguments else EMPTY)


def read(call: Call, key: Value | None, origin: str, default: Value | None) -> Value:
    """A value that comes in under the name `key`, and the note that it does."""
    found: list[Value] = []
    for option in options(key) or (None,):
        name = literal(option)
        if name is None:
            label = _label(option)
            found.append(Source(origin, label, call.site, default, option if is_open(option) else None))
        elif origin == "environment" and name in call.machine.environment:
            found.append(call.machine.environment[name])
        else:
            found.append(Source(origin, name, call.site, default))
    value = join(found) or unknown("")
    call.observe("read", value)
    return value


def _label(key: Value | None) -> str:
    """What is known of a name that is put together: the literal end of it."""
    if isinstance(key, Text):
        return next((part for part in reversed(key.parts) if isinstance(part, str)), "")
    return str(getattr(key, "name", "")) if key is not None else ""


def _read(call: Call) -> Value:
    return read(call, call.value("name"), call.effect.origin or "unknown", call.value("default"))


def _load(call: Call) -> Value:
    if call.effect.returns:
        receiver = call.receiver
        return call.result(dict(receiver.roles) if isinstance(receiver, Instance) else None)
    return Source(call.effect.origin or "config", "", call.site)


def _spelled(written: str) -> list[str]:
    """The names that an option is declared with: all of `-p, --pat <token>`."""
    if written.startswith("-") and " " in written:
        return [word for word in written.replace(",", " ").replace("|", " ").split() if word.startswith("-")]
    return [_placeholder(written).strip("<>[]")]


def _placeholder(name: str) -> str:
    """The name in a placeholder of a settings file: `ado.pat` of `${ado.pat:none}`."""
    return name[2:].rstrip("}").partition(":")[0] if name.startswith("${") else name


def _declare(call: Call) -> Value:
    names = [
        name
        for written in (literal(item) for item in items_of(call.value("name")))
        if written is not None
        for name in _spelled(written)
    ]  # `-p`, `--pat`: the longest says most
    default = call.value("default")
    variable, key = call.value("variable"), literal(call.value("key"))
    declared: Value
    if names:
        declared = Source(call.effect.origin or "option", max(names, key=len).lstrip("-"), call.site, default)
    else:
        declared = unknown("", call.site) if key is None else Source("config", key, call.site, default)
    if variable is not None:
        names_of = [literal(item) or "" for item in items_of(variable)]
        declared = Source("environment", names_of[0] if names_of else "", call.site, declared)
    call.observe("read", declared)
    if isinstance(call.receiver, Instance):
        target = literal(call.value("target"))
        for name in [target] if target else names:
            call.receiver.roles[access.declared(name)] = declared
        if call.effect.returns:
            return call.receiver
    return declared


def _headers(call: Call) -> Value:
    container = Container("dict", site=call.site)
    pair = call.value("userinfo")
    if pair is None and call.value("user") is not None:
        pair = concatenate([call.value("user"), Text((":",)), call.value("password") or EMPTY], call.site)
    if pair is not None:
        encoded = encode("base64", pair, call.site)
        header = concatenate([Text(("Basic ",)), encoded], call.site)
        call.observe("header", header)
        if call.effect.role == "header":
            return header
        access.put(container, Text(("authorization",)), header)
    return container


def _set(call: Call) -> Value:
    role = call.effect.role
    value = call.argument("value")
    if call.effect.does == "option":
        option = call.value("option")
        name = option.name if isinstance(option, External | Method) else literal(option) or ""
        role = call.effect.choices.get(name, call.effect.choices.get(name.rpartition(".")[2], ""))
    receiver = call.receiver
    if role in ("", "header", "item") and call.effect.roles.get("name"):
        if value is None:
            return receiver or NOTHING
        key = call.value("name")
        sending.note_header(call.machine, call.frame, key, value.value, value.site)
        if isinstance(receiver, Instance):
            headers = receiver.roles.setdefault("headers", Container("dict", site=call.site))
            access.store_item(call.machine, call.frame, headers, key, value.value, value.site)
        elif isinstance(receiver, Parameter | Field | Member):
            held = receiver if role == "item" else Member(receiver, "headers")
            call.frame.writes.append(Write("item", held, key, value.value))
        elif isinstance(receiver, Container):
            access.put(receiver, key, value.value)
            return access.item(call.machine, call.frame, receiver, key, call.site)
        return receiver or NOTHING
    if not role and isinstance(receiver, Instance):
        for name in call.effect.roles:
            given = call.argument(name)
            if given is not None and not isinstance(given.value, Nothing):
                receiver.roles[name] = join([receiver.roles.get(name), given.value]) or given.value
        sending.note_client(call, receiver.roles)
        return receiver
    if role and value is not None and isinstance(receiver, Parameter | Field | Member):
        call.frame.writes.append(Write("attribute", receiver, Text((role,)), value.value))
    elif not role and isinstance(receiver, Parameter | Field | Member):
        _sign_in(call, receiver)
    if role and value is not None and isinstance(receiver, Instance):
        stored = value.value
        if role == "auth":
            stored = sending.as_auth(call, stored, value.site) or stored
        receiver.roles[role] = join([receiver.roles.get(role), stored]) or stored
        sending.note_client(call, receiver.roles)
    return receiver or NOTHING


def _sign_in(call: Call, receiver: Parameter | Field | Member) -> None:
    """A user and password set on something that a caller handed over."""
    given = {name: value for name in call.effect.roles if (value := call.value(name)) is not None}
    sending.note_client(call, given)
    for name, value in given.items():
        call.frame.writes.append(Write("attribute", receiver, Text((name,)), value))


def _write(call: Call) -> Value:
    value = call.value("value")
    if value is not None:
        call.observe("write", value)
    return NOTHING


def _export(call: Call) -> Value:
    """Variables for other programs: one of those depends on a credential that is called so."""
    for argument in call.arguments:
        if argument.name is not None and not argument.name.startswith("*"):
            export(call.machine, call.frame, argument.name, argument.value, argument.site)
    return NOTHING


def _bind(call: Call) -> Value:
    """A name for a value from outside: that of the two says what it is that is a credential's."""
    variable, name = literal(call.value("variable")), literal(call.value("name")) or ""
    if variable is None:
        return NOTHING
    says_little = variable.isalpha() or not call.machine.is_credential(variable)  # `TOKEN` is anybody's
    telling = name if says_little and call.machine.is_credential(name) else variable
    made = Source(call.effect.origin or "secret-store", telling, call.site)
    call.frame.names[variable] = made
    call.machine.environment[variable] = made  # programs that are run there see it too
    call.observe("read", made)
    return made


def _partial(call: Call) -> Value:
    function = call.value("function")
    if not isinstance(function, FunctionValue | External | Method):
        return function or unknown("partial()", call.site)
    rest = [argument for argument in call.arguments if argument.value is not function]
    bound = function.bound + tuple((argument.name, argument.value) for argument in rest)
    if isinstance(function, FunctionValue):
        return replace(function, bound=bound, others=())
    return replace(function, bound=bound)


def _call(call: Call) -> Value:
    function = call.value("function")
    if "value" in call.effect.roles:
        return _handed(call, function, call.value("value") or unknown("", call.site))
    if function is None:
        return unknown("", call.site)
    if isinstance(function, Source | Parameter | Text | Container | Instance):
        return function  # a coroutine: what it gives is known already
    rest = [argument for argument in call.arguments if argument.value is not function]
    return call.machine.call(call.frame, function, rest, call.site)


def _handed(call: Call, function: Value | None, value: Value) -> Value:
    """What a callable gives that is handed the value, or each item of it, and nothing else."""
    if function is None:
        return value
    if call.effect.role != "items":
        return call.machine.call(call.frame, function, [Argument(None, value, call.site)], call.site)
    if isinstance(value, Parameter | Field | Member):
        value = Member(value, "[]", call.site)
    item = join(items_of(value)) or unknown("", call.site)
    given = call.machine.call(call.frame, function, [Argument(None, item, call.site)], call.site)
    return Container("list", rest=given, site=call.site)


def _nothing(call: Call) -> Value:
    return call.result()


def _pair(call: Call) -> Value:
    items: dict[str | int, Value] = {
        "username": call.value("user") or EMPTY, "password": call.value("password") or EMPTY,
    }  # fmt: skip
    return Container("dict", items, site=call.site)


def _authenticate(call: Call) -> Value:
    user, password, token = call.value("user"), call.value("password"), call.value("token")
    kept = user.roles.get("auth") if isinstance(user, Instance) and password is None else None
    if isinstance(kept, Auth):  # `new BasicAuthCredential(new NetworkCredential(…))`
        return Auth(
            call.effect.scheme or kept.scheme, kept.user, kept.password, kept.token, kept.site, kept.maker,
            call.effect.service or kept.service, call.effect.credential or kept.credential,
        )  # fmt: skip
    pair = call.value("userinfo")
    if pair is not None and password is None:
        user, password = sending.split_pair(pair)
    auth = Auth(
        call.effect.scheme or "basic", user, password, token, call.site, call.name, call.effect.service,
        call.effect.credential,
    )  # fmt: skip
    if user is not None or password is not None or token is not None:
        call.observe("client", auth, url=call.value("url"))
    return auth


_DOES: dict[str, Callable[[Call], Value]] = {
    "same": _same,
    "concatenate": concatenate_parts,
    "append": append_to,
    "join": join_parts,
    "format": format_template,
    "substitute": substitute,
    "replace": replace_in,
    "encode": encode_value,
    "decode": decode_value,
    "read": _read,
    "load": _load,
    "declare": _declare,
    "pair": _pair,
    "authenticate": _authenticate,
    "headers": _headers,
    "url": make_url,
    "request": sending.send,
    "client": sending.make_client,
    "set": _set,
    "option": _set,
    "command": command_lines.run,
    "add": add,
    "write": _write,
    "keep": keep,
    "export": _export,
    "mapping": make_mapping,
    "sequence": make_sequence,
    "update": update,
    "get": get,
    "view": view,
    "copy": copy,
    "bind": _bind,
    "partial": _partial,
    "call": _call,
    "nothing": _nothing,
}
