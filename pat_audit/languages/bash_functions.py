"""What the text of a shell function says of its parameters and of the variables that it shares with others."""

from __future__ import annotations

import re

_EVENT = re.compile(
    rb"(?:\b(?P<named>[A-Za-z_]\w*)=[\"']?)?\$\{?(?P<place>[1-9])(?![0-9])|(?P<shift>^[ \t]*shift\b|;[ \t]*shift\b)"
    rb"|(?P<all>\$\{?[@*])|\b(?P<loop>while|case|until|for)\b",
    re.MULTILINE,
)
_LOCAL = re.compile(rb"\b(?:local|declare|typeset|readonly)\b([^;\n]*)")
_NAME = re.compile(rb"(?:^|[ \t])([A-Za-z_]\w*)(?==|[ \t]|$)")
_ASSIGNED = re.compile(
    rb"(?:^|[\s;&|(){}!])([A-Za-z_]\w*)\+?=|\bread[ \t]+(?:-\w{1,40}[ \t]{1,8}){0,8}([A-Za-z_]\w*)", re.MULTILINE
)


def parameters_of(text: bytes) -> tuple[dict[int, str], bool]:
    """The parameters of a function with that body, by place, and whether it uses all its arguments.

    A parameter is named after the variable that it is kept in, since that says what it is for.
    """
    names: dict[int, str] = {}
    shifted, straight, uses_all = 0, True, False
    for event in _EVENT.finditer(text):
        if event["loop"]:
            straight = False
        elif event["shift"]:
            shifted += straight
        elif event["all"]:
            uses_all = True
        else:
            place = int(event["place"]) + shifted
            if event["named"] and event["named"].decode() not in names.values():
                names.setdefault(place, event["named"].decode())
            else:
                names.setdefault(place, "") if place not in names else None
    last = max(names, default=0)
    return {place: names.get(place) or str(place) for place in range(1, last + 1)}, uses_all


def outer_names(text: bytes) -> tuple[str, ...]:
    """The variables that a function with that body sets and does not keep to itself."""
    local: set[bytes] = set()
    for match in _LOCAL.finditer(text):
        local.update(_NAME.findall(match[1]))
    assigned = {name or read for name, read in _ASSIGNED.findall(text)}
    return tuple(sorted(name.decode() for name in assigned - local))
