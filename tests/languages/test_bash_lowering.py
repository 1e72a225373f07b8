"""Lowering of shell programs: words, spans, broken text, depth."""

from __future__ import annotations

import pytest

from pat_audit.flow import ir
from pat_audit.languages.bash import lower
from pat_audit.languages.known import language_of


def lowered(text: str) -> tuple[ir.Statement, ...]:
    """The statements of a program."""
    return lower("a.sh", text.encode()).body


def words(text: str) -> list[str | None]:
    """The literal arguments of a program's first command; None for one that is not."""
    (statement, *_) = lowered(text)
    assert isinstance(statement, ir.Evaluate)
    command = statement.value
    assert isinstance(command, ir.Command)
    return [_literal(argument.value) for argument in command.arguments]


def _literal(value: ir.Expression) -> str | None:
    if isinstance(value, ir.Join):
        parts = [_literal(part) for part in value.parts]
        return None if None in parts else "".join(part for part in parts if part is not None)
    return str(value.value) if isinstance(value, ir.Literal) else None


def outcome(text: str) -> str:
    """Why a program cannot be read; nothing where it can."""
    try:
        lowered(text)
    except ir.Unreadable as error:
        return str(error)
    return ""


WORDS = {
    "plain": ("echo a b", ["a", "b"]),
    "single quotes": (r"echo 'a $b \n'", [r"a $b \n"]),
    "double quotes": (r'echo "a  \"b\" \$c \n"', [r'a  "b" $c \n']),
    "spaces between expansions stay": ('echo "a  $b  c"', [None]),
    "ANSI quotes": (r"echo $'a\tb'", ["a\tb"]),
    "escapes": (r"echo a\ b\$c", ["a b$c"]),
    "adjacent": ("echo a'b'\"c\"", ["abc"]),
    "a line goes on": ("echo a \\\n  b", ["a", "b"]),
    "a quoted line goes on": ('echo "a\\\nb"', ["ab"]),
    "numbers are words": ("echo 52", ["52"]),
    "braces": ("echo {a}", ["{a}"]),
    "CRLF": ("echo a\r\necho b\r\n", ["a"]),
    "umlauts": ("echo 'ä' b", ["ä", "b"]),
}


@pytest.mark.parametrize(("text", "wanted"), WORDS.values(), ids=WORDS)
def test_words(text: str, wanted: list[str | None]) -> None:
    assert [word and word.rstrip("\r") for word in words(text)] == wanted


def test_spaces_beside_expansions_are_kept() -> None:
    (statement,) = lowered('x="a  ${b}  c "')
    assert isinstance(statement, ir.Assign)
    assert isinstance(statement.value, ir.Join)
    assert [part.value if isinstance(part, ir.Literal) else part for part in statement.value.parts][::2] == [
        "a  ", "  c ",
    ]  # fmt: skip


def test_a_here_document_is_whole() -> None:
    (statement,) = lowered("cat <<EOF\nfirst $a\n\n  last\nEOF\n")
    assert isinstance(statement, ir.Evaluate)
    assert isinstance(statement.value, ir.Command)
    given = statement.value.input
    assert isinstance(given, ir.Join)
    assert [part.value for part in given.parts if isinstance(part, ir.Literal)] == ["first ", "\n\n  last\n"]


def test_spans_are_bytes() -> None:
    text = 'ä="ö"\ncurl -u ":$PÄT" # ü\n'
    data = text.encode()
    (_, statement) = lower("a.sh", data).body
    assert isinstance(statement, ir.Evaluate)
    assert data[statement.start : statement.end].decode() == 'curl -u ":$PÄT"'


def test_places_are_those_of_the_file() -> None:
    data = b"echo $a"
    (statement,) = lower("a.yml", data, lambda offset: offset + 100).body
    assert (statement.start, statement.end) == (100, 107)


BROKEN = {
    "open quote": 'if x; then\n  PAT=$1\nfi\necho "abc\n',
    "open parenthesis": "PAT=$1\nx=$(foo\n",
    "open block": "f() {\n  PAT=$1\n",
    "stray keyword": "PAT=$1\ndone\nfi\n",
    "no text": "",
    "only a mark": "<<EOF",
    "BOM": "\ufeffPAT=$1\n",
    "NUL": "PAT=$1\0\n",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_broken_text_is_lowered(text: str) -> None:
    def names(statements: tuple[ir.Statement, ...]) -> list[str]:
        found = []
        for statement in statements:
            if isinstance(statement, ir.Assign):
                found += [target.name for target in statement.targets if isinstance(target, ir.Name)]
            elif isinstance(statement, ir.Function):
                found += names(statement.body())
            elif isinstance(statement, ir.Branch):
                found += [name for body in statement.bodies for name in names(body)]
        return found

    assert ("PAT" in names(lowered(text))) == ("PAT=$1" in text)


DEEP = {
    "substitutions": "x=" + "$(" * 5_000 + "a" + ")" * 5_000,
    "subshells": "( " * 5_000 + "a" + " )" * 5_000,
    "ifs": "if a; then\n" * 5_000 + "fi\n" * 5_000,
    "expansions": "x=" + "${a:-" * 5_000 + "b" + "}" * 5_000,
    "quotes": 'x="' + '$(echo "' * 3_000 + '")' * 3_000 + '"',
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_what_is_nested_too_deeply_is_unreadable(text: str) -> None:
    assert outcome(text) in ("", "nested more than 400 deep", "nested too deeply")


LONG = {
    "list": " && ".join(["a"] * 5_000),
    "pipeline": " | ".join(["a"] * 5_000),
    "words": "echo " + "a " * 20_000,
    "concatenation": 'x="' + "$a" * 5_000 + '"',
    "elif": "if a; then b\n" + "elif c; then d\n" * 3_000 + "fi\n",
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_what_is_long_is_read(text: str) -> None:
    assert lowered(text)


LANGUAGES = {
    "deploy.sh": ("", "bash"),
    ".bashrc": ("", "bash"),
    "start": ("#!/bin/sh\n", "bash"),
    "run": ("#!/usr/bin/env bash\n", "bash"),
    "strict": ("#! /usr/bin/env -S bash -eu\n", "bash"),
    "tool": ("#!/usr/bin/env python3\n", "python"),
    "other": ("#!/usr/bin/env fish\n", ""),
    "powershell": ("#!/usr/bin/env pwsh\n", "powershell"),
}


@pytest.mark.parametrize("path", LANGUAGES)
def test_the_language_is_told_by_name_or_interpreter(path: str) -> None:
    first, language = LANGUAGES[path]
    assert language_of(path, first.encode()) == language
