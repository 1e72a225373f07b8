"""The text of a baseline: one sorted line for each known finding, which says what it is and never where its line is."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pat_audit.boundary import leads_out
from pat_audit.nearest import did_you_mean

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

VERSION = 1
FILE_NAME = ".pat-audit-baseline"
_HEADER = "# pat-audit baseline, version "
_ABOUT = '# One line is one known finding. At its end may stand: reason="why" owner=who due=2027-03-31'
_RULE = re.compile(r"[A-Z]+\d+")
_WORD = re.compile(r"\"(?:[^\"\\]|\\.)*\"|[^\s\"]+")
_BARE = re.compile(r"[!#-~\u00a1-\U0010ffff]+")
_CONFLICT = re.compile(r"(?:<{7}|\|{7}|>{7})(?: |$)|={7}$")
_NUMBERS = ("nth", "secret")
_KNOWN = ("credential", "service", "url", *_NUMBERS)
_SAID = ("reason", "owner", "due")


class BaselineError(Exception):
    """A baseline that cannot be used; the message names the file, the line and what to do."""


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What makes a finding the known one.

    `path` is relative to the baseline's folder. `nth` counts those that are alike in one file, from 1; `secret`
    counts how many secrets in turn were accepted at the place, from 1.
    """

    path: str
    rule: str
    credential: str = ""
    service: str = ""
    url: str = ""
    nth: int = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a baseline: a known finding, and what its owners say of it. `line` is 0 for a new one."""

    key: Key
    secret: int = 1
    reason: str = ""
    owner: str = ""
    due: datetime.date | None = None
    line: int = 0

    @property
    def text(self) -> str:
        """The line as it is written."""
        return f"{self.name}{''.join(_said(name, value) for name, value in self._remarks())}"

    @property
    def name(self) -> str:
        """The part of the line that says which finding it is, without what is said of it."""
        key = self.key
        known = {
            "credential": key.credential,
            "service": key.service,
            "url": key.url,
            "nth": "" if key.nth == 1 else str(key.nth),
            "secret": "" if self.secret == 1 else str(self.secret),
        }
        fields = "".join(_said(name, value) for name, value in known.items())
        return f"{_quoted(key.path)} {key.rule}{fields}"

    def _remarks(self) -> list[tuple[str, str]]:
        due = self.due.isoformat() if self.due is not None else ""
        return [("reason", self.reason), ("owner", self.owner), ("due", due)]


def read(file: str) -> list[Entry]:
    """The entries of a baseline file, in its order. Raises BaselineError where it cannot be used."""
    _must_stay_inside(file)
    try:
        with open(file, "rb") as stream:  # noqa: PTH123
            content = stream.read()
    except OSError as error:
        hint = "; `pat-audit baseline` makes one" if isinstance(error, FileNotFoundError) else ""
        raise BaselineError(f"{file}: cannot be read: {error.strerror or type(error).__name__}{hint}") from None
    return parse(content, file)


def parse(content: bytes, file: str) -> list[Entry]:
    """The entries of a baseline's bytes; `file` is what errors call it. Raises BaselineError."""
    lines = content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").split(b"\n")
    entries: dict[Key, Entry] = {}
    for number, raw in enumerate(lines, 1):
        try:
            text = raw.decode()
            if number == 1:
                _check_header(text)
            elif _CONFLICT.match(text):
                raise ValueError("is a conflict mark: merge the two sides (lines may stand in any order, none twice)")
            elif text.strip() and not text.startswith("#"):
                entry = entry_of(text, number)
                former = entries.get(entry.key)
                if former is not None and former.text != entry.text:
                    raise ValueError(f"says of the same finding something else than line {former.line}: keep one")
                entries.setdefault(entry.key, entry)
        except UnicodeDecodeError:
            raise BaselineError(f"{file}:{number}: is not UTF-8 text; save the file as UTF-8") from None
        except ValueError as error:
            raise BaselineError(f"{file}:{number}: {error}") from None
    return list(entries.values())


def written(entries: Iterable[Entry]) -> str:
    """The text of a baseline with these entries."""
    lines = sorted(entry.text for entry in entries)
    return "\n".join([f"{_HEADER}{VERSION}", _ABOUT, *lines, ""])


def save(file: str, entries: Iterable[Entry]) -> None:
    """Write a baseline, whole or not at all. Raises BaselineError."""
    from pathlib import Path

    from pat_audit.whole_file import replace_file

    _must_stay_inside(file)
    try:
        replace_file(Path(file).resolve(), [written(entries).encode()])
    except OSError as error:
        raise BaselineError(f"{file}: cannot be written: {error.strerror or type(error).__name__}") from None


