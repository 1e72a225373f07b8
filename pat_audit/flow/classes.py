"""Classes of the program: what their instances hold, seen from their methods and from outside."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pat_audit.flow import ir
from pat_audit.flow.combining import join
from pat_audit.flow.instantiate import Instantiation
from pat_audit.flow.values import (
    ClassValue,
    External,
    Field,
    FunctionValue,
    Parameter,
    Source,
    Thing,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pat_audit.flow.frame import Machine
    from pat_audit.vocabulary import Type

CONSTRUCTORS = (ir.CONSTRUCTOR, "__post_init__", "__new__")
CALLED = "()"
"""Behind the name under which a class holds a method that a field may have the name of."""
MAX_BASES = 12


@dataclass(slots=True, eq=False)
class ClassState:
    """What is known of all instances of a class: the value of each field, and how bases were set up."""

    fields: dict[str, Value] = field(default_factory=dict)
    supers: dict[tuple[int, str], Value] = field(default_factory=dict)
    writers: dict[str, list[FunctionValue]] = field(default_factory=dict)
    made: dict[str, Value] = field(default_factory=dict)  # what instances are given as they are made, by name
    evaluated: set[int] = field(default_factory=set)
    myself: Thing | None = None


def state_of(owner: ClassValue) -> ClassState:
    """The class's table, made on first use."""
    if not isinstance(owner.state, ClassState):
        state = ClassState()
        owner.state = state
        state.myself = Thing(owner)
        for member in owner.members.values():
            if isinstance(member, FunctionValue):
                for version in (member, *member.others):
                    for name in _assigned(version.tree, owner.tree.name):
                        writers = state.writers.setdefault(name, [])
                        if version not in writers:
                            writers.append(version)
    state_: ClassState = owner.state
    return state_


def myself(owner: ClassValue) -> Thing:
    """The instance that the class's methods run on when nobody in particular calls them."""
    thing = state_of(owner).myself
    assert thing is not None
    return thing


def is_symbolic(thing: Thing) -> bool:
    """Whether the thing stands for any instance of its class."""
    return state_of(thing.owner).myself is thing


def writes_fields(function: FunctionValue) -> bool:
    """Whether a method, not a constructor, sets something in the instance that it is called on."""
    if function.owner is None or function.tree.name in CONSTRUCTORS:
        return False
    writers = state_of(function.owner).writers.values()
    return any(writer.identity == function.identity for found in writers for writer in found)


def is_myself(value: Value, thing: Thing) -> bool:
    """Whether a value that a method gives is the instance that it was called on."""
    return isinstance(value, Thing) and is_symbolic(value) and value.owner in lineage(thing.owner)


def _assigned(function: ir.Function, owner: str) -> set[str]:
    """The attributes of its first parameter, or of its class, that a function assigns, or changes something in."""
    own = {parameter.name for parameter in function.parameters[:1]} | {owner}
    found: set[str] = set()
    try:
        pending: list[ir.Statement] = list(function.body())
    except ir.Unreadable:  # told where the body is evaluated
        return found
    while pending:
        statement = pending.pop()
        if isinstance(statement, ir.Assign):
            for target in _targets(statement.targets):
                found.update(_rooted(target, own))
        elif isinstance(statement, ir.Evaluate) and isinstance(statement.value, ir.Call):
            method = statement.value.function
            if isinstance(method, ir.Attribute) and isinstance(method.value, ir.Attribute):
                found.update(_rooted(method.value.value, own))  # `self.session.headers.update(…)`
        elif isinstance(statement, ir.Branch):
            for body in statement.bodies:
                pending.extend(body)
        elif isinstance(statement, ir.Loop):
            pending.extend(statement.body)
    return found


def _rooted(place: ir.Expression, own: set[str]) -> Iterator[str]:
    """The attribute of one of `own` that a place is, or is in."""
    while isinstance(place, ir.Attribute | ir.Index):
        if isinstance(place, ir.Attribute) and isinstance(place.value, ir.Name):
            if place.value.name in own:
                yield place.name
            return
        place = place.value


def _targets(targets: tuple[ir.Expression, ...]) -> Iterator[ir.Expression]:
    for target in targets:
        if isinstance(target, ir.Collection):
            yield from (item.value if isinstance(item, ir.Argument) else item for item in target.items)
        else:
            yield target


