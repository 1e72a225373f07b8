"""Binds values to names, attributes and items, and notes what is thereby called a credential."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pat_audit.flow import access, ir, sending, url_parts
from pat_audit.flow.combining import (
    join,
    literal,
    options,
    unknown,
)
from pat_audit.flow.composition import is_basic_header, template, user_part
from pat_audit.flow.modelled_call import Call
from pat_audit.flow.names import Names
from pat_audit.flow.observation import Observation
from pat_audit.flow.settings_texts import SHORTEST, holds_settings
from pat_audit.flow.values import (
    Constant,
    Container,
    Instance,
    Site,
    Source,
    Text,
    Value,
)
from pat_audit.vocabulary import Effect

if TYPE_CHECKING:
    from collections.abc import Iterable

_ADDRESS = ("url", "base_url", "host")  # roles that say where an object sends what signs it in
_SHORTEST, _LONGEST = 16, 400  # characters of a text that may be a credential


class Storing(Names):
    """The part of a body's evaluation that stores."""

    __slots__ = ()

    def store(self, target: ir.Expression, value: Value) -> None:
        """Bind a target to a value."""
        frame = self.frame
        if isinstance(target, ir.Name) and target.name in frame.outer:
            names = frame.holder(target.name).names
            names[target.name] = join([names.get(target.name), value]) or value
        elif isinstance(target, ir.Name):
            frame.imports.pop(target.name, None)
            frame.names[target.name] = value
            if frame.is_class and frame.owner is not None:
                frame.owner.members[target.name] = value
        elif isinstance(target, ir.Attribute):
            receiver = self.value(target.value)
            role = access.store_attribute(self.machine, frame, receiver, target.name, value, frame.site(target))
            if role is not None:
                self._set_role(receiver, role, value, target)
        elif isinstance(target, ir.Index):
            receiver = self.value(target.value)
            key = None if target.key is None else self.value(target.key)
            access.store_item(self.machine, frame, receiver, key, value, frame.site(target))
            self._note_entry(key, value, frame.site(target))
        elif isinstance(target, ir.Collection):
            self._unpack(target, value)

    def composed(self, made: Text, pieces: Iterable[Value] = ()) -> Text:
        """A text that was put together of `pieces`: noted when it is a Basic header or a URL with a user part."""
        if made.site is None or not made.parts:
            return made
        shape = template(made)
        self.note_settings(made, shape)
        if is_basic_header(shape):
            self.observe("header", made, made.site)
        elif "@" in shape and user_part(shape, _brought(made.site, pieces)) is not None:
            self.observe("url", made, made.site)
        return made

    def note_settings(self, made: Text, shape: str) -> None:
        """A text that is settings itself: what reads such settings says what they come to."""
        if len(shape) >= SHORTEST and made.site is not None and holds_settings(shape, self.machine.is_credential):
            self.observe("text", made, made.site)

    def _unpack(self, target: ir.Collection, value: Value) -> None:
        if target.kind == "results" and not any(isinstance(option, Container) for option in options(value)):
            for index, item in enumerate(target.items):
                if isinstance(item, ir.Argument):
                    continue
                if index == 0 and isinstance(item, ir.Name | ir.Attribute):
                    self._note_received(item, value)
                named = item.name if isinstance(item, ir.Name | ir.Attribute) else ""
                part = value if index == 0 else unknown("", self.frame.site(target))
                self.store(item, labelled(part, named))
            return
        for index, item in enumerate(target.items):
            if isinstance(item, ir.Argument):
                self.store(item.value, unknown("", self.frame.site(target)))
            else:
                part = access.item(self.machine, self.frame, value, Constant(index), self.frame.site(target))
                self.store(item, part)

    def _set_role(self, receiver: Value, role: str, value: Value, target: ir.Attribute) -> None:
        """An attribute that signs its object in was set: `session.auth = (user, token)`."""
        site = self.frame.site(target)
        name = f"{getattr(receiver, 'maker', '') or target.name}"
        if role.startswith("url.") and isinstance(receiver, Instance):
            parts, made = url_parts.build(receiver, {role.removeprefix("url."): value}, site)
            receiver.roles.update({**parts, "url": self.composed(made)})
            return
        effect = Effect(names=(name,), does="set", roles={}, role=role)
        make = receiver.type.make if isinstance(receiver, Instance) else None
        if make is not None:  # it is what its constructor says that it is
            effect = replace(effect, scheme=make.scheme, service=make.service, credential=make.credential)
        call = Call(self.machine, self.frame, effect, name, receiver, [], site)
        if role == "auth":
            auth = sending.as_auth(call, value, site)
            if auth is not None and isinstance(receiver, Instance):
                receiver.roles["auth"] = join([auth]) or auth
        elif isinstance(receiver, Instance):
            sending.note_client(call, receiver.roles)
        if role in ("auth", *_ADDRESS) and isinstance(receiver, Instance):
            sending.note_kept(call, receiver.roles)

    def _note_entry(self, key: Value | None, value: Value, site: Site) -> None:
        """An entry of a mapping: a credential's name with text under it, or a header that carries a token."""
        name = literal(key)
        if name is None:
            return
        self._note_named(name, value)
        sending.note_header(self.machine, self.frame, key, value, site)

    def _note_received(self, target: ir.Expression, value: Value) -> None:
        """A value from outside that has no telling name of its own is bound to a credential's name."""
        name = getattr(target, "name", "")
        if isinstance(target, ir.Attribute) and isinstance(target.value, ir.Attribute):
            name = f"{target.value.name}_{name}"  # `options.azure_devops.token`
        for option in options(value):
            if not isinstance(option, Source) or option.origin in ("unknown", "entra", "job"):
                continue
            if not self.machine.is_credential(option.name) and self.machine.is_credential(name):
                named = Source(option.origin, name, option.site, option.default)
                site = option.site or Site(self.frame.path, 0, 0)
                self.machine.observe(self.frame, Observation("read", site, named, self.frame.identity, at=site))

    def _note_named(self, name: str, value: Value) -> None:
        """Text that is written down under a credential's name."""
        if not isinstance(value, Text) or value.site is None or len(value.parts) != 1:
            return
        content = value.parts[0]
        if not isinstance(content, str) or not _SHORTEST <= len(content) <= _LONGEST or " " in content:
            return
        if self.machine.is_credential(name):
            self.machine.observe(self.frame, Observation("named", value.site, value, self.frame.identity, sink=name))


def _brought(site: Site, pieces: Iterable[Value]) -> list[str]:
    """Those of the pieces of a text that are written down elsewhere and may be a credential."""
    found = []
    for piece in pieces:
        content = literal(piece)
        there = piece.site if isinstance(piece, Text) else None
        if content is None or there is None or not _SHORTEST <= len(content) <= _LONGEST:
            continue
        if there.path != site.path or not site.start <= there.start < site.end:
            found.append(content)
    return found


def labelled(value: Value, name: str) -> Value:
    """An unknown value without a name takes that of the variable that it is first bound to."""
    if isinstance(value, Source) and value.origin == "unknown" and (not value.name or value.name.endswith("()")):
        return Source("unknown", name, value.site, value.default, value.key)
    return value
