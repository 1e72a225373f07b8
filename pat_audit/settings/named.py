"""Settings under the names that other settings give them: `{name: X, value: Y}` is `X: Y`, and so is `X=Y`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pat_audit.formats.settings import place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pat_audit.formats.settings import Setting
    from pat_audit.settings.paths import Path


def named(settings: Sequence[Setting], by: Mapping[str, str]) -> list[Setting]:
    """The settings, those that another one names under that name: `{name: X, value: Y}` is `X: Y`."""
    names = set(by.values())
    above = {key for key, name in by.items() if name == ".."}
    if above:
        settings = [
            _named_above(setting) if setting.path[-1:] and setting.path[-1] in above else setting
            for setting in settings
        ]
    said: dict[tuple[Path, str | int], str] = {}
    for setting in settings:
        if setting.path and setting.path[-1] in names:
            said[setting.path[:-1], setting.path[-1]] = setting.value
    if not said:
        return list(settings)
    found = []
    for setting in settings:
        for place_ in range(len(setting.path) - 1, max(len(setting.path) - 4, 0) - 1, -1):
            part = setting.path[place_]
            name = said.get((setting.path[:place_], by[part])) if isinstance(part, str) and part in by else None
            if name:
                base = without_places(setting.path[:place_])
                setting = setting._replace(path=(*base, name, *setting.path[place_ + 1 :]))
                break
        found.append(setting)
    return found


def _named_above(setting: Setting) -> Setting:
    """A setting under the key of the mapping that it stands in: `variable pat { default = X }` is `pat: X`."""
    base = without_places(setting.path[:-1])
    return setting._replace(path=base) if base else setting


def assigned(setting: Setting) -> Setting:
    """`NAME=value` as the setting of that name."""
    name, equals, value = setting.value.partition("=")
    if not equals or not name.strip():
        return setting
    begin = len(name.encode("utf-8", "replace")) + 1
    start = place(setting, begin)
    later = [(inside - begin, outside) for inside, outside in setting.places if inside > begin]
    places = ((0, start), *later) if later else ()
    base = without_places(setting.path)
    return setting._replace(path=(*base, name.strip()), value=value, start=start, places=places)


def without_places(path: Path) -> Path:
    while path and isinstance(path[-1], int):
        path = path[:-1]
    return path
