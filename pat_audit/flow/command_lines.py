"""Command lines that a program runs: their words, and what they sign in to."""

from __future__ import annotations

import fnmatch
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from pat_audit.flow.combining import EMPTY, concatenate, in_order, join, literal, options
from pat_audit.flow.composition import HOLE, is_basic_header, template
from pat_audit.flow.printing import Shell, printed
from pat_audit.flow.sending import split_pair
from pat_audit.flow.url_parts import cut
from pat_audit.flow.values import (
    Auth,
    Container,
    Encoded,
    Instance,
    Member,
    Reference,
    Site,
    Source,
    Text,
    Value,
)

if TYPE_CHECKING:
    from pat_audit.flow.frame import Frame, Machine
    from pat_audit.flow.modelled_call import Call
    from pat_audit.vocabulary import Command

_SEVERAL = re.compile(r"[\w.-]+ ")
_ENDS = frozenset({"|", "||", "&&", ";", "&", ">", ">>", "<"})
MAX_WORDS = 400


def run(call: Call) -> Value:
    """A command is run: an argument list, or shell text; gives what it prints, as far as that is known."""
    command = call.value("command") or call.receiver
    program, arguments = call.value("program"), call.value("arguments")
    if isinstance(command, Instance):  # what was set up to be run
        program, arguments = command.roles.get("program"), command.roles.get("arguments")
    if program is not None:
        command = _with_arguments(program, arguments, call.site)
    printed = run_value(call.machine, call.frame, command, call.site, call.value("input"))
    return printed if printed is not None else call.result()


def _with_arguments(program: Value, arguments: Value | None, site: Site) -> Value | None:
    """A program and its arguments, which may be a list or shell text, as one command."""
    found: list[Value | None] = []
    for option in options(arguments) or (EMPTY,):
        if isinstance(option, Container) and option.kind != "dict":
            items: dict[str | int, Value] = dict(enumerate([*_words(program), *in_order(option)]))
            found.append(Container("list", items, rest=option.rest, site=option.site or site))
        else:
            option = EMPTY if isinstance(option, Container) else option  # a mapping says how to run it
            at = option.site if isinstance(option, Text) and option.site is not None else site
            found.append(concatenate([program, Text((" ",)), option], at))
    return join(found)


def _words(program: Value) -> list[Value]:
    """A program, and first arguments that are written behind it: `git clone`, but no path with a space in it."""
    if isinstance(program, Text) and _SEVERAL.match(template(program)):
        return [word for command, _ in split(program) for word in command]
    return [program]


def run_value(
    machine: Machine, frame: Frame, command: Value | None, at: Site, given: Value | None = None
) -> Value | None:
    """What running `command` does; one that only a caller knows is noted for the caller.

    `given` is what it is handed on standard input. Gives what it prints, None where that is not known.
    """
    printed: list[Value | None] = []
    for option in options(command):
        if isinstance(option, Container):
            shell = Shell(machine, frame, option.site or at, at)
            if isinstance(option.rest, Member):  # `["git", *arguments]`: a caller knows the rest
                Shell(machine, frame, at, at).observe("run", option, None, "")
            printed.append(run_words(shell, in_order(option), given))
        elif isinstance(option, Text):
            shell = Shell(machine, frame, option.site or at, at)
            if len(option.parts) == 2 and isinstance(option.parts[1], Reference):  # `"git " + arguments`
                shell.observe("run", option, None, "")
            else:
                printed.append(_run_text(shell, option, given))
        elif isinstance(option, Reference):
            Shell(machine, frame, at, at).observe("run", option, None, "")
    return join(printed)


def _run_text(shell: Shell, text: Text, given: Value | None) -> Value | None:
    """Shell text: what its last command prints."""
    printed: Value | None = None
    for words, is_piped in split(text):
        printed = run_words(shell, words, printed if is_piped else given)
    return printed


