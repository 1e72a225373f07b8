"""Requests and clients: what leaves the program, where to, and signed in with what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.flow import classes
from pat_audit.flow.combining import (
    concatenate,
    join,
    literal,
    options,
    pieces,
)
from pat_audit.flow.frame import Argument
from pat_audit.flow.observation import Observation
from pat_audit.flow.values import (
    Auth,
    Constant,
    Container,
    Field,
    FunctionValue,
    Instance,
    Member,
    Nothing,
    Parameter,
    Site,
    Text,
    Thing,
    Value,
)
from pat_audit.vocabulary import Type

if TYPE_CHECKING:
    from pat_audit.flow.frame import Frame, Machine
    from pat_audit.flow.modelled_call import Call

# what a callable `auth=` is handed: something with headers
_OUTGOING = Type(names=("outgoing request",), attributes={"headers": "headers"})
_USERS, _PASSWORDS = ("username", "user", "login"), ("password", "pass", "passwd")  # as a mapping names them
_KEPT = ("headers", "auth", "base_url", "url", "host", "user", "password", "token")


def split_pair(value: Value) -> tuple[Value | None, Value | None]:
    """A `user:password` text as its two values; no colon: all of it is the password of nobody."""
    if not isinstance(value, Text):
        return None, value
    for index, part in enumerate(value.parts):
        if isinstance(part, str) and ":" in part:
            before, _, after = part.partition(":")
            user = concatenate([*pieces(value.parts[:index]), Text((before,) if before else ())], value.site)
            password = concatenate([Text((after,) if after else ()), *pieces(value.parts[index + 1 :])], value.site)
            return user, _single(password)
    return None, _single(value)


def _single(value: Text) -> Value:
    only = value.parts[0] if len(value.parts) == 1 else None
    return value if only is None or isinstance(only, str) else only


def as_auth(call: Call, value: Value | None, site: Site) -> Value | None:
    """What an `auth=` argument signs in with: an auth object, a pair, or what a callable does to a request."""
    found: list[Value | None] = []
    for option in options(value):
        if isinstance(option, Auth):
            found.append(option)
        elif isinstance(option, Container):
            found.append(_signing(call, option, site))
        elif isinstance(option, FunctionValue | Thing):
            found.append(_by_calling(call, option, site))
        elif isinstance(option, Instance) and option.roles.get("auth") is not None:
            found.append(option.roles["auth"])  # an object that keeps a user and password
        elif not isinstance(option, Nothing | Text):
            found.append(option)
    return join(found)


def pairs(value: Value | None) -> list[Auth]:
    """The auth objects that pairs among the alternatives of a value come to: `(user, password)`, or named so."""
    found: list[Auth] = []
    for option in options(value):
        if not isinstance(option, Container):
            continue
        if option.kind == "dict":
            password = next((option.items[name] for name in _PASSWORDS if name in option.items), None)
            if password is not None:
                user = next((option.items[name] for name in _USERS if name in option.items), None)
                found.append(Auth("basic", user, password, None, option.site))
        elif option.kind in ("tuple", "list") and len(option.items) == 2:
            found.append(Auth("basic", option.items.get(0), option.items.get(1), None, option.site))
    return found


def _by_calling(call: Call, option: FunctionValue | Thing, site: Site) -> Value | None:
    """What a callable signs in with: the header that it gives a request, or the pair that it gives back."""
    outgoing = Instance(_OUTGOING, {"headers": Container("dict", site=site)}, site, "request", "request")
    function: FunctionValue | None
    if isinstance(option, FunctionValue):
        function = option
    else:
        name = "__call__" if classes.find_member(option.owner, "__call__") is not None else "auth_flow"
        function = classes.bound_method(option.owner, name, option)
    if function is None:
        return None
    given = call.machine.apply(call.frame, function, [Argument(None, outgoing, site)], site)
    header = authorization(outgoing.roles.get("headers"))
    return header if header is not None else _signing(call, given, site)


def _signing(call: Call, value: Value, site: Site) -> Value | None:
    found: list[Value | None] = []
    for pair in pairs(value):
        auth = Auth("basic", pair.user, pair.password, None, pair.site or site, call.name)
        call.observe("client", auth, auth.site)
        found.append(auth)
    return join(found)


def authorization(headers: Value | None) -> Value | None:
    """The value of the Authorization header among `headers`."""
    found: list[Value | None] = []
    for option in options(headers):
        if isinstance(option, Container):
            if option.kind == "dict":
                found.append(option.items.get("authorization"))
                if option.rest is not None and "authorization" not in option.items:
                    found.append(authorization(option.rest))
            else:  # `Name: value` lines, or pairs
                found.extend(_line(item) for item in option.items.values())
        elif isinstance(option, Text):
            found.append(_line(option))
        elif isinstance(option, Instance):
            found.append(authorization(option.roles.get("headers")))
        elif isinstance(option, Parameter | Field | Member):
            found.append(Member(option, "authorization"))
    return join(found)


def _line(item: Value) -> Value | None:
    if isinstance(item, Container) and (literal(item.items.get("name")) or "").lower() == "authorization":
        return item.items.get("value")
    if isinstance(item, Container) and (literal(item.items.get(0)) or "").lower() == "authorization":
        return item.items.get(1)
    if isinstance(item, Text) and item.parts and isinstance(item.parts[0], str):
        head = item.parts[0]
        if head.lower().startswith("authorization:"):
            rest = head.partition(":")[2].lstrip()
            return Text((rest, *item.parts[1:]), item.site, item.weight)
    return None


def note_header(machine: Machine, frame: Frame, key: Value | None, value: Value, site: Site) -> None:
    """Note a header that carries a service's token and nothing else, where it is set."""
    name = literal(key)
    service = None if name is None else machine.models.headers.get(name.lower())
    if name is not None and service is not None and not isinstance(value, Constant | Nothing):
        auth = Auth("header", None, None, value, site, name, service)
        machine.observe(frame, Observation("client", site, auth, frame.identity, None, name, service, at=site))


