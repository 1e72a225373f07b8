"""Command lines that a program runs: which program, what it signs in to, and what it runs in turn."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import TYPE_CHECKING

from pat_audit.flow.combining import EMPTY, concatenate, in_order, join, literal, options
from pat_audit.flow.command_roles import (
    VARIABLE,
    as_in_manuals,
    calling,
    follows,
    line_settings,
    roles_of,
    template_of,
)
from pat_audit.flow.command_split import split
from pat_audit.flow.composition import is_basic_header, template
from pat_audit.flow.environment import export, with_variables
from pat_audit.flow.names import from_environment
from pat_audit.flow.observation import Observation
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
from pat_audit.vocabulary import KnownSetting

if TYPE_CHECKING:
    from pat_audit.flow.frame import Frame, Machine
    from pat_audit.flow.modelled_call import Call
    from pat_audit.vocabulary import Command

_SEVERAL = re.compile(r"[\w.-]+ ")
_OPENING = frozenset({"{", "}", "(", ")", "!", "if", "then", "else", "do", "while"})
_VARIABLE = re.compile(r"(?<!\\)\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))")
# `$(…)`, a here-document, `NAME=value` as a command
_PROGRAM = re.compile(
    r"\$\(|`[^`]+`|<<-?[ \t]*['\"]?\w"
    r"|(?:^|[\n;&|])[ \t]*(?:export[ \t]+)?[A-Za-z_]\w*=[^\n;&| \t]*[ \t]*+(?:[\n;]|&&)"
)
MAX_NESTED = 8  # commands that run commands


def run(call: Call) -> Value:
    """A command is run: an argument list, or shell text; gives what it prints, as far as that is known."""
    command = call.value("command") or call.receiver
    program, arguments = call.value("program"), call.value("arguments")
    if isinstance(command, Instance):  # what was set up to be run
        program, arguments = command.roles.get("program"), command.roles.get("arguments")
    if program is not None:
        command = _with_arguments(program, arguments, call.site)
    if call.effect.scheme == "script":
        command = join(
            [
                option if _is_program(call.machine, option) else with_variables(call.machine, option)
                for option in options(command)
            ]
        )
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
                printed.append(run_text(shell, option, given))
        elif isinstance(option, Reference):
            Shell(machine, frame, at, at).observe("run", option, None, "")
    return join(printed)


def run_text(shell: Shell, text: Text, given: Value | None, depth: int = 0) -> Value | None:
    """What running shell text does: gives what its commands print that are piped into no other."""
    run_program = shell.machine.shell_text
    ran = run_program(shell, text) if run_program is not None and _is_program(shell.machine, text) else None
    if ran is not None:
        return ran[0]
    printed: list[Value | None] = []
    for words, is_piped in split(_expanded(shell, text)):
        before = printed.pop() if is_piped and printed else None
        while words and ((head := template_of(words[0])) in _OPENING or head.endswith("()")):
            words = words[1:]  # of a group, or of a function that is called behind it
        printed.append(run_words(shell, words, before if is_piped else given, depth))
    return join(printed)


def _is_program(machine: Machine, value: Value) -> bool:
    """Whether shell text is more than commands: its variables and substitutions take a shell to understand."""
    return (
        machine.language.unbound != "environment"
        and isinstance(value, Text)
        and _PROGRAM.search(template(value)) is not None
    )


def _expanded(shell: Shell, text: Text) -> Text:
    """Shell text that a shell's program runs, its variables in their places."""
    if shell.machine.language.unbound != "environment" or "$" not in template(text):
        return text
    pieces: list[Value] = []
    for part in text.parts:
        if not isinstance(part, str):
            pieces.append(part)
            continue
        at = 0
        for match in _VARIABLE.finditer(part):
            pieces += [Text((part[at : match.start()],)), _variable(shell, match[1] or match[2])]
            at = match.end()
        pieces.append(Text((part[at:],)))
    return concatenate(pieces, text.site)


def _variable(shell: Shell, name: str) -> Value:
    frame: Frame | None = shell.frame
    while frame is not None:
        if name in frame.names:
            return frame.names[name]
        frame = frame.parent
    return from_environment(shell.machine, shell.frame, name, shell.site)


def run_words(shell: Shell, words: list[Value], given: Value | None, depth: int = 0) -> Value | None:
    """What one command does, by its words; gives what it prints, None where that is not known."""
    words = _without_variables(shell, words)
    if not words:
        return None
    name = template_of(words[0]).rpartition("/")[2].rpartition("\\")[2].lower().removesuffix(".exe")
    row = row_for(shell, name, words[1:])
    if row is None:
        _observe_options(shell, words)
        # a filter that nobody knows: what is encoded stays so, and its lines may be joined
        return shell.mended(given) if isinstance(given, Encoded) else None
    roles, positions = roles_of(row, words[1:])
    if row.runs and depth < MAX_NESTED:
        return _run_inner(shell, row, words[1:], roles, positions, given, depth)
    _observe(shell, row, name, roles, given, depth)
    return printed(shell, row, name, roles, positions, given)