def split(value: Text) -> list[tuple[list[Value], bool]]:
    """Shell text as simple commands: each one's words, and whether the one before is piped into it."""
    commands: list[tuple[list[Value], bool]] = []
    words: list[Value] = []
    word: list[Value] = []
    started = False
    quote = ""
    piped = False

    def end_word() -> None:
        nonlocal started
        if started or word:
            words.append(concatenate(word, value.site))
            word.clear()
            started = False

    def end_command(mark: str) -> None:
        nonlocal piped
        end_word()
        if words:
            commands.append((words[:MAX_WORDS], piped))
        piped = mark == "|"
        words.clear()

    for part in value.parts:
        if not isinstance(part, str):
            word.append(part)
            continue
        run_ = ""
        index = 0
        while index < len(part):
            character = part[index]
            index += 1
            if quote:
                if character == quote:
                    quote = ""
                elif character == "\\" and quote == '"' and index < len(part):
                    run_ += part[index]
                    index += 1
                else:
                    run_ += character
                continue
            if character in "'\"":
                quote = character
                started = True
            elif character == "\\" and index < len(part):
                run_ += "" if part[index] == "\n" else part[index]
                index += 1
            elif character in " \t\r" or character in "\n;|&><":
                if run_:
                    word.append(Text((run_,)))
                    run_ = ""
                if character in " \t\r":
                    end_word()
                elif character in "><":
                    end_word()
                    words.append(Text((character,)))
                else:
                    end_command(character if not part.startswith("|", index) else "")
            else:
                run_ += character
        if run_:
            word.append(Text((run_,)))
    end_command("")
    return commands


def run_words(shell: Shell, words: list[Value], given: Value | None) -> Value | None:
    """What one command does, by its words; gives what it prints, None where that is not known."""
    while (
        words
        and (head := literal(words[0])) is not None
        and (head in ("sudo", "env", "exec", "npx", "cmd", "/c", "time") or "=" in head)
    ):
        words = words[1:]
        if head == "/c" and len(words) == 1 and isinstance(words[0], Text):
            return _run_text(shell, words[0], given)
    if not words:
        return None
    name = template_of(words[0]).rpartition("/")[2].rpartition("\\")[2].lower().removesuffix(".exe")
    if name in ("sh", "bash", "zsh", "pwsh", "powershell") and len(words) > 2 and isinstance(words[-1], Text):
        return _run_text(shell, words[-1], given)
    rows = shell.machine.models.commands.get(name, ())
    present = [literal(word) for word in words[1:]]
    for row in rows:
        if row.subcommand and not any(_follows(run_.split(), present) for run_ in row.subcommand):
            continue
        if row.when and not any(
            _follows(run_.split(), [(word or "").lower() for word in present]) for run_ in row.when
        ):
            continue
        roles, positions = _roles(row, words[1:])
        _observe(shell, row, name, roles, given)
        return printed(shell, row, name, roles, positions, given)
    _observe_options(shell, words)
    return None


def _observe_options(shell: Shell, words: list[Value]) -> None:
    """What a program that nothing is known of is handed under a credential's name: `--azdo-pat "$X"`."""
    for word, value in pairwise(words):
        option = literal(word) or ""
        if not option.startswith("-") or not shell.machine.is_credential(option.lstrip("-")):
            continue
        held = value.parts[0] if isinstance(value, Text) and len(value.parts) == 1 else value
        for each in options(held) if not isinstance(held, str) else ():
            if isinstance(each, Source) and each.origin != "unknown":
                shell.observe("setting", each, None, option)


def _follows(run_: list[str], present: list[str | None]) -> bool:
    """Whether the words of `run_` stand among the words, in order."""
    rest = iter(present)
    return all(any(word == part for word in rest) for part in run_)


