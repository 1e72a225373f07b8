"""Adds the packages that fixed code needs to what the project says it needs, where it says so."""

from __future__ import annotations

import re
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from pat_audit.fixes.dependency_files import is_named, to_package_json, to_project
from pat_audit.fixes.file_text import FileText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Files = Callable[[str], FileText]

_NAME = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
_DEPENDENCIES = re.compile(
    r"""(?ms)^\[project\](?:(?!^\[).)*?^dependencies\s*=\s*\[(?P<items>(?:[^\]"']|"[^"]*"|'[^']*')*)\]"""
)
_TEXT = re.compile(r""""[^"]*"|'[^']*'""")
_POETRY = re.compile(r"(?m)^\[tool\.poetry\.dependencies\][ \t]*(?:\r\n|\n)")


def with_packages(
    packages: Mapping[str, str], texts: Mapping[str, bytes], files: Files
) -> tuple[dict[str, bytes], list[str]]:
    """The new bytes of the files that name what a project needs, and what is left to say.

    `packages` are requirements (`azure-identity>=1.15`) with the language of each; the file that counts is the
    nearest one at or above a file in `texts` of that language.
    """
    changed: dict[str, bytes] = {}
    said: list[str] = []
    for package, language in packages.items():
        places = _WHERE.get(language, ())
        homes = {home for path in texts if files(path).language == language for home in [_home(path, places, files)]}
        for home in sorted(each for each in homes if each):
            name = home.rpartition("/")[2]
            adder = next(add for place, add in places if fnmatchcase(name, place))
            file = FileText(home, changed.get(home) or files(home).source.raw)
            new = adder(file, package)
            if new is None:
                said.append(f"{home}: add {package} there, the fixed code needs it")
            elif new != file.data:
                changed[home] = file.encoded(new)
        if not homes or "" in homes:
            said.append(f"the fixed code needs {package}: install it")
    return changed, said


def _home(path: str, places: Iterable[tuple[str, object]], files: Files) -> str:
    """The nearest file that says what a project needs, at or above a file; nothing: there is none."""
    folder = path.rpartition("/")[0]
    while folder or not path.startswith("/"):
        for name, _ in places:
            for candidate in _candidates(folder, name):
                try:
                    files(candidate)
                except OSError:
                    continue
                return candidate
        if not folder:
            break
        folder = folder.rpartition("/")[0]
    return ""


def _candidates(folder: str, name: str) -> Iterable[str]:
    """The files of a folder that may have a name, which may be a pattern."""
    if "*" not in name:
        return (f"{folder}/{name}" if folder else name,)
    try:
        found = sorted(path.name for path in Path(folder or ".").glob(name))
    except (OSError, ValueError):
        return ()
    return [f"{folder}/{each}" if folder else each for each in found]


def _bare(package: str) -> str:
    match = _NAME.match(package)
    return re.sub(r"[-_.]+", "-", match[1]).lower() if match is not None else package


def _to_lines(file: FileText, package: str) -> bytes | None:
    text = file.data.decode("utf-8", "replace")
    lines = text.splitlines(keepends=True)
    if any(_bare(line) == _bare(package) for line in lines):
        return file.data
    names = [_bare(line) for line in lines if _NAME.match(line)]
    at = len(lines)
    if names == sorted(names) and names:
        at = next((index for index, line in enumerate(lines) if _NAME.match(line) and _bare(line) > _bare(package)), at)
    if at and not lines[at - 1].endswith(("\n", "\r")):
        lines[at - 1] += file.newline
    return "".join([*lines[:at], package + file.newline, *lines[at:]]).encode()


def _to_pyproject(file: FileText, package: str) -> bytes | None:
    text = file.data.decode("utf-8", "replace")
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
    project = told.get("project", {}).get("dependencies")
    poetry = told.get("tool", {}).get("poetry", {}).get("dependencies")
    if isinstance(project, list):
        if any(_bare(str(each)) == _bare(package) for each in project):
            return file.data
        match = _DEPENDENCIES.search(text)
        if match is None:
            return None
        new = (
            text[: match.start("items")]
            + _with_item(match["items"], package, file.newline)
            + text[match.end("items") :]
        )
        return new.encode() if _adds(new, package) else None
    if isinstance(poetry, dict):
        if any(_bare(name) == _bare(package) for name in poetry):
            return file.data
        match = _POETRY.search(text)
        if match is None:
            return None
        name, _, version = package.partition(">=")
        line = f'{name} = ">={version}"{file.newline}' if version else f'{name} = "*"{file.newline}'
        return (text[: match.end()] + line + text[match.end() :]).encode()
    return None


def _with_item(items: str, package: str, newline: str) -> str:
    """The inside of a TOML array of texts with one more at its end."""
    if not items.strip():
        return f'"{package}"'
    last = list(_TEXT.finditer(items))[-1]
    comma = "" if items[last.end() :].lstrip().startswith(",") else ","
    body = (items[: last.end()] + comma + items[last.end() :]).rstrip()
    tail = items[len(items.rstrip()) :]
    if "\n" in items:
        indentation = re.match(r"[ \t]*", body.splitlines()[-1])
        indent = indentation[0] if indentation is not None else ""
        return f'{body}{newline}{indent}"{package}",{tail}'
    return f'{body} "{package}"{tail}'


def _adds(text: str, package: str) -> bool:
    try:
        return package in tomllib.loads(text)["project"]["dependencies"]
    except (tomllib.TOMLDecodeError, KeyError, TypeError):
        return False


_WHERE: dict[str, tuple[tuple[str, Callable[[FileText, str], bytes | None]], ...]] = {
    "csharp": (("*.csproj", to_project),),
    "go": (("go.mod", is_named),),
    "java": (("pom.xml", is_named), ("build.gradle", is_named), ("build.gradle.kts", is_named)),
    "javascript": (("package.json", to_package_json),),
    "python": (("requirements.txt", _to_lines), ("pyproject.toml", _to_pyproject)),
}
