"""The readers by the name of the syntax that each reads; one is imported when a file first needs it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from pat_audit.formats.settings import Setting

READERS = {
    "dockerfile": "dockerfile",
    "dotenv": "dotenv",
    "git-config": "git_config",
    "hcl": "hcl",
    "ini": "ini",
    "json": "json_text",
    "lines": "lines",
    "makefile": "makefile",
    "markdown": "markdown",
    "netrc": "netrc",
    "notebook": "notebook",
    "pairs": "pairs",
    "properties": "properties",
    "prose": "prose",
    "requirements": "requirements",
    "toml": "toml_text",
    "xml": "xml_text",
    "yaml": "yaml_text",
    "yarn-config": "yarn_config",
}
"""The module of this package that reads each syntax."""


def read(syntax: str, data: bytes) -> list[Setting]:
    """The settings of a file's text (UTF-8), in the order in which they stand there.

    Raises Unparsable, with the settings that could be read, for text that is not in the syntax, and KeyError
    for a syntax that is not in READERS.
    """
    module = import_module(f"pat_audit.formats.{READERS[syntax]}")
    return cast("Callable[[bytes], list[Setting]]", module.read)(data)
