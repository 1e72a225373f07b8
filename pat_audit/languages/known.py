"""Which language a file is in, by its name or its first line, and the front end of each language."""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pat_audit.flow.language import Language

NAMELESS = "-"  # the path of stdin that was given no name

ENDINGS: dict[str, tuple[str, ...]] = {
    "go": ("go",),
    "powershell": ("ps1", "psm1"),
    "python": ("py", "pyw", "pyi"),
    "batch": ("cmd", "bat"),
    "bash": ("sh", "bash", "zsh", "ksh", "envrc", "profile", "bashrc", "bash_profile", "zshrc", "zprofile", "zshenv"),
    "javascript": ("js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx", "vue", "svelte"),
    "csharp": ("cs", "csx"),
    "java": ("java",),
    "kotlin": ("kt", "kts"),
    "groovy": ("groovy", "gradle", "gvy", "gy", "jenkinsfile"),
}
"""The ends of the names of a language's files. A language is one that has a module here of its name."""

SHELL = "bash"
"""The language of text that a program hands to a shell."""

NAMES = {"jenkinsfile": "groovy"}
"""Files of a language whose names have no end, in lower case; with a dot and more behind it, too."""

_INTERPRETERS = {
    b"pwsh": "powershell",
    b"python": "python",
    b"sh": "bash",
    b"bash": "bash",
    b"dash": "bash",
    b"zsh": "bash",
    b"ksh": "bash",
    b"node": "javascript",
    b"deno": "javascript",
    b"bun": "javascript",
}
_FIRST_LINE = re.compile(rb"#![ \t]*(?:\S*/)?(?:env[ \t]+(?:-\S+[ \t]+|\w+=\S*[ \t]+)*(?:\S*/)?)?([a-z]+)")
_BY_ENDING = {ending: language for language, endings in ENDINGS.items() for ending in endings}


def language_of(path: str, data: bytes) -> str:
    """The language that a file is evaluated as, or nothing: by its name, or the interpreter its first line names.

    What comes on stdin under no name is taken for Python.
    """
    name = path.rpartition("/")[2].lower()
    known = _BY_ENDING.get(name.rpartition(".")[2], "") or NAMES.get(name.partition(".")[0], "")
    if known:
        return known
    if path == NAMELESS and not data.startswith(b"#!"):
        return "python"
    if data.startswith(b"#!"):
        named = _FIRST_LINE.match(data[:128].partition(b"\n")[0])
        return "" if named is None else _INTERPRETERS.get(named[1], "")
    return ""


def front_end(language: str) -> Language:
    """The front end of a language, imported when a file first needs it."""
    found: Language = import_module(f"pat_audit.languages.{language}").LANGUAGE
    return found