def _observe(shell: Shell, row: Command, name: str, roles: dict[str, Value], given: Value | None) -> None:
    if row.stdin and given is not None:
        roles.setdefault(row.stdin, given)
    if row.does == "store" and "value" in roles:
        shell.observe("write", roles["value"], None, name)
        return
    url = next((value for role, value in roles.items() if role == "url"), None)
    user, password, token = roles.get("user"), roles.get("password"), roles.get("token")
    pair = roles.get("userinfo")
    if pair is not None:
        user, password = split_pair(pair)
    header = roles.get("header")
    if isinstance(header, Text) and is_basic_header(template(header)):
        password = header
    auth: Value | None = None
    if password is not None or token is not None:
        if password is header and header is not None:
            auth = header
        else:
            scheme = row.scheme or ("basic" if password is not None else "token")
            place = shell.place(pair or password or token)
            auth = Auth(scheme, user, password, token, place, name, row.service, row.credential)
        shell.observe("command", auth, url, name, row.service, row.credential)
    if url is not None:
        shell.observe("request", auth, url, name, row.service)


def _roles(row: Command, words: list[Value]) -> tuple[dict[str, Value], list[Value]]:
    """Which word of a command line plays which role, and the words that are no options."""
    by_option = {option: role for role, options_ in row.options.items() for option in options_}
    roles: dict[str, Value] = {}
    positions: list[Value] = []
    index = 0
    while index < len(words):
        word = words[index]
        index += 1
        text = literal(word)
        shape = text if text is not None else (template(word) if isinstance(word, Text) else "")
        if text in _ENDS:
            break
        role = by_option.get(shape)
        if role is not None and index < len(words):
            _take(row, roles, role, words[index])
            index += 1
            continue
        if shape in row.valued:
            index += 1
            continue
        bundled = None if shape.startswith("--") or len(shape) < 3 else by_option.get(f"-{shape[-1]}")
        if bundled is not None and shape[1:].isalpha() and shape[:2] not in by_option and index < len(words):
            _take(row, roles, bundled, words[index])  # `-sLu user:password`
            index += 1
            continue
        if shape.startswith("-"):
            role, value = _attached(by_option, word, shape)
            if role is not None and value is not None:
                _take(row, roles, role, value)
            continue
        positions.append(word)
    for role, places in row.positions.items():
        for place in places:
            if role == "setting" and isinstance(place, int):
                if 0 <= place < len(positions) - 1:
                    _set(row, roles, template_of(positions[place]), positions[place + 1])
            elif isinstance(place, int):
                if -len(positions) <= place < len(positions):
                    roles.setdefault(role, positions[place])
            else:
                found = next((word for word in positions if _is_url(word)), None)
                if found is not None:
                    roles.setdefault(role, found)
    return roles, positions


def _attached(by_option: dict[str, str], word: Value, shape: str) -> tuple[str | None, Value | None]:
    """An option with its value in one word: `--user=x`, `-ux`."""
    option, equals, _ = shape.partition("=")
    if equals and option in by_option:
        return by_option[option], _after(word, len(option) + 1)
    if not shape.startswith("--") and shape[:2] in by_option and len(shape) > 2:
        return by_option[shape[:2]], _after(word, 2)
    return None, None


def _after(word: Value, count: int) -> Value:
    return cut(word, count, site=word.site) if isinstance(word, Text) else word


def _take(row: Command, roles: dict[str, Value], role: str, value: Value) -> None:
    if role == "setting":
        key, equals, _ = template_of(value).partition("=")
        if equals:
            _set(row, roles, key, _after(value, len(key) + 1))
        return
    if role == "header" and isinstance(value, Text) and "header" in roles and not is_basic_header(template(value)):
        return
    roles[role] = value


def _set(row: Command, roles: dict[str, Value], key: str, value: Value) -> None:
    """A setting by its key: `http.extraheader`, `//registry.npmjs.org/:_authToken`."""
    for pattern, target in row.settings.items():
        if fnmatch.fnmatchcase(key.lower(), pattern.lower()):
            roles[target] = value


def template_of(word: Value) -> str:
    """A word with a NUL for what is not known of it."""
    return template(word) if isinstance(word, Text) else HOLE


def _is_url(word: Value) -> bool:
    if isinstance(word, Text):
        shape = template(word)
        return "://" in shape or shape.startswith("\x00")
    return not isinstance(word, Container | Encoded)
