"""What the tests of every reader ask: the settings of a text, and whether their places are true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import settings

from pat_audit.formats.readers import read
from pat_audit.formats.settings import Unparsable, place

if TYPE_CHECKING:
    from pat_audit.formats.settings import Setting

# A busy machine takes its time.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


def settings_of(syntax: str, text: str | bytes) -> list[Setting]:
    """The settings that a reader gives, also those of a text that it refuses; their places are looked into."""
    data = text.encode() if isinstance(text, str) else text
    try:
        found = read(syntax, data)
    except Unparsable as error:
        found = error.settings
    for setting in found:
        look_into_places(setting, data)
    return found


def values_of(syntax: str, text: str | bytes) -> list[tuple[Any, ...]]:
    """Path and value of each setting, as one tuple: the keys, and the value last."""
    return [(*setting.path, setting.value) for setting in settings_of(syntax, text)]


def look_into_places(setting: Setting, data: bytes) -> None:
    """Holds what every setting promises of its places."""
    assert 0 <= setting.start <= setting.end <= len(data)
    value = setting.value.encode()
    assert all(first < second for first, second in zip(setting.places, setting.places[1:], strict=False))
    assert all(0 <= inside < max(len(value), 1) for inside, _ in setting.places)
    first, last = setting.key
    assert 0 <= first <= last <= len(data)


def written(setting: Setting, data: bytes, part: str) -> bool:
    """Whether a part of a value stands in the file where the setting says, byte by byte."""
    raw = part.encode()
    begin = setting.value.encode().index(raw)
    return all(data[place(setting, begin + at)] == byte for at, byte in enumerate(raw))
