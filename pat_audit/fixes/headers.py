"""A header that was built by hand: another text in its place, or an authenticator where it is sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pat_audit.fixes.change import CannotChange, Replacement
from pat_audit.fixes.filling import fill, source_of
from pat_audit.fixes.program_tree import end_of_statement
from pat_audit.fixes.removal import without_argument, without_entry, without_statement
from pat_audit.flow import ir

if TYPE_CHECKING:
    from collections.abc import Callable

    from pat_audit.fixes.file_text import FileText
    from pat_audit.model import Send, Use
    from pat_audit.vocabulary import Rewrite

    Files = Callable[[str], FileText]
    Replacements = dict[str, list[Replacement]]

_WORD = re.compile(r"(?i)basic\b")
_SCHEME = "«prefix»Bearer "  # how the text of a header begins in a rewrite
_BARE = re.compile(r"[\s\"'`)\]}\\;]*\Z")


def rewritten(made: Any, use: Use, rewrite: Rewrite, file: FileText, files: Files) -> Replacements:
    """The edits for a header whose text is `made`.

    Where the rewrite says what each call that sends it gets, the header goes and the calls get that, unless an
    authenticator puts it into each request: what that does is right already. Raises CannotChange where the calls
    are not all known.
    """
    if use.act == "encode" or not _WORD.search(file.text(made.start, made.end)):
        if not _is_auth_object(made, rewrite):
            raise CannotChange("what is encoded becomes a header somewhere else")
    elif _goes_on(made, file):
        raise CannotChange("the header is a part of a longer text")
    signs = {send.signs for send in use.sends}
    if len(signs) > 1:
        raise CannotChange("some of the calls that send this header have it from an authenticator")
    if True in signs or not (rewrite.sends or rewrite.keeps):
        return {file.path: _in_place(made, rewrite, file)}
    return given_to_senders(made, use, rewrite, file, files)


def given_to_senders(made: Any, use: Use, rewrite: Rewrite, file: FileText, files: Files) -> Replacements:
    """The edits with which what sends, or the client that keeps it, signs in by itself, and `made` goes.

    Raises CannotChange where they are not all known.
    """
    if not use.sends:
        raise CannotChange("it is not known which calls send this header")
    found: Replacements = {}
    kept = ""
    only = _only_header(made, file) if rewrite.sends else None
    clients = {send.location for send in use.sends if send.keeps}
    for send in use.sends:
        if only is not None and send.location.path == file.path and file.span(send.location.span) == _span(only[0]):
            argument = next(each for each in only[0].arguments if each.value is only[1])
            start = file.data.rfind((argument.name or "").encode(), only[0].start, only[1].start)
            return {file.path: [Replacement(start, only[1].end, rewrite.sends)]}
        if rewrite.keeps and not send.keeps and send.location in clients:
            continue  # the same call: it makes the client
        if rewrite.keeps and (send.keeps or (not rewrite.sends and _makes_client(send, rewrite, files))):
            kept = kept or _client_of(made, file)
            if not kept:
                _set_on_client(send, rewrite, files, found)
        elif rewrite.sends:
            _give_to_call(send, rewrite, files, found)
        else:
            raise CannotChange("calls send it that have no client")
    found.setdefault(file.path, []).extend(_taken_out(made, rewrite, kept, file))
    return found


def _only_header(made: Any, file: FileText) -> tuple[ir.Call, ir.Mapping] | None:
    """The call whose headers are a mapping with this header and no other, and that mapping."""
    entry = file.places.parent(made)
    mapping = file.places.parent(entry) if isinstance(entry, ir.Entry) else None
    if not isinstance(mapping, ir.Mapping) or len(mapping.entries) != 1:
        return None
    call = _whole_argument(mapping, file.places)
    named = call is not None and any(each.name == "headers" and each.value is mapping for each in call.arguments)
    return (call, mapping) if call is not None and named else None


def _span(node: Any) -> tuple[int, int]:
    return node.start, node.end


def _in_place(made: Any, rewrite: Rewrite, file: FileText) -> list[Replacement]:
    """The new text where the old one stood: without parentheses around it, or as two arguments if it was two."""
    if isinstance(made, ir.Call) and len(made.arguments) == 2 and _SCHEME in rewrite.replace:
        scheme, token = (argument.value for argument in made.arguments)
        if isinstance(scheme, ir.Literal) and isinstance(scheme.value, str) and scheme.value.lower() == "basic":
            spelled = file.text(scheme.start, scheme.end)
            return [
                Replacement(scheme.start, scheme.end, _WORD.sub("Bearer", spelled)),
                Replacement(token.start, token.end, fill(rewrite.replace.replace(_SCHEME, ""), token, file)),
            ]
    start, end = made.start, made.end
    if isinstance(file.places.parent(made), ir.Entry | ir.Assign | ir.Return):
        while file.data[start - 1 : start] == b"(" and file.data[end : end + 1] == b")":
            start, end = start - 1, end + 1
    return [Replacement(start, end, fill(rewrite.replace, made, file))]


def _is_auth_object(made: Any, rewrite: Rewrite) -> bool:
    return isinstance(made, ir.Call) and bool(rewrite.callables)


def _goes_on(made: Any, file: FileText) -> bool:
    """Whether something follows the credential in the text: then it is more than a header."""
    parts = made.parts if isinstance(made, ir.Join) else ()
    if not parts:
        return False
    last = parts[-1]
    tail = last.value if isinstance(last, ir.Literal) and isinstance(last.value, str) and len(parts) > 1 else ""
    return not _BARE.match(tail)


def _give_to_call(send: Send, rewrite: Rewrite, files: Files, found: Replacements) -> None:
    """The call that sends, or makes the client, gets the argument."""
    file = files(send.location.path)
    start, end = file.span(send.location.span)
    call = file.places.at(start, end)
    if not isinstance(call, ir.Call) or file.data[end - 1 : end] != b")":
        raise CannotChange("the call that sends this header is not written as one")
    name = rewrite.sends.partition("=")[0].strip()
    if any(argument.name in (name, "**") for argument in call.arguments) and any(
        argument.name == name for argument in call.arguments
    ):
        raise CannotChange(f"the call that sends this header has {name}= already")
    found.setdefault(file.path, []).append(_argument(call, rewrite.sends, file))


def _argument(call: ir.Call, text: str, file: FileText) -> Replacement:
    """One more argument at the end of a call's, before `**` ones, on a line of its own where the others have theirs."""
    before = [each for each in call.arguments if each.name != "**"]
    spread = next((each for each in call.arguments if each.name == "**"), None)
    if spread is not None and before:
        start = before[-1].value.end
        return Replacement(start, start, f", {text}")
    if not call.arguments:
        return Replacement(call.end - 1, call.end - 1, text)
    last = call.arguments[-1].value
    if spread is not None:
        opening = file.data.rfind(b"**", 0, spread.value.start)
        return Replacement(opening, opening, f"{text}, ")
    first = call.arguments[0].value
    tail = file.data[last.end : call.end - 1]
    own_lines = file.line_start(first.start) > call.start and b"\n" in tail
    end = last.end + (tail.index(b",") + 1 if b"," in tail.split(b"#")[0] else 0)
    comma = "" if end > last.end else ","
    if own_lines:
        closing = "," if end > last.end else ""
        return Replacement(end, end, f"{comma}{file.newline}{file.indentation(last.start)}{text}{closing}")
    return Replacement(last.end, last.end, f", {text}")


