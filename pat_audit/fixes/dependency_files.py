"""Adds a package to a file in which a project of another language than Python says what it needs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pat_audit.fixes.file_text import FileText

_SECTIONS = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")
_JSON_DEPENDENCIES = re.compile(r'"dependencies"[ \t]*:[ \t]*\{(?P<items>[^{}]*)\}')
_JSON_ITEM = re.compile(r'"((?:[^"\\]|\\.)*)"[ \t]*:[ \t]*"(?:[^"\\]|\\.)*"')
_REFERENCE = re.compile(
    r"""(?m)^(?P<indent>[ \t]*)<PackageReference\s+Include\s*=\s*"(?P<name>[^"<>]+)"(?P<rest>[^<>]*)>"""
)
_FLOOR = re.compile(r"\d+(?:\.\d+)*")


def to_package_json(file: FileText, package: str) -> bytes | None:
    """`package` is `name@range`. It goes among the dependencies, in order where these are in order.

    None where there is no place for it; the text as it is where the package is there already, in a range that
    goes as high as the one that is needed.
    """
    name, _, wanted = package.rpartition("@")
    text = file.data.decode("utf-8", "replace")
    try:
        told = json.loads(text)
    except ValueError:
        return None
    if not isinstance(told, dict):
        return None
    for section in _SECTIONS:
        there = told.get(section)
        if isinstance(there, dict) and name in there:
            return file.data if _major(str(there[name])) >= _major(wanted) else None
    match = _JSON_DEPENDENCIES.search(text)
    if match is None:
        return None
    items = list(_JSON_ITEM.finditer(match["items"]))
    if not items:
        return None
    names = [item[1] for item in items]
    behind = next((index for index, each in enumerate(names) if each > name), None) if names == sorted(names) else None
    item = f'"{name}": "{wanted}"'
    lead = re.search(r"(?<!\s)\s*\Z", match["items"][: items[0].start()])
    space = lead[0] if lead is not None else " "
    if behind is not None:
        at = match.start("items") + items[behind].start()
        new = f"{text[:at]}{item},{space or ' '}{text[at:]}"
    else:
        at = match.start("items") + items[-1].end()
        new = f"{text[:at]},{space or ' '}{item}{text[at:]}"
    try:
        added = json.loads(new).get("dependencies", {}).get(name)
    except ValueError:
        return None
    return new.encode() if added == wanted else None


def _major(version: str) -> int:
    match = re.search(r"\d+", version)
    return int(match[0]) if match is not None else 1_000_000  # `*`, `latest`, `workspace:`


def to_project(file: FileText, package: str) -> bytes | None:
    """`package` is `Name` or `Name>=version`. It joins the first group of package references of a C# project.

    None where there is none, or where versions are kept in one place for several projects.
    """
    name, _, version = package.partition(">=")
    text = file.data.decode("utf-8", "replace")
    references = list(_REFERENCE.finditer(text))
    there = next((match for match in references if match["name"].lower() == name.lower()), None)
    if there is not None:
        return None if _is_older(there["rest"], version) else file.data
    if not references or not version or "Version" not in text or any(_is_unversioned(match) for match in references):
        return None
    group = [match for match in references if text.count("</ItemGroup>", references[0].start(), match.start()) == 0]
    names = [match["name"].lower() for match in group]
    indent = group[0]["indent"]
    line = f'{indent}<PackageReference Include="{name}" Version="{version}" />{file.newline}'
    behind = next((match for match in group if match["name"].lower() > name.lower()), None)
    if behind is not None and names == sorted(names):
        return (text[: behind.start()] + line + text[behind.start() :]).encode()
    last = group[-1]
    end = last.end()
    if not last["rest"].rstrip().endswith("/"):
        closing = text.find("</PackageReference>", end)
        if closing < 0:
            return None
        end = closing + len("</PackageReference>")
    return (text[:end] + file.newline + line.rstrip("\r\n") + text[end:]).encode()


def _is_older(rest: str, version: str) -> bool:
    """Whether a reference says a version that is lower than the one that is needed."""
    said = re.search(r'Version\s*=\s*"[\[(]?(\d+(?:\.\d+)*)', rest)
    floor = _FLOOR.match(version)
    if said is None or floor is None:
        return False
    return [int(part) for part in said[1].split(".")] < [int(part) for part in floor[0].split(".")]


def _is_unversioned(match: re.Match[str]) -> bool:
    """Whether a reference stands alone in its tag and says no version: `Directory.Packages.props` says it."""
    return match["rest"].rstrip().endswith("/") and "Version" not in match["rest"]


def is_named(file: FileText, package: str) -> bytes | None:
    """The text as it is where it names the package; None: a person has to add it, with the tool for it."""
    bare = re.split(r"[>@]|(?<=\w)=", package)[0].rpartition(":")[2]
    return file.data if bare.encode() in file.data else None
