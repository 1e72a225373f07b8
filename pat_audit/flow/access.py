"""Attributes and items: reading and writing them on every kind of value."""

from __future__ import annotations

from pat_audit.flow import classes, ir, url_parts
from pat_audit.flow.combining import (
    MAX_ITEMS,
    NOTHING,
    is_open,
    join,
    literal,
    options,
    unknown,
)
from pat_audit.flow.frame import Argument, Frame, Machine, Write
from pat_audit.flow.instantiate import Instantiation
from pat_audit.flow.values import (
    Auth,
    BaseView,
    ClassValue,
    Container,
    Encoded,
    External,
    Field,
    FunctionValue,
    Instance,
    Member,
    Method,
    ModuleValue,
    Nothing,
    OneOf,
    Parameter,
    Site,
    Source,
    Text,
    Thing,
    Value,
)

DECLARED = "declared:"


def declared(name: str) -> str:
    """The role under which an options object keeps what was declared as `name`: `--ado-pat` is read as `adoPat`."""
    return DECLARED + name.replace("-", "").replace("_", "").lower()


def attribute(machine: Machine, frame: Frame, value: Value, name: str, site: Site) -> Value:
    """What `value.name` gives."""
    if isinstance(value, OneOf):
        return join([attribute(machine, frame, option, name, site) for option in value.options]) or unknown(name, site)
    if isinstance(value, External):
        # what a library gives by default goes by the library's name
        return value if name == ir.DEFAULT else external(machine, f"{value.name}.{name}", site)
    if isinstance(value, ModuleValue):
        return machine.member(value.path, name) or unknown(name, site)
    if isinstance(value, Container) and value.kind == "dict" and machine.language.fields_as_items:
        item_ = value.items.get(name.lower()) or of_rest(value.rest, name, site)
        if item_ is not None:
            return item_
    if isinstance(value, Thing):
        return _of_thing(machine, frame, value, name, site)
    if isinstance(value, ClassValue):
        return _of_class(machine, frame, value, name, site)
    if isinstance(value, Instance):
        return _of_instance(machine, value, name, site)
    if isinstance(value, Parameter | Field | Member | Source | Text) and _is_same(machine, name):
        return value
    if isinstance(value, Parameter | Field | Member):
        return Member(value, name, site)
    if isinstance(value, Source):
        return Source(
            value.origin, f"{value.name}.{name}".lstrip(".")[-200:], site if value.origin == "unknown" else value.site
        )
    if isinstance(value, Auth) and name in ("user", "username", "login"):
        return value.user or unknown(name, site)
    if isinstance(value, Auth) and name in ("password", "token"):
        return value.password or value.token or unknown(name, site)
    if isinstance(value, Text | Encoded | Container | Auth | FunctionValue | BaseView):
        return Method(value, name)
    return unknown(name, site)


def _is_same(machine: Machine, name: str) -> bool:
    """Whether a property of a text is the text in another form: its bytes."""
    text_ = machine.models.types.get("builtins.str")
    return text_ is not None and text_.attributes.get(name) == "value"


def external(machine: Machine, name: str, site: Site) -> Value:
    """What a library's name stands for: an instance of a modelled type, or the name."""
    if machine.language.namespaces:
        name = machine.models.without_namespace(name)
    constant = machine.models.constants.get(name)
    if constant is not None:
        return Text((constant,))
    type_name = machine.models.values.get(name)
    if type_name is not None and type_name in machine.models.types:
        return Instance(machine.models.types[type_name], {}, site, name, name.rpartition(".")[2])
    return External(name, site)


def _of_instance(machine: Machine, value: Instance, name: str, site: Site) -> Value:
    role = machine.models.attribute(value.type, name)
    if role == "self":
        return value
    if role is not None and role.startswith("url."):
        return url_parts.part(value, role.removeprefix("url."), site)
    if role is not None:
        held = value.roles.get(role)
        if held is None and role in ("headers", "params"):
            held = value.roles[role] = Container("dict", site=site)
        elif held is None and role == "arguments":
            held = value.roles[role] = Container("list")
        if held is not None:
            return held
        return unknown(f"{value.name}.{name}", site)
    if machine.models.method(value.type, name) is not None:
        return Method(value, name)
    if value.type.item:
        return _outside(machine, value, name, site)
    return Method(value, name)


def _outside(machine: Machine, value: Instance, name: str, site: Site) -> Value:
    """The item `name` of something that holds values from outside."""
    known = machine.environment.get(name) if value.type.item == "environment" else None
    return known or Source(value.type.item, name, site, value.roles.get(declared(name)))


