"""Makes Python that is newer than the running interpreter readable for it, every offset kept.

libcst reads today's syntax whatever Python runs it; what the interpreter does not know is replaced, character
for character, by older syntax that means the same, or by blanks where nothing does. Only files that `ast`
refuses come here, so libcst is imported for them alone.
"""

from __future__ import annotations

import ast
import itertools
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import libcst

_LARGEST = 2_000_000  # characters of a file
_LONGEST_LINE = 4_000
_DEEPEST = 60  # brackets within each other
_DEEPEST_INDENT = 200  # columns
_NEWER = re.compile(
    r"""(?x) \b (?: type \s+ \w | (?:def|class) \s+ \w+ \s* \[ | except \b [^\n]{0,250} ,
              | (?:[fFtT][rR]? | [rR][fFtT]) ["'] )"""
)
"""Where syntax may stand that the oldest Python which runs this does not know: PEP 695, 701, 750 and 758."""
_OTHER = {'"': "'", "'": '"'}


def downlevel(text: str) -> str | None:
    """`text` with newer syntax replaced by older syntax of the same length and lines.

    None where libcst cannot read it either: then it is no Python 3 at all. It is not asked about text that has
    nothing newer in it, nor about such that is nested or chained more deeply than people write: its parser recurses
    on the machine's stack, and dies of it.
    """
    if not _NEWER.search(text) or not _is_written_by_people(text):
        return None
    import libcst
    from libcst.metadata import MetadataWrapper, PositionProvider

    try:
        module = libcst.parse_module(text)
    except (libcst.ParserSyntaxError, RecursionError, ValueError):
        return None
    if module.code != text:  # a leading form feed is lost on the way: positions would be off
        return None
    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    places = wrapper.resolve(PositionProvider)
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    characters = list(text)

    def span(node: libcst.CSTNode) -> tuple[int, int]:
        place: Any = places[node]
        return starts[place.start.line - 1] + place.start.column, starts[place.end.line - 1] + place.end.column

    pending: list[libcst.CSTNode] = [module]
    while pending:
        node = pending.pop()
        name = type(node).__name__
        if name == "TypeParameters":
            _blank(characters, *span(node))
        elif name == "TypeAlias":
            start = span(node)[0]
            characters[start : start + 5] = "0;0; "  # two statements as long as the keyword
        elif name == "ExceptHandler":
            _join_handled(characters, node, span)
        elif name in ("FormattedString", "TemplatedString"):
            _mend_string(characters, node, span)
            continue
        pending.extend(node.children)
    return "".join(characters)


def _is_written_by_people(text: str) -> bool:
    depth = 0
    for line in text.splitlines():
        if len(line) > _LONGEST_LINE or len(line) - len(line.lstrip()) > _DEEPEST_INDENT:
            return False
        for character in line:
            if character in "([{":
                depth += 1
                if depth > _DEEPEST:
                    return False
            elif character in ")]}" and depth:
                depth -= 1
    return len(text) <= _LARGEST


def _blank(characters: list[str], start: int, end: int) -> None:
    for index in range(start, end):
        if characters[index] not in "\r\n":
            characters[index] = " "


def _join_handled(characters: list[str], handler: Any, span: Any) -> None:
    """`except A, B:` as `except A| B:`: either of the two."""
    handled = handler.type
    if type(handled).__name__ != "Tuple" or handled.lpar:
        return
    elements: Sequence[Any] = handled.elements
    for element, following in itertools.pairwise(elements):
        for index in range(span(element.value)[1], span(following.value)[0]):
            if characters[index] == ",":
                characters[index] = "|"


def _mend_string(characters: list[str], string: Any, span: Any) -> None:
    """An f-string that uses its own quotes, a backslash or a line break inside its braces."""
    start, end = span(string)
    prefix = string.start.rstrip("\"'")
    if "t" in prefix.lower():
        characters[start : start + len(prefix)] = prefix.replace("t", "f").replace("T", "F")
    if _is_readable("".join(characters[start:end])):
        return
    quote = string.start[-1]
    holes = [span(part) for part in string.parts if hasattr(part, "expression")]
    before = characters[start:end]
    for low, high in holes:
        inner = "".join(characters[low:high])
        if _OTHER[quote] not in inner:
            characters[low:high] = inner.replace(quote, _OTHER[quote])
    if _is_readable("".join(characters[start:end])):
        return
    characters[start:end] = before
    for low, high in holes:
        for index in range(low, high):
            if characters[index] in "\r\n":
                continue
            # a string of one line goes on after a backslash
            characters[index] = "\\" if characters[index + 1] in "\r\n" and len(string.end) == 1 else " "


def _is_readable(source: str) -> bool:
    try:
        ast.parse(source, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
