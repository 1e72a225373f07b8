"""What the evaluator saw a program do with a credential; the judge makes findings of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from pat_audit.flow.values import Site, Value
    from pat_audit.vocabulary import KnownSetting

Act: TypeAlias = Literal[
    "header",  # a text `Basic …` was put together
    "encode",  # `user:password` was encoded
    "client",  # a credential was handed to a helper or client that signs in with it
    "url",  # a URL with a user part was put together
    "read",  # a value came in from outside under a name
    "request",  # a request leaves: where to, and signed in with what
    "command",  # a command line signs in
    "run",  # a command is run that only a caller knows
    "export",  # a variable called `sink` is handed to the programs that are run from here
    "write",  # a value is written to a file or stream
    "named",  # a text is written down under a credential's name
    "length",  # a value's length is compared with a number
    "setting",  # a configuration file carries a credential, or says something of one
    "text",  # a text that may be of a configuration format is written, or put together
]


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """One act at one place.

    `site` is where a person would mend it; `scope` tells the function that it happens in; `calls` are the
    call sites through which it was reached, innermost first, when a caller filled in what it handed over.
    """

    act: Act
    site: Site
    value: Value | None
    scope: int
    url: Value | None = None
    sink: str = ""
    service: str = ""
    credential: str = ""
    method: str = ""
    calls: tuple[Site, ...] = ()
    at: Site | None = None  # the call that sends, for a request
    root: Observation | None = None  # what it was before callers filled it in
    setting: KnownSetting | None = None  # what is known of the setting that it is
    holder: Site | None = None  # where the client was made that signs a request in
    signs: bool = False  # an authenticator of the program's own puts the header into the request