def _of_thing(machine: Machine, frame: Frame, thing: Thing, name: str, site: Site) -> Value:
    held = thing.attributes.get(name)
    symbolic = classes.is_symbolic(thing)
    if held is None:
        field_ = classes.field_value(machine, thing.owner, name)
        if field_ is not None:
            held = field_ if symbolic else filled(machine, frame, thing, field_)
    if held is not None:
        return held
    found = classes.find_member(thing.owner, name)
    if found is None and _complete(machine, thing.owner, name):
        found = classes.find_member(thing.owner, name)
    if found is not None and not isinstance(found[1], Nothing):
        owner, member = found
        if isinstance(member, FunctionValue):
            bound = member.on(owner, thing)
            if member.tree.kind == "property":
                return machine.apply(frame, bound, [], site)
            return bound
        return member
    base = classes.library_base(machine, thing.owner)
    if base is not None:
        role = machine.models.attribute(base, name)
        if role in ("headers", "params"):
            container = Container("dict", site=site)
            classes.remember(thing.owner, name, container)
            return container
        if base.item and found is None and _is_declared(thing.owner, name):
            return Source(base.item, name, site)
        if machine.models.method(base, name) is not None:
            return Method(thing, name)
    if symbolic:
        return Field(thing.owner.identity, name, site)
    return found[1] if found is not None else unknown(f"{thing.owner.tree.name}.{name}", site)


def _of_class(machine: Machine, frame: Frame, owner: ClassValue, name: str, site: Site) -> Value:
    """A member of the class itself: what its body and its methods set there."""
    found = classes.find_member(owner, name)
    if found is not None and isinstance(found[1], FunctionValue):
        if found[1].tree.kind == "property":
            return machine.apply(frame, found[1].on(found[0], classes.myself(owner)), [], site)
        member: Value = classes.of_class(*found)
        return member
    held = classes.field_value(machine, owner, name)
    found = classes.find_member(owner, name)  # its methods are evaluated now
    values = [held, found[1] if found is not None else None]
    return join(values) or unknown(f"{owner.tree.name}.{name}", site)


def _complete(machine: Machine, owner: ClassValue, name: str) -> bool:
    """Have the files evaluated that may add a member to a class that they do not declare."""
    if not machine.language.folders:
        return False
    for here in classes.lineage(owner):
        machine.complete(here.scope.path, here.tree.name, name)
    return True


def _is_declared(owner: ClassValue, name: str) -> bool:
    return any(name in here.annotated for here in classes.lineage(owner))


def filled(machine: Machine, frame: Frame, thing: Thing, value: Value) -> Value:
    """A value that a class's methods made, for one instance of it."""

    def fill(reference: Parameter | Field) -> Value | None:
        if isinstance(reference, Parameter):
            return thing.bindings.get((reference.function, reference.name))
        return thing.attributes.get(reference.name)

    return Instantiation(fill, lambda base, key, site: read(machine, frame, base, key, site)).value(value)


def read(machine: Machine, frame: Frame, value: Value, name: str, at: Site | None) -> Value:
    """An attribute or item by name, whichever the value has: for references that a caller fills in."""
    site = at or Site(frame.path, 0, 0)
    if name.startswith("[") and name.endswith("]"):
        return item(machine, frame, value, Text((name[1:-1],)), site)
    if isinstance(value, Container):
        return value.items.get(name.lower()) or of_rest(value.rest, name, site) or value.rest or NOTHING
    if isinstance(value, Nothing):
        return NOTHING
    if not name.endswith("()"):
        return attribute(machine, frame, value, name, site)
    name = name.removesuffix("()")
    method = classes.own_method(value, name) or attribute(machine, frame, value, name, site)
    return machine.call(frame, method, [], site)


def item(machine: Machine, frame: Frame, value: Value, key: Value | None, site: Site) -> Value:
    """What `value[key]` gives; a `key` of None is a slice."""
    if isinstance(value, OneOf):
        return join([item(machine, frame, option, key, site) for option in value.options]) or unknown("", site)
    if isinstance(key, OneOf):
        return join([item(machine, frame, value, option, site) for option in key.options]) or unknown("", site)
    name = literal(key) if key is not None else None
    if isinstance(value, Container):
        if name is None:
            return value if key is None else (join([value.rest, *value.items.values()]) or unknown("", site))
        index = _index(value, name)
        found = value.items.get(index)
        if found is not None:
            return found
        if value.rest is None and isinstance(index, int):
            return NOTHING  # behind the end: an argument that was not given
        poured = of_rest(value.rest, name, site) if value.kind == "dict" else None
        return poured or value.rest or unknown(name, site)
    if isinstance(value, Instance) and value.type.item:
        if name is not None and name.isdigit():  # `options, rest = parser.parse_known_args()`
            return value if name == "0" else unknown("", site)
        if name is None:
            return Source(value.type.item, _label(key), site, key=key if is_open(key) else None)
        return _outside(machine, value, name, site)
    if isinstance(value, Instance):
        role = name.lower() if name is not None else ""
        return value.roles.get(role, unknown(f"{value.name}[{name or ''}]", site))
    if isinstance(value, Thing):
        getter = classes.bound_method(value.owner, "__getitem__", value)
        if getter is not None and key is not None:
            return machine.apply(frame, getter, [Argument(None, key, site)], site)
        return unknown(name or value.owner.tree.name, site)
    if key is None:
        return value  # a slice of a text or list is still it, for our purposes
    if isinstance(value, Parameter | Field | Member):
        return Member(value, f"[{name}]" if name is not None else "[]", site)
    if isinstance(value, Source):
        label = name if name is not None else _label(key)
        return Source(value.origin, f"{value.name}.{label}".lstrip(".")[-200:], site)
    if isinstance(value, External):
        return unknown(f"{value.name}.{name or ''}", site)
    return unknown(name or "", site)


