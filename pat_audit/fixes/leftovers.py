"""What a rewrite leaves without a use: the encoding beside it, the variable, the import."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from pat_audit.fixes.program_tree import block_of_declaration, stumbles, whole_statement
from pat_audit.fixes.removal import without_function, without_statement
from pat_audit.fixes.words import word
from pat_audit.flow import ir
from pat_audit.languages.python import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from pat_audit.fixes.change import Replacement
    from pat_audit.fixes.file_text import FileText
    from pat_audit.fixes.places import Places

_FILES_SHARE = frozenset({"go"})  # languages in which a file's variables are those of its neighbours
_SEEN_BELOW = frozenset({"bash", "batch", "powershell"})  # what is called sees the variables of who calls it
_CASELESS = frozenset({"batch", "powershell"})
_DECLARES = re.compile(rb"[ \t]*(?:(?:local|declare|typeset|readonly)[ \t]+(?:-\w+[ \t]+)*)?")
_COMMENT = re.compile(rb"[ \t]+#[^\r\n]*")
_DECLARED_ONLY = re.compile(rb"(?m)^[ \t]*(?:local|declare|typeset)[ \t]+(?:-\w+[ \t]+)*\w+[ \t]*$")
_LINE_REST = re.compile(rb"[ \t]*(?:\r?\n|\r|\Z)")
_OPENS = re.compile(rb"(?:\b(?:then|do|else)|[{(])\Z")
_CLOSES = re.compile(rb"(?:fi|done|else|elif|esac)\b|;;|[})]")
_ROUNDS = 8  # what is removed may leave others without a use
_PURE = (ir.Literal, ir.Name, ir.Attribute, ir.Index, ir.Join, ir.Format, ir.Operation, ir.Choice, ir.Outside,
         ir.Mapping, ir.Collection, ir.Entry, ir.Argument)  # fmt: skip


def names_in(places: Places, spans: Iterable[tuple[int, int]]) -> set[str]:
    """The variables and functions that the code of these spans speaks of."""
    named = (ir.Name, ir.Attribute)
    return {node.name for start, end in spans for node in places.within(start, end) if isinstance(node, named)}


def without_leftovers(
    file: FileText, suspects: set[str], known: Collection[bytes], elsewhere: Callable[[str], bool]
) -> FileText:
    """The file without the assignments and functions that only what was replaced had a use for.

    `suspects` are names that the replaced code spoke of, and grow by those of what is removed; `known` are the
    texts of expressions that the evaluator has followed: an assignment of anything else may do more than give a
    value, and stays. `elsewhere` says whether other files speak of a name.
    """
    removed_names: set[str] = set()
    if not file.spoken:
        return file
    for _ in range(_ROUNDS):
        edit = next(_useless(file, suspects, known, elsewhere), None)
        if edit is None:
            return file if file.spoken not in _SEEN_BELOW else _without_declarations(file, removed_names)
        removed, statement = edit
        if isinstance(statement, ir.Assign) and isinstance(statement.targets[0], ir.Name):
            removed_names.add(statement.targets[0].name)
        suspects |= names_in(file.places, [(statement.start, statement.end)])
        data = file.data[: removed.start] + removed.text.encode() + file.data[removed.end :]
        changed = file.with_text(data)
        if not _reads(changed) or stumbles(changed.tree) > stumbles(file.tree):
            return file
        file = changed
    return file


def _without_declarations(file: FileText, names: Collection[str]) -> FileText:
    """A script without the lines that only declare these variables, which nothing speaks of any more."""
    for name in names:
        spoken = word(name)
        lines = [each for each in _DECLARED_ONLY.finditer(file.data) if spoken.search(each[0])]
        if len(lines) != 1 or len(spoken.findall(_code(file.data))) != 1:
            continue
        behind = _LINE_REST.match(file.data, lines[0].end())
        end = lines[0].end() if behind is None else behind.end()
        file = file.with_text(file.data[: lines[0].start()] + file.data[end:])
    return file


def _reads(file: FileText) -> bool:
    """Whether the text is still a program: a block may have lost its only statement."""
    try:
        if file.language == "python":
            parse(file.data)
        return bool(file.places.modules)
    except (ir.Unreadable, RecursionError):
        return False


def _useless(
    file: FileText, suspects: set[str], known: Collection[bytes], elsewhere: Callable[[str], bool]
) -> Iterator[tuple[Replacement, Any]]:
    places = file.places
    for node in places.nodes:
        if isinstance(node, ir.Function) and node.name in suspects and not node.decorators:
            own = _mentions(file, node.name, node.start, node.end)
            if _mentions(file, node.name, 0, len(file.data)) == own and not elsewhere(node.name):
                yield without_function(node, file), node
        if not isinstance(node, ir.Assign) or len(node.targets) != 1 or node.value is None:
            continue
        target = node.targets[0]
        if not isinstance(target, ir.Name) or target.name not in suspects or node.start == node.end:
            continue
        if (target.start, target.end) == (node.start, node.end):
            continue  # a parameter of a script, which is given a value by who runs it
        scope = places.function(node)
        if scope is None and (file.language in _FILES_SHARE or _is_seen_by_others(target.name, file, elsewhere)):
            continue
        if isinstance(places.parent(node), ir.Class) or _used(places, node, target, scope, file):
            continue
        statement = _whole(node, file)
        if statement is not None and _is_pure(places, node.value, file, known):
            yield without_statement(statement, file), node


class _Span(NamedTuple):
    start: int
    end: int


def _whole(assignment: ir.Assign, file: FileText) -> Any | None:
    """The statement that is the assignment and nothing else."""
    if file.spoken in _SEEN_BELOW:
        return _on_its_line(assignment, file)
    if file.tree is None:
        return assignment
    span = whole_statement(file.tree, assignment.start, assignment.end)
    return None if span is None else _Span(*span)


def _on_its_line(node: ir.Assign, file: FileText) -> ir.Assign | None:
    """A script's assignment with its line, which it has for itself; None: others stand there, or need it."""
    first = file.line_start(node.start)
    before = file.data[first : node.start]
    comment = _COMMENT.match(file.data, node.end)
    end = node.end if comment is None else comment.end()
    if not _DECLARES.fullmatch(before) or not _LINE_REST.match(file.data, end):
        return None
    above, below = file.data[:first].rstrip(), file.data[node.end :].lstrip()
    if _OPENS.search(above[-16:]) and _CLOSES.match(below):
        return None  # a block must not be empty
    return node._replace(start=first + len(before) - len(before.lstrip()), end=end)


