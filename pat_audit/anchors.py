"""What must stand in a file for any rule to find something in it, derived from the catalogue."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pat_audit.anchor_table import (
    Anchor,
    Table,
    keyword,
    one_of,
    option_key,
    quoted_word,
    run_of_words,
    union,
    whole_name,
)
from pat_audit.naming import contains, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pat_audit.catalogue import Catalogue
    from pat_audit.vocabulary import Command, CredentialKind, Effect, Format, Library, Service, Shape

# --- what no catalogue says, because it is how Basic, URLs and base64 are written everywhere --------------

# The scheme's name where a header's value starts: after a quote, a colon or an equals sign.
_BASIC = r"""["'`=:(]\s{0,2}basic(?:$|[\s"'`{%$])"""
_AUTHORIZATION = r"authorization"
# What a comment that suppresses a finding starts with (see suppress.py).
_MARKER = "pat-audit:"
# A user part: a reference to a value in it (`${{ … }}`) may hold anything but a line's end. A URL that is yet
# to be filled in has a hole before its host.
_USER_PART = r"://[^\r\n]*@"
_HOLE_BEFORE_HOST = r"""(?:[}"']|%s)@(?:[{%"']|[a-z0-9-]{1,40}\.[a-z])"""
_URL_MADE = r"://|netloc|urlunparse|urlunsplit"
# Who speaks of a credential that is encoded, and not of a digest or a picture.
_CREDENTIALS = r"auth|basic|cred|passw|pwd|secret|token|user"
# Base64 of text: each byte of ASCII leaves its high bits in the characters, so that hashes, which have the
# same alphabet, are told apart. Seven quads are 21 characters of text, and no token is shorter than 25. The
# second is the same for text in UTF-16, which PowerShell encodes.
_ENCODED_TEXT = r"(?:[I-Za-f][C-HS-Xi-nyz0-3][ABEFIJMNQRUVYZcdghklopstwx014589][A-Za-z0-9+/_-]){7}"
_ENCODED_WIDE_TEXT = r"(?:[I-Za-f][AQgw][AB][A-Za-z0-9+/_-]A[C-H][AEIMQUYcgkosw048]A){5}"
# What all of these look like from far, as the token scanner sees it (tokens.decoding.SHORTEST_RUN).
_RUN = r"[A-Za-z0-9]{35}"

# Roles that carry a credential into a call.
_CREDENTIAL_ROLES = frozenset({"auth", "user", "password", "token", "userinfo", "header", "headers"})
# Roles whose keyword says by itself that a request signs in, whoever it is handed to.
_TELLING_ROLES = frozenset({"auth", "userinfo"})
_SIGNING = frozenset({"authenticate", "headers"})
_READING = frozenset({"read", "declare"})
_INNER = frozenset({"", "file", "config", "request", "unknown"})  # origins whose keys are names of their own
_SENDING = frozenset({"request", "client", "set", "option"})


Clause = tuple[int, int, int]
"""A way for a file to be worth something: a mask over `cheap` (bit n: anchor n) that must meet a hit, and two
over `exact` that must meet one each, too, or 0."""

Clauses = tuple[Clause, ...]
"""Alternatives, of which one is enough."""


@dataclass(frozen=True, slots=True)
class Anchors:
    """The anchors of a catalogue, and which of them each kind of work needs to be worth doing.

    All bytes of a run are searched for the `cheap` ones; for the `exact` ones, which are slower to look for
    or hit more often, only files in which the cheap side of a clause is met.
    """

    cheap: tuple[Anchor, ...]
    exact: tuple[Anchor, ...]
    of_text: int  # how many of `cheap`, the first ones, matter in a file that is no program
    tokens: Clauses
    urls: Clauses
    markers: Clauses
    programs: dict[str, Clauses]  # by language
    evidence: dict[str, Clauses]  # what a module that a program imports can add to it, by language
    formats: dict[str, Clauses]  # by format
    globs: dict[str, tuple[str, ...]]  # the files that a format's clauses are asked of


def derive(catalogue: Catalogue) -> Anchors:
    """The anchors of everything that a catalogue knows."""
    cheap, exact = Table(), Table()
    tokens = _merged(_token_clauses(cheap, exact, catalogue.credentials))
    urls = _merged([(cheap.bit(_USER_PART, "://"), 0, 0)])
    markers = _merged([(cheap.text(_MARKER), 0, 0)])
    of_text = len(cheap.anchors)
    of_all = [
        *((mask, 0, 0) for mask in _single_masks(cheap, catalogue)),
        _url_clause(cheap, exact, catalogue),
        *_named_after_a_service(cheap, exact, catalogue),
    ]
    fragments = [clause for format_ in catalogue.formats for clause in _fragment_clauses(cheap, exact, format_)]
    commands = [
        _command_clause(cheap, exact, command) for library in catalogue.commands for command in library.commands
    ]
    programs: dict[str, Clauses] = {}
    evidence: dict[str, Clauses] = {}
    for language in sorted({name for each in catalogue.libraries for name in (each.language, *each.also)}):
        libraries = catalogue.libraries_of(language)
        own = [*_sent_to_a_service(cheap, exact, catalogue, libraries), *_library_clauses(cheap, exact, libraries)]
        programs[language] = _merged([*of_all, *commands, *fragments, *own])
        further = _evidence_clauses(cheap, exact, catalogue, libraries)
        evidence[language] = _merged([*programs[language], *further])
    known = {format_.id: [*of_all, *_setting_clauses(cheap, exact, format_)] for format_ in catalogue.formats}
    formats: dict[str, Clauses] = {}
    for format_ in catalogue.formats:
        inside = {**known, **programs}
        spoken = set(_spoken(format_, inside))
        formats[format_.id] = _merged([*known[format_.id], *(clause for name in spoken for clause in inside[name])])
    globs = {format_.id: format_.files for format_ in catalogue.formats if format_.files}
    return Anchors(
        tuple(cheap.anchors), tuple(exact.anchors), of_text, tokens, urls, markers, programs, evidence, formats, globs
    )  # fmt: skip


def _merged(clauses: Iterable[Clause]) -> Clauses:
    """The same alternatives, first and as one those that need a cheap anchor only."""
    single = 0
    others: dict[tuple[int, int], int] = {}
    for cheap, exact, further in clauses:
        if exact:
            others[cheap, further] = others.get((cheap, further), 0) | exact
        else:
            single |= cheap
    return (((single, 0, 0),) if single else ()) + tuple(
        (cheap, exact, further) for (cheap, further), exact in others.items() if cheap
    )


# --- tokens -----------------------------------------------------------------------------------------------


def _token_clauses(cheap: Table, exact: Table, kinds: Iterable[CredentialKind]) -> Iterable[Clause]:
    run = cheap.bit(_RUN)
    yield run, exact.bit(_ENCODED_TEXT) | exact.bit(_ENCODED_WIDE_TEXT), 0
    for kind in kinds:
        for shape in kind.shapes:
            yield _shape(cheap, exact, shape)


def _shape(cheap: Table, exact: Table, shape: Shape) -> Clause:
    if shape.near:
        return union(cheap.text(word) for word in (*shape.near, *shape.keywords)), exact.bit(shape.pattern), 0
    # A keyword that no other word has finds the token in whatever way the rest of it is escaped.
    if shape.keywords and all(len(word) > 5 or not word.isalpha() for word in shape.keywords):
        return union(cheap.text(word) for word in shape.keywords), 0, 0
    return cheap.bit(shape.pattern, *shape.keywords), 0, 0


# --- programs ---------------------------------------------------------------------------------------------


def _single_masks(cheap: Table, catalogue: Catalogue) -> Iterable[int]:
    """What is enough by itself for a program to be evaluated."""
    yield cheap.bit(_BASIC, "basic", caseless=True)
    telling = [kind.names for kind in catalogue.credentials if _is_telling(kind) and not _is_fleeting(kind)]
    runs = sorted({words(run) for names in telling for run in names.words}, key=len)
    shortest: list[tuple[str, ...]] = []
    for run in runs:  # `ado pat` is found where `pat` is
        if run and not any(contains(known, run) for known in shortest):
            shortest.append(run)
            yield run_of_words(cheap, run)
    for name in sorted({name.lower() for names in telling for name in names.exact}):
        if not any(contains(known, words(name)) for known in shortest):
            yield whole_name(cheap, name)
    # a request that the repository's own function sends: who calls it says where to, and needs say nothing else
    yield union(cheap.word(label) for service in _judged(catalogue) for label in service.subdomains)


def _is_fleeting(kind: CredentialKind) -> bool:
    """Whether it is issued for the moment: to have such a thing is nothing to report."""
    return kind.kind in ("job-token", "oauth-token")


def _is_telling(kind: CredentialKind) -> bool:
    """Whether the kind's name alone says what it is: `pat` does, `password` and `token` of no one do not."""
    return kind.provider != "any" or kind.kind == "pat"


def _named_after_a_service(cheap: Table, exact: Table, catalogue: Catalogue) -> Iterable[Clause]:
    """A name of two words that tell nothing alone, whose it is and that it is a credential: `azdo_token`."""
    lasting = [kind for kind in catalogue.credentials if not _is_telling(kind) and not _is_fleeting(kind)]
    general = {words(run) for kind in lasting for run in kind.names.words}
    whose = {words(run) for service in _judged(catalogue) for run in (*service.words, *service.weak_words)}
    credentials, services = sorted(general - {()}), sorted(whose - {()})
    if credentials and services:
        credential, service = one_of(credentials), one_of(services)
        needles = [max(run, key=len) for run in credentials]
        between = r"[a-z0-9_.-]{0,24}"
        told = exact.bit(f"{service}{between}{credential}", *needles, caseless=True)
        told |= exact.bit(f"{credential}{between}{service}", *needles, caseless=True)
        yield union(run_of_words(cheap, run) for run in services), told, 0


def _judged(catalogue: Catalogue) -> Iterable[Service]:
    """The services of which something is said; at the others every way to sign in is right."""
    for service in catalogue.services:
        policies = {scheme.policy for scheme in service.schemes} | {end.policy for end in service.endpoints}
        if policies - {"right"}:
            yield service


def _sent_to_a_service(
    cheap: Table, exact: Table, catalogue: Catalogue, libraries: Sequence[Library]
) -> Iterable[Clause]:
    """A request that hands headers over, in a file that knows an address: where it goes is evidence too."""
    keywords = union(
        _named(exact, effect, role)
        for library in libraries
        for effect in _effects(library)
        if effect.does in _SENDING
        for role in ("headers", "header", "auth")
    )
    yield _addresses(cheap, catalogue), keywords | exact.bit(_AUTHORIZATION, "authorization", caseless=True), 0


def _url_clause(cheap: Table, exact: Table, catalogue: Catalogue) -> Clause:
    """A host behind a hole or a quote and `@`, where URLs are made or the host is known: not a mail address."""
    hosts = {host.removeprefix("*.") for service in _judged(catalogue) for host in service.hosts}
    known = "|".join(sorted(re.escape(host) for host in hosts)) or "localhost"
    made = exact.bit(_URL_MADE, caseless=True) | exact.bit(f"@(?:[a-z0-9-]{{1,40}}[.])?(?:{known})", "@", caseless=True)
    return cheap.bit(_HOLE_BEFORE_HOST, "@", caseless=True), made, 0


def _addresses(cheap: Table, catalogue: Catalogue) -> int:
    return union(
        cheap.text(max(place.removeprefix("*.").split("{}"), key=len))
        for service in _judged(catalogue)
        for place in (*service.hosts, *service.paths)
    )


def _library_clauses(cheap: Table, exact: Table, libraries: Iterable[Library]) -> Iterable[Clause]:
    """What a library does with credentials, in a file that uses the library."""
    for library in libraries:
        alone, together, encoded = 0, 0, 0
        for effect in _effects(library):
            if _encodes(effect):
                encoded |= _called(exact, effect)
            elif _signs_in(effect):
                together |= _called(exact, effect)  # whatever it is handed: the name of what signs in is evidence
            elif effect.does in _SENDING:
                for role in _CREDENTIAL_ROLES & effect.roles.keys() - {"headers", "header"}:
                    if role in _TELLING_ROLES and any(name.startswith("*.") for name in effect.names):
                        alone |= _named(cheap, effect, role)  # of whatever client it is
                    together |= _named(exact, effect, role)
            together |= union(exact.word(name) for name, role in effect.choices.items() if role in _CREDENTIAL_ROLES)
        for type_ in library.types:
            if type_.make is None or not _signs_in(type_.make):
                for name, role in type_.attributes.items():
                    if role in ("auth", "password", "token", "userinfo"):
                        together |= keyword(exact, name)
        yield alone, 0, 0
        used = union(cheap.word(word) for word in _library_words(library))
        if together:
            yield used, together, 0
        if encoded:
            yield used, encoded, exact.bit(_CREDENTIALS, caseless=True)


def _named(table: Table, effect: Effect, role: str) -> int:
    """How the arguments that play a role are written: as keywords, or as keys of an options object."""
    mask = 0
    for place in effect.roles.get(role, ()):
        name = str(place).rpartition(".")[2]
        if name.isidentifier() and isinstance(place, str):
            mask |= keyword(table, name) if place == name else option_key(table, name)
    return mask


def _evidence_clauses(
    cheap: Table, exact: Table, catalogue: Catalogue, libraries: Sequence[Library]
) -> Iterable[Clause]:
    """What is no reason to evaluate a file by itself, and yet a value may come of it."""
    yield _addresses(cheap, catalogue), 0, 0
    for library in libraries:
        sends, reads = 0, 0
        for effect in _effects(library):
            if _encodes(effect):
                sends |= _called(exact, effect)
            for role in _CREDENTIAL_ROLES & effect.roles.keys():
                if effect.does in _SENDING and role in ("headers", "header", "auth"):
                    places = [str(place).rpartition(".")[2] for place in effect.roles[role]]
                    sends |= union(exact.word(name) for name in places if name.isidentifier())
        for effect in library.functions:
            if effect.does in _READING and effect.origin not in _INNER:
                reads |= union(exact.word(_telling_part(name)) for name in effect.names)
        reads |= union(exact.word(_telling_part(name)) for name in library.values)
        if sends or reads:
            yield union(cheap.word(word) for word in _library_words(library)), sends | reads, 0


def _telling_part(name: str) -> str:
    """The part of a dotted name that says most: `environ` of `os.environ.get`."""
    return max(reversed(name.split(".")), key=len)


def _called(table: Table, effect: Effect) -> int:
    """The last words of the names by which a callable is called."""
    return union(table.word(name.rpartition(".")[2]) for name in effect.names)


def _encodes(effect: Effect) -> bool:
    """Whether a call encodes base64."""
    return effect.does == "encode" and effect.scheme.startswith("base64")


def _signs_in(effect: Effect) -> bool:
    """Whether a call is evidence: it makes an auth object, encodes base64 or takes a credential."""
    if effect.does in _SIGNING:
        return True
    if _encodes(effect):
        return True
    if effect.does in _SENDING:
        named_roles = _CREDENTIAL_ROLES & effect.roles.keys() - {"header", "headers"}
        named = (effect.scheme == "basic" and not named_roles) or bool(effect.credential)
        by_position = any(
            isinstance(place, int) and place < 4  # further back it is written as a keyword
            for role in ("auth", "password", "token", "userinfo")
            for place in effect.roles.get(role, ())
        )
        return named or by_position or effect.role in _CREDENTIAL_ROLES
    return False


def _effects(library: Library) -> Iterable[Effect]:
    """All callables of a library; constructors under the names of their types."""
    from dataclasses import replace

    yield from library.functions
    for type_ in library.types:
        if type_.make is None or type_.make.does not in _SIGNING:  # else its name is evidence already
            yield from type_.methods
        if type_.make is not None:
            yield type_.make if type_.make.names else replace(type_.make, names=type_.names)


def _library_words(library: Library) -> Sequence[str]:
    """Words of which one stands in every file that uses the library: its own, or else its packages' names."""
    if library.anchors:
        return library.anchors
    named = [*library.values, *(name for effect in library.functions for name in effect.names)]
    named += [name for type_ in library.types for name in type_.names]
    return sorted({name.partition(".")[0] for name in named if "." in name and not name.startswith("*")})


def _command_clause(cheap: Table, exact: Table, command: Command) -> Clause:
    """A program's name beside an option, a setting or a word that makes it sign in."""
    if command.means:
        telling = [max(re.split(r"[*|!]", each), key=len) for each in command.every]
        return cheap.text(max(telling, key=len)), 0, 0
    names = union(quoted_word(cheap, name) for name in command.names)
    credentials = _CREDENTIAL_ROLES - {"headers"}
    signs = [option for role, options in command.options.items() if role in credentials for option in options]
    signs += [max(key.split("*"), key=len) for key, role in command.settings.items() if role in credentials]
    if command.stdin or any(role in credentials for role in command.positions):
        signs += command.subcommand
    mask = union(_words_in_a_row(exact, sign.split()) for sign in signs if sign.strip())
    return (names, mask, _below(exact, command)) if mask else (0, 0, 0)


def _below(exact: Table, command: Command) -> int:
    """How its subcommands begin: `-p` is a password behind `dotnet nuget add`, not behind `dotnet build`."""
    begins = [re.findall(r"\w{2,}", each)[:2] for each in command.subcommand]
    if not all(begins):
        return 0  # one of them is none
    between = r"[\s\S]{1,60}"  # they may be put into a list one by one
    return union(exact.bit(rf"\b{between.join(begin)}\b", max(begin, key=len), caseless=True) for begin in begins)


def _words_in_a_row(table: Table, words_: Sequence[str]) -> int:
    """Words of a command line that stand one behind the other, each quoted or not."""
    spelled = r"""["',\s]{1,12}""".join(re.escape(word) for word in words_)
    edge = "" if words_[-1].startswith("-") else r"""(?:$|[\s"'`=:,;)])"""  # `-u` may have its value behind it
    return table.bit(rf"""[\s"'`=]{spelled}{edge}""", max(words_, key=len), caseless=True)


# --- configuration files ------------------------------------------------------------------------------------


def _spoken(format_: Format, known: Iterable[str]) -> Iterable[str]:
    """The languages and formats that scripts in a file of a format may be in."""
    for script in format_.scripts:
        named = {script.language, *script.languages.values(), *script.asides.values()} - {""}
        yield from named.intersection(known) if named else known


def _fragment_clauses(cheap: Table, exact: Table, format_: Format) -> Iterable[Clause]:
    """The keys of a format's credentials that tell it in a text of a program."""
    for setting in format_.settings:
        for path in setting.paths:
            if setting.role in ("password", "token", "userinfo") and path in format_.fragments:
                yield cheap.text(path.rpartition("/")[2]), 0, 0


def _setting_clauses(cheap: Table, exact: Table, format_: Format) -> Iterable[Clause]:
    """The keys that lead to a setting of which something is known, and what it must hold."""
    for setting in format_.settings:
        if setting.role in ("nothing", "url"):
            continue  # what matters of an address stands in it
        held = [max(text.split("*"), key=len) for text in setting.equals]
        for path in setting.paths:
            keys = [max(key.strip("@#").split("*"), key=len) for key in path.split("/") if not key.startswith("#")]
            telling = sorted({key.lower() for key in keys if len(key) > 2}, key=len)
            if held and all(len(text) > 5 for text in held):
                yield union(cheap.text(text) for text in held), 0, 0
            elif telling:
                yield cheap.text(telling[-1]), exact.text(telling[-2]) if len(telling) > 1 else 0, 0