def _is_there(patterns: str, words: list[str]) -> bool:
    """Whether one of the words fits one of the patterns; behind `!`, whether none does."""
    wanted = patterns.removeprefix("!")
    found = any(fnmatchcase(word, each) for each in wanted.lower().split("|") for word in words)
    return found is (wanted == patterns)


def row_for(shell: Shell, name: str, words: list[Value]) -> Command | None:
    """The model of a program that is called with these words."""
    present = [literal(word) for word in words]
    lower = [(word or "").lower() for word in present]
    for row in shell.machine.models.commands.get(name, ()):
        if row.subcommand and not any(follows(run_.split(), present) for run_ in row.subcommand):
            continue
        if row.when and not any(follows(run_.split(), lower) for run_ in row.when):
            continue
        if not all(_is_there(patterns, lower) for patterns in row.every):
            continue
        return row
    return None


def _without_variables(shell: Shell, words: list[Value]) -> list[Value]:
    """The words behind `NAME=value`: variables that are set for this one command."""
    for index, word in enumerate(words):
        name, equals, _ = template_of(word).partition("=")
        if not equals or not name.isidentifier():
            return words[index:]
        if isinstance(word, Text):
            export(shell.machine, shell.frame, name, cut(word, len(name) + 1), shell.place(word))
    return []


def _observe_options(shell: Shell, words: list[Value]) -> None:
    """What a program that nothing is known of is handed under a credential's name: `--azdo-pat "$X"`."""
    for word, value in pairwise(words):
        option = literal(word) or ""
        if not option.startswith("-") or not shell.machine.is_credential(option.lstrip("-")):
            continue
        held = value.parts[0] if isinstance(value, Text) and len(value.parts) == 1 else value
        for each in options(held) if not isinstance(held, str) else ():
            if isinstance(each, Source) and each.origin != "unknown":
                at = each.site or shell.site
                frame = shell.frame
                shell.machine.observe(frame, Observation("setting", at, each, frame.identity, sink=option, at=shell.at))


def _run_inner(
    shell: Shell,
    row: Command,
    words: list[Value],
    roles: dict[str, Value],
    positions: list[Value],
    given: Value | None,
    depth: int,
) -> Value | None:
    """What a program does that runs another one: the words behind its own, or a text."""
    if row.runs == "rest":
        inner = calling(row, words)
        if len(inner) == 1 and isinstance(inner[0], Text) and " " in template(inner[0]):  # `cmd /c "…"`
            return run_text(shell, inner[0], given, depth + 1)
        return run_words(shell, inner, given, depth + 1)
    if row.runs == "words":
        pieces: list[Value] = []
        for word in positions:
            pieces += [Text((" ",)), word] if pieces else [word]
        return run_text(shell, concatenate(pieces, shell.site), given, depth + 1) if pieces else None
    script = roles.get("script") or given
    return run_text(shell, script, None, depth + 1) if isinstance(script, Text) else None


def _observe(
    shell: Shell, row: Command, name: str, roles: dict[str, Value], given: Value | None, depth: int = 0
) -> None:
    if row.stdin == "settings" and given is not None:
        line_settings(row, roles, given)
    elif row.stdin and given is not None:
        roles.setdefault(row.stdin, given)
    helper = roles.pop("script", None)
    if isinstance(helper, Text) and template(helper).startswith("!") and depth < MAX_NESTED:
        line_settings(row, roles, run_text(shell, cut(helper, 1, site=helper.site), None, depth + 1))
    if row.means:
        known = KnownSetting((), "fact", row.service, means=row.means, title=name)
        noted = Observation("setting", shell.site, None, shell.frame.identity, at=shell.at, setting=known)
        shell.machine.observe(shell.frame, noted)
        return
    for role, value in roles.items():
        if role.startswith(VARIABLE):
            export(shell.machine, shell.frame, role.removeprefix(VARIABLE).strip(), value, shell.place(value))
    if row.does == "store" and "value" in roles:
        shell.observe("write", roles["value"], None, name)
        return
    url = roles.get("url")
    user, password, token = roles.get("user"), roles.get("password"), roles.get("token")
    pair = roles.get("userinfo")
    if pair is not None:
        if shell.precise:  # in a string of another language the braces are for it to fill in
            pair, url = as_in_manuals(pair, url)
        user, password = split_pair(pair)
    header = roles.get("header")
    if isinstance(header, Text):
        if is_basic_header(template(header)):
            password = header
        elif password is None and token is None:
            _note_header(shell, header)
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


def _note_header(shell: Shell, header: Text) -> None:
    """A header that a service takes its own tokens in, and nothing else."""
    name, colon, rest = template(header).partition(":")
    service = shell.machine.models.headers.get(name.strip().lower())
    if colon and service is not None:
        start = len(name) + 1 + len(rest) - len(rest.lstrip())
        token = cut(header, start, site=header.site)
        auth = Auth("header", None, None, token, shell.place(header), name, service)
        shell.observe("command", auth, None, name, service)