def _client_of(made: Any, file: FileText) -> str:
    """The client whose headers a statement sets: `client.headers.update({…})`, `client.headers["…"] = …`."""
    statement = file.places.statement(made)
    holder: Any = None
    if isinstance(statement, ir.Evaluate) and isinstance(statement.value, ir.Call):
        function = statement.value.function
        if isinstance(function, ir.Attribute) and function.name in ("update", "setdefault", "add"):
            holder = function.value
    elif isinstance(statement, ir.Assign):
        target = statement.targets[0]
        holder = target.value if isinstance(target, ir.Index) else target
    if isinstance(holder, ir.Attribute) and holder.name == "headers":
        return source_of(holder.value, file)
    return ""


def _makes_client(send: Send, rewrite: Rewrite, files: Files) -> bool:
    """Whether it is one of the rewrite's own calls that is handed the credential: they make clients."""
    file = files(send.location.path)
    call = file.places.at(*file.span(send.location.span))
    function = call.function if isinstance(call, ir.Call) else None
    name = function.name if isinstance(function, ir.Attribute | ir.Name) else ""
    return any(name == each.rpartition(".")[2] for each in rewrite.callables)


def _set_on_client(send: Send, rewrite: Rewrite, files: Files, found: Replacements) -> None:
    """A statement behind the one that makes the client sets its authenticator."""
    file = files(send.location.path)
    call = file.places.at(*file.span(send.location.span))
    statement = file.places.statement(call) if call is not None else None
    if not isinstance(statement, ir.Assign) or statement.value is not call or len(statement.targets) != 1:
        raise CannotChange("the client that sends this header is made inside another expression")
    target = source_of(statement.targets[0], file)
    end = statement.end if file.tree is None else end_of_statement(file.tree, statement.start, statement.end)
    base = file.indentation(statement.start)
    lines = f"{target}.{rewrite.keeps}".replace("\n", f"{file.newline}{base}")
    found.setdefault(file.path, []).append(Replacement(end, end, f"{file.newline}{base}{lines}"))