def _label(key: Value | None) -> str:
    return key.name if isinstance(key, Source | Parameter | Field | Member) else ""


def _index(container: Container, name: str) -> str | int:
    if container.kind in ("list", "tuple", "set"):
        try:
            index = int(name)
        except ValueError:
            return name
        return index if index >= 0 else index + len(container.items)
    return name.lower()


def held(machine: Machine, frame: Frame, value: Value | None, name: str, site: Site) -> Value | None:
    """What an object holds under a name, None where nobody put it there: an option of an options object."""
    if isinstance(value, OneOf):
        return join([held(machine, frame, option, name, site) for option in value.options])
    if isinstance(value, Container):
        found = value.items.get(_index(value, name))
        return of_rest(value.rest, name, site) if found is None else found
    if isinstance(value, Parameter | Field | Member):
        return Member(value, name, site)
    if isinstance(value, Thing):
        got = _of_thing(machine, frame, value, name, site)
        return None if isinstance(got, Source) and got.origin == "unknown" else got
    if isinstance(value, Instance):
        return value.roles.get(machine.models.attribute(value.type, name) or name.lower())
    return None


def of_rest(rest: Value | None, name: str, site: Site) -> Value | None:
    """What stands under `name` in what was poured into a mapping: of a reference, its member."""
    found: list[Value | None] = []
    for option in options(rest):
        if isinstance(option, Member) and option.name == "[]":
            found.append(Member(option.base, name, site))
    return join(found)


def store_item(machine: Machine, frame: Frame, target: Value, key: Value | None, value: Value, site: Site) -> None:
    """`target[key] = value`."""
    for option in target.options if isinstance(target, OneOf) else (target,):
        if isinstance(option, Container):
            put(option, key, value)
        elif isinstance(option, Instance):
            name = literal(key) if key is not None else None
            if option.type.item == "environment" or name is None:
                continue
            headers = option.roles.get("headers")
            if isinstance(headers, Container) and "headers" in option.type.attributes.values():
                put(headers, key, value)
            else:
                option.roles[name.lower()] = value
        elif isinstance(option, Parameter | Field | Member):
            frame.writes.append(Write("item", option, key, value))


def put(container: Container, key: Value | None, value: Value) -> None:
    """Store into a container; what stood there before is kept as an alternative."""
    name = literal(key) if key is not None else None
    if name is None or (len(container.items) >= MAX_ITEMS and name.lower() not in container.items):
        container.rest = join([container.rest, value])
        return
    index = _index(container, name)
    joined = join([container.items.get(index), value])
    if joined is not None:
        container.items[index] = joined
    if key is not None:
        container.keys[index] = key


def store_attribute(machine: Machine, frame: Frame, target: Value, name: str, value: Value, site: Site) -> str | None:
    """`target.name = value`; gives the role that the attribute plays on a library object, if any."""
    role: str | None = None
    for option in target.options if isinstance(target, OneOf) else (target,):
        if isinstance(option, Thing):
            if classes.is_symbolic(option):
                classes.remember(option.owner, name, value)
            else:
                option.attributes[name] = join([option.attributes.get(name), value]) or value
            base = classes.library_base(machine, option.owner)
            role = machine.models.attribute(base, name) if base is not None else None
        elif isinstance(option, Instance):
            role = machine.models.attribute(option.type, name)
            if role == "self":
                if isinstance(value, Instance):
                    option.roles.update(value.roles)
                continue
            key = role or name.lower()
            option.roles[key] = join([option.roles.get(key), value]) or value
        elif isinstance(option, ClassValue):
            before = option.members.get(name)
            kept = None if isinstance(before, FunctionValue) else before
            option.members[name] = join([kept, value]) or value
        elif isinstance(option, Container) and machine.language.fields_as_items:
            put(option, Text((name,)), value)
        elif isinstance(option, Parameter | Field | Member):
            frame.writes.append(Write("attribute", option, Text((name,)), value))
            role = name if name in ("auth", "headers") else None
        elif isinstance(option, Source | Method):
            role = name if name in ("auth", "headers") else None
    return role