def lineage(owner: ClassValue) -> list[ClassValue]:
    """The class and the program's classes that it derives from, nearest first."""
    found = [owner]
    for here in found:
        for base in here.bases:
            if isinstance(base, ClassValue) and all(base.tree is not each.tree for each in found):
                found.append(base)
                if len(found) == MAX_BASES:
                    return found
    return found


def library_base(machine: Machine, owner: ClassValue) -> Type | None:
    """The first library type that the class derives from, if one is modelled."""
    for here in lineage(owner):
        for base in here.bases:
            if isinstance(base, External) and base.name in machine.models.types:
                return machine.models.types[base.name]
    return None


def find_member(owner: ClassValue, name: str) -> tuple[ClassValue, Value] | None:
    """A method or class attribute by name, and the class that defines it."""
    for here in lineage(owner):
        found = here.members.get(name)
        if found is not None:
            return here, found
    return None


def bound_method(owner: ClassValue, name: str, receiver: Value) -> FunctionValue | None:
    """A method by name, to be called on `receiver`; None where the class has no such function."""
    found = find_member(owner, name + CALLED) or find_member(owner, name)
    if found is None or not isinstance(found[1], FunctionValue):
        return None
    return found[1].on(found[0], receiver)


def own_method(value: Value, name: str) -> FunctionValue | None:
    """The method that a call of `value.name` means, where a field may have the same name."""
    if isinstance(value, Thing):
        found = find_member(value.owner, name + CALLED)
        return None if found is None else bound_method(value.owner, name, value)
    if isinstance(value, ClassValue):
        found = find_member(value, name + CALLED)
        return None if found is None else of_class(value, found[1])
    return None


def of_class(owner: ClassValue, member: Value) -> Any:
    """A member as it is had from the class itself: a method that runs on the class has it as its receiver."""
    if isinstance(member, FunctionValue) and any(each.tree.kind == "class" for each in (member, *member.others)):
        return member.on(member.owner, owner)
    return member


def field_value(machine: Machine, owner: ClassValue, name: str) -> Value | None:
    """What instances hold under `name`, in terms of the constructor's parameters; None where nothing says."""
    found: list[Value | None] = []
    for here in lineage(owner):
        state = state_of(here)
        for writer in _writers(here, state, name):
            if writer.identity not in state.evaluated:
                state.evaluated.add(writer.identity)
                machine.summarise(writer)
        value = state.fields.get(name)
        if value is not None:
            found.append(_through_supers(machine, owner, value) if here is not owner else value)
            break
    return join(found)


def _writers(owner: ClassValue, state: ClassState, name: str) -> list[FunctionValue]:
    constructors = [owner.members.get(constructor) for constructor in CONSTRUCTORS]
    first = [
        version
        for constructor in constructors
        if isinstance(constructor, FunctionValue)
        for version in (constructor, *constructor.others)
    ]
    return first + [writer for writer in state.writers.get(name, ()) if writer not in first]


def _through_supers(machine: Machine, owner: ClassValue, value: Value) -> Value:
    """A base's value in terms of the derived class's constructor."""
    supers: dict[tuple[int, str], Value] = {}
    for here in lineage(owner):
        supers.update({key: known for key, known in state_of(here).supers.items() if key not in supers})
    if not supers:
        return value

    def fill(reference: Parameter | Field) -> Value | None:
        return supers.get((reference.function, reference.name)) if isinstance(reference, Parameter) else None

    for _ in range(len(lineage(owner)) - 1):  # one base hands on what it was handed to the next
        filled = Instantiation(fill, lambda base, key, site: Source("unknown", key, site)).value(value)
        if filled is value:
            break
        value = filled
    return value


def remember(owner: ClassValue, name: str, value: Value) -> None:
    """Note that a method stores `value` under `name`."""
    fields = state_of(owner).fields
    joined = join([fields.get(name), value])
    if joined is not None:
        fields[name] = joined


def made_with(owner: ClassValue, name: str) -> Value | None:
    """What the instances that were made so far were given under `name`; None where none was."""
    return join([state_of(here).made.get(name) for here in lineage(owner)])


def note_made(owner: ClassValue, name: str, value: Value) -> None:
    """Note that an instance is made with `value` under `name`."""
    made = state_of(owner).made
    joined = join([made.get(name), value])
    if joined is not None:
        made[name] = joined