def _taken_out(made: Any, rewrite: Rewrite, client: str, file: FileText) -> list[Replacement]:
    """The header's place without it; where it cannot be taken out, it says what the authenticator would."""
    instead = f"{client}.{rewrite.keeps}" if client else ""
    places = file.places
    outer = places.parent(made)
    statement = places.statement(made)
    if isinstance(outer, ir.Entry):
        mapping = places.parent(outer)
        if isinstance(mapping, ir.Mapping):
            alone = len(mapping.entries) == 1
            call = _whole_argument(mapping, places)
            if alone and client and call is not None and places.parent(call) is statement:
                return [_statement(statement, instead, file)]
            edits = _with(statement, instead, file)
            whole = places.parent(mapping)
            options = places.parent(whole) if isinstance(whole, ir.Entry) else None
            if alone and isinstance(options, ir.Mapping) and isinstance(whole, ir.Entry):
                return [*edits, without_entry(options, whole, file)]
            if alone and call is not None and any(argument.name == "headers" for argument in call.arguments):
                return [*edits, without_argument(call, mapping, file)]
            return [*edits, without_entry(mapping, outer, file)]
    if isinstance(outer, ir.Assign) and isinstance(outer.targets[0], ir.Index) and len(outer.targets) == 1:
        return [_statement(outer, instead, file)]
    if not rewrite.replace:
        raise CannotChange("the header is put together where it cannot be taken out")
    text = Replacement(made.start, made.end, fill(rewrite.replace, made, file))
    return [*_with(statement, instead, file), text]


def _whole_argument(node: Any, places: Any) -> ir.Call | None:
    """The call that takes a node as an argument."""
    argument = places.parent(node)
    call = places.parent(argument) if isinstance(argument, ir.Argument) else None
    return call if isinstance(call, ir.Call) else None


def _statement(statement: Any, instead: str, file: FileText) -> Replacement:
    if instead:
        return Replacement(statement.start, statement.end, instead)
    return without_statement(statement, file)


def _with(statement: Any, instead: str, file: FileText) -> list[Replacement]:
    """A statement set behind another one."""
    if not instead:
        return []
    text = f"{file.newline}{file.indentation(statement.start)}{instead}"
    return [Replacement(statement.end, statement.end, text)]
