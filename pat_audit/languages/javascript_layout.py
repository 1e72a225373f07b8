"""Where JavaScript's modules are: relative paths with endings left out, aliases, and packages of the repository."""

from __future__ import annotations

import json
import posixpath
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pat_audit.flow.language import Files

ENDINGS = ("ts", "tsx", "js", "jsx", "mts", "mjs", "cts", "cjs", "vue", "svelte")
_SOURCES = {"js": ("ts", "tsx"), "mjs": ("mts",), "cjs": ("cts",), "jsx": ("tsx",)}  # what is compiled to it
SETTINGS = ("tsconfig.json", "jsconfig.json", "tsconfig.base.json")
_COMMENT = re.compile(r'("(?:[^"\\\n]|\\.)*+"?)|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_TRAILING = re.compile(r",(\s*[}\]])")


class JavaScriptLayout:
    """Finds JavaScript's modules among the files of a repository."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._exists: dict[str, bool] = {}
        self._aliases: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {}
        self._packages: dict[str, str] | None = None

    def locate(self, module: str, level: int, importer: str) -> str | None:
        """The file of a module: beside the importer, under an alias of its settings, or a package by its name."""
        folder = posixpath.dirname(importer)
        if level:
            path = posixpath.normpath(posixpath.join(folder, module))
            return None if path.startswith("..") else self._file_of("" if path == "." else path)
        for path in self._by_alias(module, folder):
            found = self._file_of(path)
            if found is not None:
                return found
        return self._by_package(module)

    def submodule(self, path: str, name: str) -> str | None:
        """Nothing: a module holds what it gives away and nothing else."""
        return None

    def implied(self, name: str, importer: str) -> Iterable[str]:
        """Nothing: every name is imported."""
        return ()

    def _file_of(self, stem: str) -> str | None:
        base, _, ending = stem.rpartition(".")
        candidates = [stem] if ending in ENDINGS else []
        candidates += [f"{base}.{source}" for source in _SOURCES.get(ending, ())]
        candidates += [f"{stem}.{each}" for each in ENDINGS]
        candidates += [posixpath.join(stem, f"index.{each}") for each in ENDINGS[:8]]
        return next((each for each in candidates if self._is_file(each)), None)

    def _is_file(self, path: str) -> bool:
        if path not in self._exists:
            folder = posixpath.dirname(path)
            listed = self._files.beside(folder)
            self._exists[path] = path in listed if listed else self._files.exists(path)
        return self._exists[path]

    # --- aliases ---

    def _by_alias(self, module: str, folder: str) -> Iterator[str]:
        while True:
            for pattern, places in self._aliases_in(folder):
                start, star, end = pattern.partition("*")
                if star and module.startswith(start) and module.endswith(end):
                    middle = module[len(start) : len(module) - len(end)]
                    yield from (place.replace("*", middle) for place in places)
                elif module == pattern:
                    yield from places
            if not folder:
                return
            folder = posixpath.dirname(folder)

    def _aliases_in(self, folder: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The aliases that the settings in a folder give, with the paths that they stand for."""
        if folder not in self._aliases:
            listed = self._files.beside(folder)
            found = (self._read(posixpath.join(folder, name), listed) for name in SETTINGS)
            self._aliases[folder] = tuple([alias for settings in found for alias in _aliases(settings, folder)])
        return self._aliases[folder]

    def _read(self, path: str, listed: tuple[str, ...]) -> Any:
        data = self._files.read(path) if path in listed else None
        return {} if data is None else parsed(data)

    # --- packages ---

    def _by_package(self, module: str) -> str | None:
        if self._packages is None:
            self._packages = {}
            for path in self._files.named("package.json"):
                settings = parsed(self._files.read(path) or b"")
                name = settings.get("name") if isinstance(settings, dict) else None
                if isinstance(name, str) and name:
                    self._packages.setdefault(name, posixpath.dirname(path))
        name, _, rest = module.partition("/")
        if name.startswith("@"):
            scoped, _, rest = rest.partition("/")
            name = f"{name}/{scoped}"
        folder = self._packages.get(name)
        if folder is None:
            return None
        stems = [rest, posixpath.join("src", rest)] if rest else ["src/index", "index", "lib/index", "src/main"]
        found = (self._file_of(posixpath.join(folder, stem)) for stem in stems)
        return next((path for path in found if path is not None), None)


def parsed(data: bytes) -> Any:
    """JSON with comments and trailing commas; an empty mapping where it is none."""
    text = _COMMENT.sub(lambda match: match[1] or "", data.decode("utf-8", "replace").removeprefix("\ufeff"))
    try:
        return json.loads(_TRAILING.sub(r"\1", text))
    except (ValueError, RecursionError):
        return {}


def _aliases(settings: Any, folder: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    options = settings.get("compilerOptions") if isinstance(settings, dict) else None
    if not isinstance(options, dict):
        return
    base = options.get("baseUrl")
    root = posixpath.normpath(posixpath.join(folder, base if isinstance(base, str) else "."))
    root = "" if root == "." else root
    paths = options.get("paths")
    for pattern, places in paths.items() if isinstance(paths, dict) else ():
        if isinstance(places, list):
            found = tuple([posixpath.normpath(posixpath.join(root, each)) for each in places if isinstance(each, str)])
            yield pattern, found
    if isinstance(base, str):
        yield "*", (posixpath.join(root, "*"),)
