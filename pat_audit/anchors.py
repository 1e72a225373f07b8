"""What must stand in a file for any rule to find something in it, derived from the catalogue."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pat_audit.naming import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pat_audit.catalogue import Catalogue
    from pat_audit.vocabulary import Command, CredentialKind, Effect, Library, Service, Shape

# --- what no catalogue says, because it is how Basic, URLs and base64 are written everywhere --------------

# The scheme's name where a header's value starts: after a quote, a colon or an equals sign.
_BASIC = r"""["'=:(]\s{0,2}basic(?:$|[\s"'{%])"""
_AUTHORIZATION = r"authorization"
# A user part, also of a URL that is still to be filled in; `}@` and `s@` end a hole before a host.
_USER_PART = r"://[^\s/?#]{0,400}@"
_HOLE_BEFORE_HOST = r"""(?:[}"'s])@(?:[{%"']|[a-z0-9-]{1,40}\.[a-z])"""
# Base64 of text: each byte of ASCII leaves its high bits in the characters, so that hashes, which have the
# same alphabet, are told apart. Seven quads are 21 characters of text, and no token is shorter than 25. The
# second is the same for text in UTF-16, which PowerShell encodes.
_ENCODED_TEXT = r"(?:[I-Za-f][C-HS-Xi-nyz0-3][ABEFIJMNQRUVYZcdghklopstwx014589][A-Za-z0-9+/_-]){7}"
_ENCODED_WIDE_TEXT = r"(?:[I-Za-f][AQgw][AB][A-Za-z0-9+/_-]A[C-H][AEIMQUYcgkosw048]A){5}"
_ENCODED_HEADER = r"basic\s{1,4}[a-z0-9+/]{6}"

# Roles that carry a credential into a call.
_CREDENTIAL_ROLES = frozenset({"auth", "user", "password", "token", "userinfo", "header", "headers"})
# Roles whose keyword says by itself that a request signs in, whoever it is handed to.
_TELLING_ROLES = frozenset({"auth", "userinfo"})
_SIGNING = frozenset({"authenticate", "headers"})
_SENDING = frozenset({"request", "client", "set", "option"})


@dataclass(frozen=True, slots=True)
class Anchor:
    """A pattern in the syntax that `re` and hyperscan share, matched anywhere in a file's bytes.

    At least one of `needles` (lower case) stands, ignoring case, in every match; none: nothing is known.
    """

    pattern: str
    caseless: bool = False
    needles: tuple[str, ...] = ()


Clauses = tuple[tuple[int, ...], ...]
"""Alternatives; each is a set of masks over anchors (bit n: anchor n), of which every one must meet a hit."""


@dataclass(frozen=True, slots=True)
class Anchors:
    """The anchors of a catalogue, and which of them each kind of work needs to be worth doing."""

    anchors: tuple[Anchor, ...]
    tokens: Clauses
    urls: Clauses
    python: Clauses


class _Table:
    """Anchors, each once, by the bit that stands for it."""

    def __init__(self) -> None:
        self.anchors: dict[Anchor, int] = {}

    def bit(self, pattern: str, *needles: str, caseless: bool = False) -> int:
        """The mask of one pattern."""
        anchor = Anchor(pattern, caseless, tuple(sorted({needle.lower() for needle in needles})))
        return 1 << self.anchors.setdefault(anchor, len(self.anchors))

    def text(self, text: str) -> int:
        """The mask of a text that matters as it is, in any case."""
        return self.bit(re.escape(text), text, caseless=True)

    def word(self, text: str) -> int:
        """The mask of a word of code, in this very case."""
        return self.bit(rf"\b{re.escape(text)}\b", text)

    def words_of(self, run: str) -> int:
        """The mask of a run of words as an identifier spells it: `adoPat`, `ADO_PAT`, `ado-pat`."""
        parts = words(run)
        return self.bit(_spelled(parts), max(parts, key=len)) if parts else 0


def derive(catalogue: Catalogue) -> Anchors:
    """The anchors of everything that a catalogue knows."""
    table = _Table()
    tokens = _token_clauses(table, catalogue.credentials)
    urls: Clauses = ((table.bit(_USER_PART, "://"),),)
    python = (
        *((mask,) for mask in _single_masks(table, catalogue)),
        *_named_after_a_service(table, catalogue),
        *_sent_to_a_service(table, catalogue),
        *_library_clauses(table, catalogue.libraries_of("python")),
        *(
            clause
            for row in catalogue.commands
            for command in row.commands
            for clause in _command(table, command)
        ),
    )
    return Anchors(tuple(table.anchors), tokens, urls, _merged(python))


def _merged(clauses: Iterable[tuple[int, ...]]) -> Clauses:
    """The same alternatives with those that need one mask only as one, first, because it is asked most."""
    single = 0
    others: dict[tuple[int, ...], None] = {}
    for clause in clauses:
        if 0 in clause:
            continue  # nothing could ever meet it
        if len(clause) == 1:
            single |= clause[0]
        else:
            others[clause] = None
    rest = [clause for clause in others if not any(mask & ~single == 0 for mask in clause)]
    return ((single,), *rest) if single else tuple(rest)


# --- tokens -----------------------------------------------------------------------------------------------


def _token_clauses(table: _Table, kinds: Iterable[CredentialKind]) -> Clauses:
    clauses = [
        (table.bit(_ENCODED_TEXT),),
        (table.bit(_ENCODED_WIDE_TEXT),),
        (table.bit(_ENCODED_HEADER, "basic", caseless=True),),
        *(_shape(table, shape) for kind in kinds for shape in kind.shapes),
    ]
    return _merged(clauses)


def _shape(table: _Table, shape: Shape) -> tuple[int, ...]:
    if shape.near:
        near = _any(table.text(word) for word in (*shape.near, *shape.keywords))
        return (table.bit(shape.pattern), near)
    # A keyword that no other word has finds the token in whatever way the rest of it is escaped.
    if shape.keywords and all(len(word) > 5 or not word.isalpha() for word in shape.keywords):
        return (_any(table.text(word) for word in shape.keywords),)
    return (table.bit(shape.pattern, *shape.keywords),)


# --- programs ---------------------------------------------------------------------------------------------


def _single_masks(table: _Table, catalogue: Catalogue) -> Iterable[int]:
    """What is enough by itself for a program to be evaluated."""
    yield table.bit(_BASIC, "basic", caseless=True)
    yield table.bit(_HOLE_BEFORE_HOST, "@", caseless=True)
    for kind in catalogue.credentials:
        yield from (_whole_name(table, name) for name in kind.names.exact)
        if _is_telling(kind):
            yield from (table.words_of(run) for run in kind.names.words)


def _is_telling(kind: CredentialKind) -> bool:
    """Whether the kind's name alone says what it is: `pat` does, `password` and `token` of no one do not."""
    return kind.provider != "any" or kind.kind == "pat"


def _named_after_a_service(table: _Table, catalogue: Catalogue) -> Iterable[tuple[int, ...]]:
    """A name of two words that tell nothing alone, whose it is and that it is a credential: `azdo_token`."""
    general = [run for kind in catalogue.credentials if not _is_telling(kind) for run in kind.names.words]
    credentials = sorted({_loose(run) for run in general if words(run)})
    of_services = sorted({_loose(run) for service in _judged(catalogue) for run in _service_words(service)})
    if credentials and of_services:
        credential, service = f"(?:{'|'.join(credentials)})", f"(?:{'|'.join(of_services)})"
        needles = {max(words(run), key=len) for run in general if words(run)}
        between = r"[a-z0-9_.-]{0,24}"
        yield (table.bit(f"{service}{between}{credential}", *needles, caseless=True),)
        yield (table.bit(f"{credential}{between}{service}", *needles, caseless=True),)


def _judged(catalogue: Catalogue) -> Iterable[Service]:
    """The services of which something is said; at the others every way to sign in is right."""
    for service in catalogue.services:
        policies = {scheme.policy for scheme in service.schemes} | {end.policy for end in service.endpoints}
        if policies - {"right"}:
            yield service


def _service_words(service: Service) -> Iterable[str]:
    return (run for run in (*service.words, *service.weak_words) if words(run))


def _sent_to_a_service(table: _Table, catalogue: Catalogue) -> Iterable[tuple[int, ...]]:
    """A request that hands headers over, in a file that knows an address: where it goes is evidence too."""
    places = _any(
        table.text(place.removeprefix("*."))
        for service in _judged(catalogue)
        for place in (*service.hosts, *service.paths)
    )
    keywords = _any(
        _keyword(table, name)
        for library in catalogue.libraries_of("python")
        for effect in _effects(library)
        if effect.does in _SENDING
        for role in ("headers", "header", "auth")
        for name in effect.roles.get(role, ())
        if isinstance(name, str)
    )
    yield (places, keywords | table.bit(_AUTHORIZATION, "authorization", caseless=True))


def _library_clauses(table: _Table, libraries: Iterable[Library]) -> Iterable[tuple[int, ...]]:
    """What a library does with credentials, in a file that uses the library."""
    for library in libraries:
        uses = _any(table.word(word) for word in _library_words(library))
        alone, together = 0, 0
        for effect in _effects(library):
            for role, places in effect.roles.items():
                if effect.does not in _SENDING or role not in _CREDENTIAL_ROLES:
                    continue
                keywords = _any(_keyword(table, name) for name in places if isinstance(name, str))
                if role in _TELLING_ROLES:
                    alone |= keywords
                elif role not in ("headers", "header"):
                    together |= keywords
            if _signs_in(effect):
                together |= _any(table.word(name.rpartition(".")[2]) for name in effect.names)
            together |= _any(
                table.word(name) for name, role in effect.choices.items() if role in _CREDENTIAL_ROLES
            )
        for type_ in library.types:
            roles = (
                name
                for name, role in type_.attributes.items()
                if role in ("auth", "password", "token", "userinfo")
            )
            together |= _any(_keyword(table, name) for name in roles)
        yield (alone,)
        yield (uses, together)


def _signs_in(effect: Effect) -> bool:
    """Whether a call is evidence: it makes an auth object, encodes base64 or takes a credential."""
    if effect.does in _SIGNING or effect.broken:
        return True
    if effect.does == "encode":
        return effect.scheme.startswith("base64")
    if effect.does in _SENDING:
        named = effect.scheme == "basic" or bool(effect.credential)
        by_position = any(
            isinstance(place, int)
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


def _command(table: _Table, command: Command) -> Iterable[tuple[int, ...]]:
    """A program's name beside an option, a setting or a word that makes it sign in."""
    names = _any(_quoted_word(table, name) for name in command.names)
    credentials = _CREDENTIAL_ROLES - {"headers"}
    signs = [option for role, options in command.options.items() if role in credentials for option in options]
    signs += [key for key, role in command.settings.items() if role in credentials]
    mask = _any(table.text(sign.replace("*", "").strip(".")) for sign in signs if len(sign) > 2)
    mask |= _any(table.bit(rf"""[\s"'`]{re.escape(sign)}""", sign) for sign in signs if len(sign) <= 2)
    if command.stdin or any(role in credentials for role in command.positions):
        mask |= _any(table.word(word) for run in command.subcommand for word in run.split()[-1:])
    yield (names, mask)


# --- spelling ---------------------------------------------------------------------------------------------


def _any(masks: Iterable[int]) -> int:
    whole = 0
    for mask in masks:
        whole |= mask
    return whole


def _keyword(table: _Table, name: str) -> int:
    """A keyword argument or an assigned attribute, not a comparison; also a key of a mapping: `"auth": …`."""
    return table.bit(rf"""\b{re.escape(name)}(?:\s{{0,4}}=(?:$|[^=])|["']\s{{0,4}}:)""", name)


def _quoted_word(table: _Table, name: str) -> int:
    """A program's name where a command line can start or go on: in a string."""
    return table.bit(rf"""["'`\s/(]{re.escape(name)}(?:$|["'`\s.])""", name)


def _whole_name(table: _Table, name: str) -> int:
    spelled = re.escape(name).replace(r"\-", "[-_]").replace("_", "[-_]").replace("[-[-_]]", "[-_]")
    needle = max(re.split("[-_]", name), key=len)
    return table.bit(rf"(?:^|[^A-Za-z0-9_]){spelled}(?:$|[^A-Za-z0-9_])", needle, caseless=True)


def _loose(run: str) -> str:
    return "[^A-Za-z0-9]?".join(words(run))


def _spelled(parts: Sequence[str]) -> str:
    """A run of words as `naming.words` would split an identifier, edges included.

    `pat` stands in `adoPat`, `PATToken` and `my_pat`, and in none of `path`, `COMPAT` and `Patch`.
    """
    starts = {
        "lower": r"(?:^|[^A-Za-z]){}",
        "upper": r"(?:^|[^A-Z]){}",
        "title": r"{}",
    }
    ends = {
        "lower": r"{}(?:$|[^a-z])",
        "upper": r"{}(?:$|[^A-Za-z]|[A-Z][a-z])",
        "title": r"{}(?:$|[^a-z])",
    }
    last = len(parts) - 1
    spelled = []
    for number, part in enumerate(parts):
        cases = {"lower": part, "upper": part.upper(), "title": part.capitalize()}
        variants = []
        for case, text in cases.items():
            if number == 0:
                text = starts[case].format(text)
            if number == last:
                text = ends[case].format(text)
            variants.append(text)
        spelled.append(f"(?:{'|'.join(variants)})")
    return "[^A-Za-z0-9]{0,2}".join(spelled)
