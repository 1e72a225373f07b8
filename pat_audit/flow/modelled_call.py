"""A call of a callable that a library file models: which argument plays which role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pat_audit.flow import access
from pat_audit.flow.combining import join, unknown
from pat_audit.flow.frame import Argument, Frame, Machine
from pat_audit.flow.observation import Observation
from pat_audit.flow.values import (
    Container,
    External,
    Field,
    Instance,
    Member,
    Nothing,
    Parameter,
    Site,
    Text,
    Value,
)

if TYPE_CHECKING:
    from pat_audit.vocabulary import Effect


@dataclass(slots=True, eq=False)
class Call:
    """A call of a modelled callable: the model's row, and what it was called on and with."""

    machine: Machine
    frame: Frame
    effect: Effect
    name: str
    receiver: Value | None
    arguments: list[Argument]
    site: Site

    def argument(self, role: str) -> Argument | None:
        """The argument that plays `role`, or the role's constant."""
        open_: Argument | None = None
        for place in self.effect.roles.get(role, ()):
            found = self._at(place)
            if found is None:
                continue
            if isinstance(place, str) and isinstance(found.value, Member) and place[:1].isdigit():
                open_ = open_ or found  # what a caller may say gives way to what stands here
            else:
                return found
        if open_ is not None and role != "userinfo":  # an object that nobody saw has no pair in it for sure
            return open_
        constant = self.effect.constants.get(role)
        return None if constant is None else Argument(None, Text((constant,)), self.site)

    def _at(self, place: int | str) -> Argument | None:
        if isinstance(place, int):
            positional = [argument for argument in self.arguments if argument.name is None]
            if (
                place < 0
            ):  # from the end, names of the library not counted: `Credentials(token, AuthenticationType.Bearer)`
                positional = [argument for argument in positional if not isinstance(argument.value, External)]
            if -len(positional) <= place < len(positional):
                return positional[place]
            return self._passed_on(place - len(positional))
        if place.endswith("*"):
            return self._from(int(place[:-1] or 0))
        if place[:1].isdigit():
            return self._within(place)
        if place == "receiver":
            return None if self.receiver is None else Argument(None, self.receiver, self.site)
        for argument in self.arguments:
            if argument.name == place:
                return argument
        for argument in self.arguments:
            if argument.name == "**" and isinstance(argument.value, Parameter | Field | Member):
                return Argument(place, Member(argument.value, place, argument.site), argument.site)
        return None

    def _within(self, place: str) -> Argument | None:
        """What an options object holds: `1.auth.user`. Of one that only a caller knows, it is the caller's."""
        position, *names = place.split(".")
        whole = self._at(int(position))
        if whole is None:
            return None
        value = whole.value
        for name in names:
            found = access.held(self.machine, self.frame, value, name, whole.site)
            if found is None:
                return None
            value = found
        return Argument(None, value, getattr(value, "site", None) or whole.site)

    def _from(self, first: int) -> Argument | None:
        """The positional arguments from that place on, as a list; those spread (`*arguments`) are its rest."""
        positional = [argument.value for argument in self.arguments if argument.name is None][first:]
        spread = [argument.value for argument in self.arguments if argument.name == "*"]
        items: dict[str | int, Value] = dict(enumerate(positional))
        rest: list[Value | None] = []
        for value in spread:
            if isinstance(value, Container):
                items.update({len(items) + index: item for index, item in enumerate(value.items.values())})
                rest.append(value.rest)
            elif isinstance(value, Parameter | Field | Member):
                rest.append(Member(value, "[]"))
        if not items and not spread:
            return None
        return Argument(None, Container("list", items, rest=join(rest), site=self.site), self.site)

    def _passed_on(self, place: int) -> Argument | None:
        """The argument at a place among those that the caller was handed itself: `*arguments`."""
        for name, value, site in self.arguments:
            rest = value.rest if name == "*" and isinstance(value, Container) else None
            if isinstance(rest, Member) and rest.name == "[]" and place >= 0:
                return Argument(None, Member(rest.base, f"[{place}]", site), site)
        return None

    def value(self, role: str) -> Value | None:
        """The value that plays `role`; None and Nothing alike mean that nothing does."""
        argument = self.argument(role)
        return None if argument is None or isinstance(argument.value, Nothing) else argument.value

    def result(self, roles: dict[str, Value] | None = None) -> Value:
        """What comes back, as the model names its type; where it names none, something unknown."""
        short = self.name.rpartition(".")[2]
        type_ = self.machine.models.types.get(self.effect.returns)
        if type_ is None:
            return unknown(f"{short}()", self.site)
        return Instance(type_, roles or {}, self.site, self.name, short)

    def used(self) -> set[str]:
        """The keywords that some role takes."""
        return {place for places in self.effect.roles.values() for place in places if isinstance(place, str)}

    def observe(self, act: str, value: Value | None, site: Site | None = None, url: Value | None = None) -> None:
        """Note an act of this call."""
        self.machine.observe(
            self.frame,
            Observation(
                act,  # type: ignore[arg-type]
                site or self.site,
                value,
                self.frame.identity,
                url,
                self.name,
                self.effect.service,
                self.effect.credential,
                at=self.site,
            ),
        )