def send(call: Call) -> Value:
    """A request leaves."""
    kept = _kept(call)
    observe_request(call, kept)
    return call.result()


def _kept(call: Call) -> dict[str, Value]:
    """The roles of a call, what its receiver keeps filled in where the call says nothing."""
    roles: dict[str, Value] = {}
    receiver = call.receiver
    if isinstance(receiver, Instance):
        roles.update({role: value for role, value in receiver.roles.items() if role in _KEPT})
    elif isinstance(receiver, Thing):
        for name in ("headers", "auth", "base_url"):
            held = receiver.attributes.get(name) or classes.field_value(call.machine, receiver.owner, name)
            if held is not None:
                roles[name] = held
    for role in call.effect.roles:
        argument = call.argument(role)
        if argument is None or isinstance(argument.value, Nothing):
            continue
        if role in ("url", "headers") and isinstance(argument.value, Instance):
            # a request object, or a parsed URL: it brings what it was made with
            roles.update({name: held for name, held in argument.value.roles.items() if name in _KEPT})
            continue
        if role == "url" and isinstance(argument.value, Container):
            continue  # options that say where to in other words
        if role == "headers" and role in roles:
            roles["call headers"] = argument.value
        elif role == "auth":
            roles[role] = as_auth(call, argument.value, argument.site) or argument.value
        else:
            roles[role] = argument.value
    for role, constant in call.effect.constants.items():
        roles.setdefault(role, Text((constant,)))
    return roles


def url_of(roles: dict[str, Value]) -> Value | None:
    """Where a request goes: its URL, behind the client's base where it is relative."""
    url = roles.get("url")
    base = roles.get("base_url") or roles.get("host")
    if url is None or base is None:
        return url or base
    first = url.parts[0] if isinstance(url, Text) and url.parts else None
    if isinstance(first, str) and "://" in first:
        return url
    if isinstance(first, str) and first.startswith("/") and isinstance(url, Text):
        url = Text((first[1:], *url.parts[1:]), url.site, url.weight)
    last = base.parts[-1] if isinstance(base, Text) and base.parts else None
    slashed = isinstance(last, str) and last.endswith("/")
    return concatenate([base, Text(() if slashed else ("/",)), url], None)


