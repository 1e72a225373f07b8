"""What a bare name is in C#: a variable of the body, a member of the class around it, or something else."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Members:
    """The members that a class declares in one file, and the class around it."""

    name: str
    own: frozenset[str] = frozenset()  # of an instance
    shared: frozenset[str] = frozenset()  # static ones and constants
    outer: Members | None = None


@dataclass(slots=True)
class Scope:
    """The variables of one body, those of the bodies around it behind them, and the class that it is in.

    `on_instance`: there is a `this`. `in_class`: it is the class's own body, which sees its members as names.
    """

    members: Members | None = None
    on_instance: bool = False
    in_class: bool = False
    outer: Scope | None = None
    names: set[str] = field(default_factory=set)

    def inner(self) -> Scope:
        """The scope of a function in this one."""
        return Scope(self.members, self.on_instance, False, self)

    def is_variable(self, name: str) -> bool:
        """Whether a body around this place declares a variable or parameter of that name."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return True
            scope = scope.outer
        return False

    def holder(self, name: str) -> str:
        """What a bare name is a member of: `this`, the name of a class, or nothing."""
        if self.in_class or self.is_variable(name):
            return ""
        here = self.members
        while here is not None:
            if name in here.shared:
                return here.name
            if name in here.own:
                return "this" if here is self.members and self.on_instance else ""
            here = here.outer
        return ""

    def assigned(self, name: str) -> str:
        """What a bare name that is assigned is a member of: one that no body declares is inherited or elsewhere."""
        held = self.holder(name)
        if held or self.in_class or self.members is None or self.is_variable(name) or name == "_":
            return held
        return "this" if self.on_instance else self.members.name
