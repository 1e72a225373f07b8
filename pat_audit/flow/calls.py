"""What calling a value gives: a library's callable, a method, a function or class of the program, or nobody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.flow import access, classes, effects, ir
from pat_audit.flow.combining import (
    NOTHING,
    join,
    unknown,
)
from pat_audit.flow.evaluate import Evaluator
from pat_audit.flow.frame import Argument, Frame, Machine
from pat_audit.flow.handing_over import bind
from pat_audit.flow.modelled_call import Call
from pat_audit.flow.names import held
from pat_audit.flow.values import (
    Auth,
    BaseView,
    ClassValue,
    Constant,
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

if TYPE_CHECKING:
    from pat_audit.vocabulary import Effect

MAX_VERSIONS = 3  # functions of one name that are followed where a call does not tell which
_READ_AS_MAPPINGS = ("config", "file", "request", "environment")
_BUILTIN_TYPES = {"list": "list", "tuple": "tuple", "set": "list", "dict": "dict"}


def call(machine: Machine, frame: Frame, callee: Value, arguments: list[Argument], site: Site) -> Value:
    """What calling `callee` gives."""
    if isinstance(callee, OneOf):
        results = [machine.call(frame, option, arguments, site) for option in callee.options[:4]]
        return join(results) or unknown("", site)
    if isinstance(callee, External | Method) and callee.bound:
        arguments = [Argument(name, value, site) for name, value in callee.bound] + arguments
    if isinstance(callee, External):
        return _call_external(machine, frame, callee.name, arguments, site)
    if isinstance(callee, Method):
        return _call_method(machine, frame, callee, arguments, site)
    if isinstance(callee, FunctionValue):
        thing = arguments[0].value if arguments else None
        if callee.owner is not None and callee.receiver is None and isinstance(thing, Thing) and not callee.tree.kind:
            return _call_of(machine, frame, callee, thing, arguments[1:], site)
        return apply(machine, frame, callee, arguments, site)
    if isinstance(callee, ClassValue):
        return _construct(machine, frame, callee, arguments, site)
    if isinstance(callee, Thing):
        method = classes.bound_method(callee.owner, "__call__", callee)
        if method is not None:
            return apply(machine, frame, method, arguments, site)
    if isinstance(callee, Instance):
        called = machine.models.method(callee.type, "__call__")
        if called is not None:
            return _perform(machine, frame, called, callee.maker or callee.name, callee, arguments, site)
    if isinstance(callee, ModuleValue):
        whole = machine.member(callee.path, ir.DEFAULT)
        return unknown("", site) if whole is None else machine.call(frame, whole, arguments, site)
    if isinstance(callee, Member):
        return _call_unknown(machine, frame, callee.base, callee.name, arguments, site, callee)
    if isinstance(callee, Source) and callee.origin == "entra":
        return callee  # a token provider gives its token
    if isinstance(callee, Source):
        base, _, name = callee.name.rpartition(".")
        receiver = (
            Source(callee.origin, base, callee.site, callee.default) if base or callee.origin != "unknown" else NOTHING
        )
        return _call_unknown(machine, frame, receiver, name, arguments, site, callee)
    if isinstance(callee, Parameter):
        if callee.function == frame.identity:
            frame.called.add(callee.name)
        kind = None if callee.kind is None else callee.kind()
        if kind is None and callee.default is not None and not isinstance(callee.default, Nothing):
            return machine.call(frame, callee.default, arguments, site)
        return unknown(f"{callee.name}()", site)
    return unknown("", site)


def apply(machine: Machine, frame: Frame, function: FunctionValue, arguments: list[Argument], site: Site) -> Value:
    """What calling a function of the program gives; of several of that name, those that take what it is handed."""
    results = [machine.apply(frame, version, arguments, site) for version in fitting(function, arguments)]
    return results[0] if len(results) == 1 else join(results) or unknown("", site)


def fitting(function: FunctionValue, arguments: list[Argument]) -> tuple[FunctionValue, ...]:
    """The functions of one name that may be meant by a call with these arguments."""
    if not function.others:
        return (function,)
    versions = (*function.others, function)
    return tuple([version for version in versions if _takes(version, arguments)])[:MAX_VERSIONS] or (function,)


def _takes(function: FunctionValue, arguments: list[Argument]) -> bool:
    own = function.owner is not None and function.tree.kind != "static"
    parameters = function.tree.parameters[1:] if own else function.tree.parameters
    if any(argument.name in ("*", "**") for argument in arguments):
        return True
    if any(parameter.kind for parameter in parameters):
        return len(arguments) >= len(parameters) - 1
    names = {parameter.name for parameter in parameters}
    if any(argument.name is not None and argument.name not in names for argument in arguments):
        return False
    needed = sum(parameter.default is None for parameter in parameters)
    return needed <= len(arguments) <= len(parameters)


def _call_external(machine: Machine, frame: Frame, name: str, arguments: list[Argument], site: Site) -> Value:
    effect = machine.models.functions.get(name)
    if effect is not None:
        return _perform(machine, frame, effect, name, None, arguments, site)
    type_ = machine.models.types.get(name)
    if type_ is not None:
        if type_.make is not None:
            made = _perform(machine, frame, type_.make, name, None, arguments, site)
            if isinstance(made, Source) and made.origin == "unknown":
                return Instance(type_, {}, site, name, name.rpartition(".")[2])
            return made
        return Instance(type_, {}, site, name, name.rpartition(".")[2])
    base, _, last = name.rpartition(".")
    return _call_unknown(machine, frame, unknown(base), last, arguments, site, External(name))


def _call_method(machine: Machine, frame: Frame, method: Method, arguments: list[Argument], site: Site) -> Value:
    receiver = method.receiver
    if isinstance(receiver, BaseView):
        return _call_super(machine, frame, receiver.thing, method.name, arguments, site)
    effect = None
    if isinstance(receiver, Instance):
        effect = machine.models.method(receiver.type, method.name)
    elif isinstance(receiver, Thing):
        base = classes.library_base(machine, receiver.owner)
        effect = machine.models.method(base, method.name) if base is not None else None
    elif isinstance(receiver, Text | Encoded):
        effect = _builtin(machine, "str", method.name)
    elif isinstance(receiver, Container):
        effect = _builtin(machine, _BUILTIN_TYPES[receiver.kind], method.name)
        if effect is None and receiver.kind in ("list", "set"):
            return _grow(machine, receiver, method.name.lower(), arguments, site)
    if effect is None:
        effect = machine.models.methods.get(method.name)
    if effect is None:
        added = _extension(machine, frame, method.name)
        if added is not None:
            return machine.call(frame, added, [Argument(None, receiver, site), *arguments], site)
        if len(arguments) == 1 and isinstance(receiver, Text):
            return receiver
        if isinstance(receiver, Instance) and receiver.type.fluent:
            return receiver
        return unknown(f"{method.name}()", site)
    name = f"{getattr(receiver, 'maker', '') or 'value'}.{method.name}"
    return _perform(machine, frame, effect, name, receiver, arguments, site)


def _grow(machine: Machine, receiver: Container, name: str, arguments: list[Argument], site: Site) -> Value:
    """A list grows: what is added may be any of its items."""
    for argument in arguments:
        if name in ("append", "add", "insert", "appendleft", "push", "enqueue"):
            access.put(receiver, Constant(len(receiver.items)), argument.value)
        elif name in ("extend", "update", "addrange") and isinstance(argument.value, Container):
            for item in list(argument.value.items.values()):
                access.put(receiver, Constant(len(receiver.items)), item)
            receiver.rest = join([receiver.rest, argument.value.rest])
    if name in ("pop", "popleft", "get", "next"):
        return join([*receiver.items.values(), receiver.rest]) or unknown("", site)
    return NOTHING


def _builtin(machine: Machine, type_name: str, method: str) -> Effect | None:
    type_ = machine.models.types.get(f"builtins.{type_name}")
    return None if type_ is None else machine.models.method(type_, method)


def _call_of(
    machine: Machine, frame: Frame, method: FunctionValue, thing: Thing, arguments: list[Argument], site: Site
) -> Value:
    """A method of a certain class called on an instance: `Base.__init__(self, …)`."""
    function = method.on(method.owner, thing)
    if method.tree.name in classes.CONSTRUCTORS:
        for version in fitting(function, arguments):
            classes.state_of(thing.owner).supers.update(bind(machine, version, arguments, site))
    return apply(machine, frame, function, arguments, site)


def _call_super(
    machine: Machine, frame: Frame, thing: Thing, name: str, arguments: list[Argument], site: Site
) -> Value:
    for base in classes.lineage(thing.owner)[1:]:
        member = base.members.get(name + classes.CALLED) or base.members.get(name)
        if isinstance(member, FunctionValue):
            return _call_of(machine, frame, member.on(base, None), thing, arguments, site)
    base_type = classes.library_base(machine, thing.owner)
    if base_type is not None:
        effect = base_type.make if name == ir.CONSTRUCTOR else machine.models.method(base_type, name)
        if effect is not None:
            made = _perform(machine, frame, effect, base_type.names[0], thing, arguments, site)
            if name == ir.CONSTRUCTOR and isinstance(made, Instance):
                for attribute, role in base_type.attributes.items():
                    if role in made.roles:
                        classes.remember(thing.owner, attribute, made.roles[role])
            return made
    return unknown(f"{name}()", site)


def _call_unknown(
    machine: Machine, frame: Frame, receiver: Value, name: str, arguments: list[Argument], site: Site, callee: Value
) -> Value:
    """A call of something unknown: a known method of an annotated parameter, else by its bare name."""
    name = name.rpartition(".")[2]
    kind = _kind_of(machine, receiver)
    if isinstance(kind, External):
        type_ = machine.models.types[kind.name]
        effect = machine.models.method(type_, name)
        if effect is not None:
            # what is set on a thing that a caller hands over is set on the caller's
            instance = Instance(type_, {}, site, kind.name, getattr(receiver, "name", ""))
            on = receiver if effect.does in ("set", "option") else instance
            return _perform(machine, frame, effect, f"{kind.name}.{name}", on, arguments, site)
        if type_.fluent:
            return receiver
    elif isinstance(kind, ClassValue):
        method = classes.bound_method(kind, name, classes.myself(kind))
        if method is not None:
            return apply(machine, frame, method, arguments, site)
    held_as = str(getattr(receiver, "name", "")).rpartition(".")[2]
    effect = machine.models.methods.get(f"{held_as}.{name}") or machine.models.methods.get(name)
    if effect is None and isinstance(receiver, Source) and receiver.origin in _READ_AS_MAPPINGS:
        effect = _builtin(machine, "dict", name)  # what is read from a file is mappings mostly
    if effect is not None:
        return _perform(machine, frame, effect, name, receiver, arguments, site)
    added = _extension(machine, frame, name) if not isinstance(callee, External) else None
    if added is not None:
        return machine.call(frame, added, [Argument(None, receiver, site), *arguments], site)
    _duck(machine, frame, name, arguments, site)
    carried = [argument.value for argument in arguments if argument.name is None]
    if len(carried) == 1 and isinstance(carried[0], Encoded | Auth):
        return carried[0]  # a conversion, or a wrapper
    if isinstance(callee, Member) and callee.base is receiver:
        return Member(callee.base, f"{callee.name}()", site)
    return unknown(f"{name}()", site)


def _extension(machine: Machine, frame: Frame, name: str) -> Value | None:
    """A function of the program that is called like a method of its first parameter."""
    if not machine.language.extensions:
        return None
    module = frame
    while module.parent is not None:
        module = module.parent
    called = ir.EXTENSION + name
    return held(machine, module, called) or machine.implied(called, frame.path)


def _kind_of(machine: Machine, receiver: Value) -> Value | None:
    """The class that a parameter or field is declared to be of."""
    if isinstance(receiver, Parameter):
        return None if receiver.kind is None else receiver.kind()
    if not isinstance(receiver, Field):
        return None
    owner = machine.classes.get(receiver.owner)
    for here in () if owner is None else classes.lineage(owner):
        if receiver.name in here.declared:
            return machine.kind(here.scope, here.declared[receiver.name])
    return None


def _duck(machine: Machine, frame: Frame, name: str, arguments: list[Argument], site: Site) -> None:
    """A call of something unknown that is handed what signs in, under the keywords that everybody uses."""
    effect = machine.models.methods.get("request")
    if effect is not None and any(argument.name in ("auth", "headers") for argument in arguments):
        _perform(machine, frame, effect, name, NOTHING, arguments, site)


def _perform(
    machine: Machine,
    frame: Frame,
    effect: Effect,
    name: str,
    receiver: Value | None,
    arguments: list[Argument],
    site: Site,
) -> Value:
    result = effects.perform(Call(machine, frame, effect, name, receiver, arguments, site))
    if isinstance(result, Text) and result.site == site:
        return Evaluator(machine, frame).composed(result, [argument.value for argument in arguments])
    return result


def _construct(machine: Machine, frame: Frame, owner: ClassValue, arguments: list[Argument], site: Site) -> Value:
    """An instance of one of the program's own classes."""
    thing = Thing(owner, {}, {}, site)
    constructor = classes.bound_method(owner, ir.CONSTRUCTOR, thing)
    if constructor is not None:
        for version in fitting(constructor, arguments):
            thing.bindings.update(bind(machine, version, arguments, site))
        _bind_supers(machine, thing)
        apply(machine, frame, constructor, arguments, site)
    else:
        base = classes.library_base(machine, owner)
        if base is not None and base.make is not None:
            _perform(machine, frame, base.make, base.names[0], None, arguments, site)
        names = [name for here in reversed(classes.lineage(owner)) for name in here.annotated]
        for index, argument in enumerate(arguments):
            name = argument.name or (names[index] if index < len(names) else None)
            if name is not None and name != "**":
                thing.attributes[name] = argument.value
                classes.note_made(owner, name, argument.value)
    return thing


def _bind_supers(machine: Machine, thing: Thing) -> None:
    for here in classes.lineage(thing.owner):
        member = here.members.get(ir.CONSTRUCTOR)
        if isinstance(member, FunctionValue):
            for version in (member, *member.others):
                machine.summarise(version)
        for key, value in classes.state_of(here).supers.items():
            if key not in thing.bindings:
                thing.bindings[key] = access.filled(machine, Frame("", None, 0), thing, value)