def observe_request(call: Call, roles: dict[str, Value]) -> None:
    """Note a request: one observation for the way it signs in, if it does."""
    url = url_of(roles)
    signed = join([roles.get("auth"), authorization(roles.get("call headers")), authorization(roles.get("headers"))])
    if signed is None:
        signed = _made_of(call, roles, url)
    header = roles.get("header")
    if signed is None and header is not None:
        signed = authorization(header if isinstance(header, Container) else Container("list", {0: header}))
    if signed is None and url is None:
        return
    call.machine.observe(
        call.frame,
        Observation(
            "request",
            call.site,
            signed,
            call.frame.identity,
            url,
            call.name,
            call.effect.service,
            call.effect.credential,
            literal(roles.get("method")) or call.name.rpartition(".")[2],
            at=call.site,
            holder=_holder(call, roles),
            signs=any(isinstance(option, Text) for option in options(roles.get("auth"))),
        ),
    )


def _holder(call: Call, roles: dict[str, Value]) -> Site | None:
    """Where the client was made whose own headers or auth sign a request in."""
    receiver = call.receiver
    if not isinstance(receiver, Instance):
        return None
    signs = receiver.roles.get("auth")
    signs = authorization(receiver.roles.get("headers")) if signs is None else signs
    held = {id(option) for option in options(signs)}
    if any(id(option) in held for role in ("auth", "headers") for option in options(_signs(role, roles))):
        return receiver.site
    return None


def _signs(role: str, roles: dict[str, Value]) -> Value | None:
    return roles.get("auth") if role == "auth" else authorization(roles.get("headers"))


def _made_of(call: Call, roles: dict[str, Value], url: Value | None) -> Auth | None:
    """The auth object that separate user, password and token arguments come to."""
    user, password, token = roles.get("user"), roles.get("password"), roles.get("token")
    pair = roles.get("userinfo")
    if pair is not None and password is None:
        user, password = split_pair(pair)
    if token is None and (password is None or (literal(password) == "" and (user is None or literal(user) == ""))):
        return None
    scheme = call.effect.scheme or ("basic" if password is not None else "token")
    auth = Auth(scheme, user, password, token, call.site, call.name, call.effect.service, call.effect.credential)
    call.observe("client", auth, url=url)
    return auth


def make_client(call: Call) -> Value:
    """A client object that keeps what it is made with."""
    roles = _kept(call)
    named: Type | None = call.machine.models.types.get(call.effect.returns or call.name)
    url = url_of(roles)
    if not isinstance(roles.get("auth"), Auth):
        made = _made_of(call, roles, url)
        if made is not None:
            roles["auth"] = made
    if "call headers" in roles:
        roles["headers"] = roles.pop("call headers")
    headers = roles.get("headers")
    if isinstance(headers, Container):
        # a client copies the headers that it is given: what it adds later is its own
        roles["headers"] = Container("dict", dict(headers.items), dict(headers.keys), headers.rest, headers.site)
    if url is not None and (roles.get("auth") is not None or headers is not None):
        observe_request(call, roles)
    type_ = named or Type(names=(call.name,))
    return Instance(type_, roles, call.site, call.name, call.name.rpartition(".")[2])


def note_client(call: Call, roles: dict[str, Value]) -> None:
    """After a setter: a user and password that are both there now sign the client in."""
    if isinstance(roles.get("auth"), Auth):
        return
    if roles.get("userinfo") is not None or (roles.get("user") is not None and roles.get("password") is not None):
        made = _made_of(call, roles, url_of(roles))
        if made is not None:
            roles["auth"] = made


def note_kept(call: Call, roles: dict[str, Value]) -> None:
    """After a setter: an object that has an address and what signs it in, whoever lets it send."""
    url = url_of(roles)
    for option in options(roles.get("auth")) if url is not None else ():
        if isinstance(option, Auth):
            call.observe("client", option, url=url)
