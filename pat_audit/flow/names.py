"""What names stand for in a body: its own, those of the bodies around it, imported and built-in ones."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from pat_audit.flow import access, classes
from pat_audit.flow.combining import (
    unknown,
)
from pat_audit.flow.observation import Observation
from pat_audit.flow.values import (
    ClassValue,
    Encoded,
    External,
    Site,
    Source,
    Text,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pat_audit.flow import ir
    from pat_audit.flow.frame import Frame, Machine, Pending


BUILTINS = "builtins."


class Names(ABC):
    """One body in its frame: the ground on which its expressions and statements are evaluated."""

    __slots__ = ("frame", "machine")

    def __init__(self, machine: Machine, frame: Frame) -> None:
        self.machine = machine
        self.frame = frame

    @abstractmethod
    def value(self, expression: ir.Expression) -> Value:
        """What an expression comes to."""

    @abstractmethod
    def run(self, body: tuple[ir.Statement, ...]) -> None:
        """Evaluate the statements in order."""

    def lookup(self, name: str, node: ir.Expression) -> Value:
        """What a name stands for here, outward through the scopes; else a builtin, else unknown."""
        members = self.machine.language.own_members
        return self.bound(name, node, members) or self._elsewhere(name, node)

    def called(self, name: str, node: ir.Expression) -> Value:
        """What a name stands for that is called: where a method may have a field's name, no field's text."""
        own = self.own_member(name + classes.CALLED, node)
        if own is not None:
            return own
        return self.bound(name, node) or self._elsewhere(name, node, called=True)

    def bound(self, name: str, node: ir.Expression, members: bool = False) -> Value | None:
        """What the scopes around this place bind a name to; `members` of its class come before the module's names."""
        frame: Frame | None = self.frame
        own = True
        while frame is not None:
            if members and not own and frame.parent is None:
                member = self.own_member(name, node)
                if member is not None:
                    return member
            if own or not frame.is_class:
                if own:
                    settle_name(self.machine, frame, name)
                found = frame.names.get(name) if own else held(self.machine, frame, name)
                if found is not None:
                    return found
                pending = frame.imports.get(name)
                if pending is not None:
                    return self._imported(frame, name, pending, node)
            if frame.parent is None:
                starred = self._starred(frame, name)
                if starred is not None:
                    return self._shared(frame, name, starred, node)
            own = False
            frame = frame.parent
        return None

    def _elsewhere(self, name: str, node: ir.Expression, called: bool = False) -> Value:
        """What a name stands for that no scope around it binds."""
        qualified = BUILTINS + name
        machine, models = self.machine, self.machine.models
        if qualified in models.functions or qualified in models.types:
            return External(qualified)
        if qualified in models.values:
            return access.external(machine, qualified, self.frame.site(node))
        own = self.own_member(name, node) if called and machine.language.own_members else None
        if own is not None and not isinstance(own, Text | Source | Encoded):
            return own
        implied = machine.implied(name, self.frame.path)
        if implied is not None:
            return implied
        if name.startswith("["):  # a type, where types have names of their own
            return access.external(machine, name[1:-1], self.frame.site(node))
        if name in models.packages:  # a snippet that left its import out
            return access.external(machine, models.packages[name], self.frame.site(node))
        if machine.language.namespaces and name[:1].isupper():
            return External(name)
        if machine.language.unbound == "environment":
            return from_environment(machine, self.frame, name, self.frame.site(node))
        return machine.environment.get(name) or unknown(name, self.frame.site(node))

    def own_member(self, name: str, node: ir.Expression) -> Value | None:
        """A member of the class around this place, or of one around that."""
        machine, site = self.machine, self.frame.site(node)
        for owner in self._owners():
            found = classes.find_member(owner, name)
            if found is not None and name.endswith(classes.CALLED):
                return classes.bound_method(owner, name.removesuffix(classes.CALLED), classes.myself(owner))
            declared = any(name in here.declared for here in classes.lineage(owner))
            if found is not None or declared or classes.field_value(machine, owner, name) is not None:
                return access.attribute(machine, self.frame, classes.myself(owner), name, site)
        return None

    def _owners(self) -> Iterator[ClassValue]:
        """The classes around this place, the nearest first."""
        frame: Frame | None = self.frame
        last: ClassValue | None = None
        while frame is not None:
            if frame.owner is not None and frame.owner is not last:
                last = frame.owner
                yield last
                frame = last.scope
            else:
                frame = frame.parent

    def _imported(self, frame: Frame, name: str, pending: Pending, node: ir.Expression) -> Value:
        value = self.machine.imported(frame.path, pending)
        if value is None:
            return unknown(name, self.frame.site(node))
        frame.names[name] = value
        return value

    def _starred(self, frame: Frame, name: str) -> Value | None:
        models = self.machine.models
        for pending in list(frame.stars.values()):
            qualified = f"{pending.module}.{name}"
            if pending.level == 0 and qualified in models.known:
                return access.external(self.machine, qualified, Site(frame.path, 0, 0))
            path = self.machine.locate(pending.module, pending.level, frame.path)
            found = self.machine.member(path, name) if path is not None else None
            if found is not None:
                return found
        return None

    def _shared(self, frame: Frame, name: str, value: Value, node: ir.Expression) -> Value:
        """A variable of the environment that a sourced script reads: this one depends on it too."""
        if self.machine.language.unbound == "environment" and isinstance(value, Source):
            site = self.frame.site(node)
            if value.origin == "environment" and value.site is not None and value.site.path != site.path:
                value = Source(value.origin, value.name, site, value.default, value.key)
                self.observe("read", value, site)
                frame.names.setdefault(name, value)
        return value

    def observe(self, act: Any, value: Value, site: Any) -> None:
        """Note an act of this body."""
        self.machine.observe(self.frame, Observation(act, site, value, self.frame.identity, at=site))


def from_environment(machine: Machine, frame: Frame, name: str, site: Site) -> Value:
    """A variable of the environment, as far as it is known what the program is run with.

    Its first read in a file is noted; from there on it is a variable like any other.
    """
    known = machine.environment.get(name)
    if known is not None:
        return known
    read = Source("environment", name, site)
    machine.observe(frame, Observation("read", site, read, frame.identity, at=site))
    frame.outermost().names.setdefault(name, read)
    return read


def settle_name(machine: Machine, frame: Frame, name: str) -> None:
    """Evaluate what a name of an imported module waits for."""
    if frame.deferred is not None:
        for statement in frame.deferred.of(name):
            machine.evaluate(frame, statement)


def held(machine: Machine, frame: Frame, name: str) -> Value | None:
    """What a frame holds under a name for those outside it, the functions that bind it there evaluated."""
    settle_name(machine, frame, name)
    for writer in frame.writers.pop(name, ()):
        machine.summarise(writer)
    return frame.names.get(name)
