"""What evaluation must know of a language: where its modules are, and how its names behave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pat_audit.flow import ir


class Files(Protocol):
    """The files of a repository as far as imports need them. Paths are relative to its root, with slashes."""

    def exists(self, path: str) -> bool:
        """Whether there is such a file."""
        ...

    def read(self, path: str) -> bytes | None:
        """Its text as UTF-8; None where there is none."""
        ...

    def beside(self, folder: str) -> tuple[str, ...]:
        """The paths of the files directly in a folder, sorted."""
        ...

    def named(self, name: str) -> tuple[str, ...]:
        """The paths of the files of this run with that name, in lower case, in any folder, sorted."""
        ...

    def ending(self, *suffixes: str, below: str = "") -> tuple[str, ...]:
        """The paths of the files of this run whose names end so, sorted: all, or those below a folder."""
        ...


class Layout(Protocol):
    """Where the modules of a language are, by the names that its programs give them."""

    def locate(self, module: str, level: int, importer: str) -> str | None:
        """The path of the module that an import in `importer` names; None: it is not of this repository."""
        ...

    def submodule(self, path: str, name: str) -> str | None:
        """The path of the module `name` in the package whose file or folder is `path`."""
        ...

    def implied(self, name: str, importer: str) -> Iterable[str]:
        """The paths of modules that may say what `name` is where no import does: the most likely first."""
        ...


class Lower(Protocol):
    """A language front end."""

    def __call__(self, path: str, data: bytes, place: Callable[[int], int] | None = None) -> ir.Module:
        """The IR of one program of a file; raises `ir.Unreadable` for text that it cannot read.

        `data` is UTF-8. `place` says which byte of the file a byte of `data` stands for, where the program is
        only a part of it.
        """
        ...


@dataclass(frozen=True, slots=True)
class Language:
    """A language, and where it differs from others.

    `unbound` is the origin of a name that nothing binds: environment in shells. `caseless`: names are the same
    in any case; the front end writes those of functions, commands, types and members in lower case, and those
    of variables as they are first spelled in the file. `own_members`: in a method a bare name may be a member
    of its class. `namespaces`: a library's name may stand behind the namespace that it is in, which its model
    leaves out. `fields_as_items`: `mapping.name` is the item under `name`.
    `overloads`: a class has several methods of one name, told apart by what they are handed. `methods_apart`: a
    method may have the name of a field. `eponymous`: a module in a package is asked for as what it defines under
    its own name.
    `folders`: the files of a folder are one module, whichever of them it is known by. `spoken`: what models call
    the module or name of a library that a program imports.
    `extensions`: a function may be called like a method of its first parameter; modules hold such ones under
    `ir.EXTENSION` and their name.
    `gateways`: names of files that mostly lead on to other modules, and are read whatever stands in them.
    """

    name: str
    lower: Lower
    layout: Callable[[Files], Layout]
    unbound: Literal["unknown", "environment"] = "unknown"
    caseless: bool = False
    own_members: bool = False
    namespaces: bool = False
    fields_as_items: bool = False
    overloads: bool = False
    methods_apart: bool = False
    eponymous: bool = False
    folders: bool = False
    extensions: bool = False
    spoken: Callable[[str], str] = str
    gateways: tuple[str, ...] = ()