def _must_stay_inside(file: str) -> None:
    if leads_out(file):
        message = "leads out of this repository by a symbolic link; name the place that it leads to with --baseline"
        raise BaselineError(f"{file}: {message}")


def _check_header(text: str) -> None:
    version = text.rstrip().removeprefix(_HEADER)
    if _CONFLICT.match(text):
        raise ValueError("is a conflict mark: merge the two sides")
    if not text.startswith(_HEADER) or not version.isdecimal():
        raise ValueError(f"is not the first line of a baseline, which is `{_HEADER}{VERSION}`")
    if int(version) > VERSION:
        raise ValueError(f"was written by a newer pat-audit (version {version}; this one reads {VERSION}): update it")


def entry_of(text: str, number: int = 0) -> Entry:
    """The entry that a line is. Raises ValueError, which says what is wrong with it."""
    import datetime

    words = _words(text)
    if len(words) < 2 or not _RULE.fullmatch(words[1][1]) or words[1][0]:
        raise ValueError("expected a path, a rule such as PAT202, and key=value pairs")
    values: dict[str, str] = {}
    for name, value in words[2:]:
        if not name:
            raise ValueError(f"expected key=value, found {value!r}; put a value with spaces in double quotes")
        if name not in _KNOWN and name not in _SAID:
            raise ValueError(f"there is no key {name!r}{did_you_mean(name, (*_KNOWN, *_SAID))}")
        if name in values:
            raise ValueError(f"has {name} twice")
        values[name] = value
    numbers = {}
    for name in _NUMBERS:
        value = values.pop(name, "1")
        if not (value.isascii() and value.isdecimal() and 0 < int(value) < 1_000_000):
            raise ValueError(f"{name}: expected a whole number from 1, found {value!r}")
        numbers[name] = int(value)
    due = None
    if "due" in values:
        try:
            due = datetime.date.fromisoformat(values["due"])
        except ValueError:
            raise ValueError(f"due: expected a date such as 2027-03-31, found {values['due']!r}") from None
    key = Key(
        words[0][1], words[1][1], values.get("credential", ""), values.get("service", ""), values.get("url", ""),
        numbers["nth"],
    )  # fmt: skip
    return Entry(key, numbers["secret"], values.get("reason", ""), values.get("owner", ""), due, number)


def _words(text: str) -> list[tuple[str, str]]:
    """The words of a line: `a` as ("", "a"), `a=b` and `a="b c"` as ("a", "b") and ("a", "b c")."""
    words: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        if text[at] in " \t":
            at += 1
            continue
        name = ""
        named = re.compile(r"([a-z]+)=").match(text, at) if len(words) > 1 else None
        if named:
            name, at = named[1], named.end()
        found = _WORD.match(text, at)
        if found is None and not (named and (at == len(text) or text[at] in " \t")):
            raise ValueError("has a quotation mark that is not closed")
        value = found[0] if found else ""
        at = found.end() if found else at
        if at < len(text) and text[at] not in " \t":
            raise ValueError(f"has no space behind {value!r}")
        words.append((name, _unquoted(value)))
    return words


def _said(name: str, value: str) -> str:
    return f" {name}={_quoted(value)}" if value else ""


def _quoted(text: str) -> str:
    if _BARE.fullmatch(text) and text.isprintable() and not text.startswith("#") and not _CONFLICT.match(f"{text} "):
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _unquoted(word: str) -> str:
    if not word.startswith('"'):
        return word
    try:
        return str(json.loads(word))
    except ValueError:
        raise ValueError(f"cannot read {word}: between quotation marks a backslash is written twice") from None


def placed(path: str, file: str) -> str:
    """A display path of a run as the baseline `file` names it: relative to the file's folder."""
    folder = os.path.dirname(os.path.abspath(file))  # noqa: PTH100, PTH120
    if folder == os.getcwd() and not path.startswith(("../", "/")):  # noqa: PTH109
        return path
    return os.path.relpath(os.path.abspath(path), folder).replace(os.sep, "/")  # noqa: PTH100


def shown_place(path: str, file: str) -> str:
    """The other way: a path of the baseline `file` as a run in the working directory shows it."""
    folder = os.path.dirname(file)  # noqa: PTH120
    if not folder:
        return path
    return os.path.relpath(os.path.join(folder, path)).replace(os.sep, "/")  # noqa: PTH118