def _is_seen_by_others(name: str, file: FileText, elsewhere: Callable[[str], bool]) -> bool:
    """Whether a module's variable may be meant for other files: not that of a script which is run."""
    if file.spoken in _SEEN_BELOW:
        return (
            name.isupper() and file.spoken not in _CASELESS and bool(file.language) and not file.data.startswith(b"#!")
        )
    return elsewhere(name)


def _used(places: Places, own: ir.Assign, target: ir.Name, scope: Any, file: FileText) -> bool:
    within = scope if scope is not None and file.spoken not in _SEEN_BELOW else places.modules[0]
    start, end = getattr(within, "start", 0), getattr(within, "end", len(file.data))
    block = None if file.tree is None else block_of_declaration(file.tree, target.start, target.end)
    if block is not None:
        start, end = block
    if scope is not None and target.name in scope.outer:
        return True
    named = [node for node in places.nodes if isinstance(node, ir.Name) and node.name == target.name]
    # what an assignment makes its own name of (`PAT="${PAT:?}"`) is no use of it
    named = [node for node in named if start <= node.start < end and not own.start < node.start < own.end]
    given = {id(node) for node in named if _is_given(places, node)}
    # a name in a text may be one that is read by its name
    own_mentions = max(len(given), _mentions(file, target.name, own.start, own.end))
    return any(id(node) not in given for node in named) or _mentions(file, target.name, start, end) > own_mentions


def _is_given(places: Places, name: ir.Name) -> bool:
    """Whether a name only stands where a value is given to it."""
    outer = places.parent(name)
    return isinstance(outer, ir.Assign) and len(outer.targets) == 1 and outer.targets[0] is name


def _mentions(file: FileText, name: str, start: int, end: int) -> int:
    case = re.IGNORECASE if file.spoken in _CASELESS else 0
    before = rb"(?<![\w-])" if file.spoken in _SEEN_BELOW else rb"(?<![\w])"  # `get-access-token` speaks of no variable
    spoken = re.compile(before + re.escape(name.encode()) + rb"(?![\w])", case)
    code = _code(file.data[start:end])
    if file.spoken in _SEEN_BELOW:
        code = _DECLARED_ONLY.sub(b"", code)
    return len(spoken.findall(code))


def _code(data: bytes) -> bytes:
    """The text without what stands behind comment marks at the end of lines."""
    return re.sub(rb"(?m)(?:(?<=\s)|^)(?:#|//).*", b"", data)


def _is_pure(places: Places, value: Any, file: FileText, known: Collection[bytes]) -> bool:
    """Whether an expression only gives a value."""
    if isinstance(value, ir.Command):
        return _is_followed(value, file, known)
    if any(file.data[value.start : value.end] == text for text in known):
        return True
    for node in places.within(value.start, value.end):
        if isinstance(node, ir.Call):
            text = file.data[node.start : node.end]
            if not any(text in one or one in text for one in known):
                return False
        elif not isinstance(node, _PURE):
            return False
    return True


def _is_followed(command: ir.Command, file: FileText, known: Collection[bytes]) -> bool:
    """Whether a pipeline gives what the evaluator has followed, and is written into no file."""
    found = False
    at: Any = command
    while isinstance(at, ir.Command) and at.writes is None:
        found = found or file.data[at.start : at.end] in known
        if at.input is None:
            return found
        at = at.input
    return found and not isinstance(at, ir.Command)
