"""Turns vocabulary objects into plain data that marshal keeps, and back."""

from __future__ import annotations

import marshal
from dataclasses import fields, is_dataclass
from typing import Any

from pat_audit import vocabulary

# Order is part of the packed form; the cache is keyed by this file too, so that it may change.
_KINDS: tuple[type[Any], ...] = (
    vocabulary.Shape,
    vocabulary.Names,
    vocabulary.CredentialKind,
    vocabulary.Scheme,
    vocabulary.Endpoint,
    vocabulary.Service,
    vocabulary.Effect,
    vocabulary.Type,
    vocabulary.Library,
    vocabulary.Command,
    vocabulary.CommandLibrary,
    vocabulary.Definition,
    vocabulary.Rewrite,
    vocabulary.Recipe,
    vocabulary.Case,
    vocabulary.Example,
    vocabulary.Rule,
    vocabulary.Reference,
    vocabulary.Template,
    vocabulary.KnownSetting,
    vocabulary.Script,
    vocabulary.Format,
)
_FIELDS = {kind: tuple(field.name for field in fields(kind)) for kind in _KINDS}
_NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}


def pack(objects: tuple[Any, ...]) -> bytes:
    """Vocabulary objects as bytes for `unpack`."""
    return marshal.dumps(_plain(objects))


def unpack(data: bytes) -> tuple[Any, ...]:
    """The objects that `pack` was given. Raises ValueError, EOFError or TypeError for other bytes."""
    objects = _objects(marshal.loads(data))
    if not isinstance(objects, tuple):
        raise TypeError("this is not a packed tuple")
    return objects


def _plain(value: Any) -> Any:
    # A list stands for an object (its kind's number, then its fields): nothing in the vocabulary is a list.
    if isinstance(value, tuple):
        return tuple(_plain(each) for each in value)
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        kind = type(value)
        return [_NUMBERS[kind], *(_plain(getattr(value, name)) for name in _FIELDS[kind])]
    return value


def _objects(value: Any) -> Any:
    kind = type(value)
    if kind is list:
        return _KINDS[value[0]](
            *(each if type(each) is str else _objects(each) for each in value[1:]),
        )
    if kind is tuple:
        return tuple([each if type(each) is str else _objects(each) for each in value])
    if kind is dict:
        return {key: each if type(each) is str else _objects(each) for key, each in value.items()}
    return value
