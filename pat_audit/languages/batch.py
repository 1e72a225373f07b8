"""The front end for batch files of Windows, by a reader of its own: there is no grammar for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pat_audit.flow import ir
from pat_audit.flow.language import Language
from pat_audit.languages.bash_layout import BashLayout
from pat_audit.languages.batch_words import Word, Words

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_DEPTH = 100  # blocks in blocks
_SET = re.compile(r"(?P<name>[A-Za-z_][^=\"\r\n]{0,200})=(?P<rest>.*)", re.DOTALL)
_LOOP = re.compile(r"(?P<options>[^()\r\n]{0,400}?%%(?P<variable>[A-Za-z])\s+in\s*\()", re.IGNORECASE)
_DO = re.compile(r"\)\s*do\b", re.IGNORECASE)
_COMPARED = frozenset({"==", "equ", "neq", "lss", "leq", "gtr", "geq"})
_QUESTIONS = frozenset({"exist", "defined", "errorlevel", "cmdextversion"})
_PLACES = "123456789"
Statements = tuple[ir.Statement, ...]


class Batch:
    """Lowers one batch file."""

    def __init__(self, data: bytes, place: Callable[[int], int] | None) -> None:
        self.words = Words(data, place)
        self._depth = 0
        self._called = {name.lower() for name in re.findall(r"\bcall\s+:(\w+)", self.words.text, re.IGNORECASE)}

    def program(self) -> Statements:
        """All statements: those of labels that are called are functions."""
        functions: list[ir.Statement] = []
        lowered: list[ir.Statement] = []
        while True:
            lowered += self._block()
            label = self._label()
            if label is None:
                if self.words.peek() is None:
                    return (*functions, *lowered)  # a label is called before it stands there
                self.words.next()
                continue
            start = self.words.at
            self.words.parameters = True
            body = self._block(stop=True)
            self.words.parameters = False
            span = self.words.span(start, self.words.at)
            parameters = tuple([ir.Parameter(*span, place, None, None, "", False) for place in _PLACES])
            functions.append(ir.Function(*span, f":{label}", parameters, lambda body=body: body, ()))  # type: ignore[misc]

    def _label(self) -> str | None:
        word = self.words.peek()
        if word is None or not word.raw.startswith(":") or word.raw.lower().lstrip(":") not in self._called:
            return None
        self.words.next()
        return word.raw.lower().lstrip(":")

    def _block(self, stop: bool = False) -> Statements:
        """Statements up to the `)` that closes them, a label that is called, or, with `stop`, the way back."""
        lowered: list[ir.Statement] = []
        while (word := self.words.peek(self._depth)) is not None:
            if word.is_operator:
                if word.raw == ")":
                    break
                self.words.next(self._depth)
            elif word.raw.startswith(":"):
                if not self._depth and word.raw.lower().lstrip(":") in self._called:
                    break
                self._skip_line()
            else:
                lowered += self._statement()
                if stop and not self._depth and re.match(r"(?:exit\s+/b|goto\s+:?eof)", self._behind(word), re.I):
                    break
        return tuple(lowered)

    def _behind(self, word: Word) -> str:
        return self.words.text[word.start : word.start + 20].lstrip("@")

    def _skip_line(self) -> None:
        end = self.words.text.find("\n", self.words.at)
        self.words.at = len(self.words.text) if end < 0 else end

    # --- statements ---

    def _statement(self) -> Statements:
        word = self.words.peek(self._depth)
        if word is None or self._depth > MAX_DEPTH:
            raise ir.Unreadable(f"nested more than {MAX_DEPTH} deep")
        keyword = word.raw.lower().lstrip("@")
        if keyword.startswith("("):
            self.words.at = self.words.text.index("(", word.start) + 1
            return self._parenthesized()
        if keyword in ("rem", "if", "for"):
            self.words.next(self._depth)
            if keyword == "rem":
                self._skip_line()
                return ()
            return self._if(word) if keyword == "if" else self._for(word)
        return self._commands()

    def _parenthesized(self) -> Statements:
        self._depth += 1
        body = self._block()
        if self.words.peek(1) is not None:
            self.words.next(1)
        self._depth -= 1
        following = self.words.peek(self._depth)
        if following is not None and following.is_operator and following.raw in (">", ">>"):
            self.words.next()
            target = self.words.next(self._depth)
            if target is not None and target.raw.lower() != "nul":
                return _writing(body, target.value)
        return body

    def _if(self, start: Word) -> Statements:
        operands: list[ir.Expression] = []
        word = self.words.next(self._depth)
        while word is not None and word.raw.lower() in ("not", "/i"):
            word = self.words.next(self._depth)
        if word is None:
            return ()
        if word.raw.lower() in _QUESTIONS:
            about = self.words.next(self._depth)
            if about is not None:
                is_name = word.raw.lower() == "defined"
                span = self.words.span(about.start, about.end)
                operands.append(ir.Name(*span, self.words.spelled(about.raw)) if is_name else about.value)
        else:
            operands.append(word.value)
            following = self.words.peek(self._depth)
            if "==" not in word.raw and following is not None and following.raw.lower().startswith(tuple(_COMPARED)):
                self.words.next(self._depth)
                word = following
            if word.raw.lower() in _COMPARED or word.raw.endswith("=="):
                other = self.words.next(self._depth)
                operands += [] if other is None else [other.value]
        span = self.words.span(start.start, self.words.at)
        bodies = [self._statement()]
        following = self.words.peek(self._depth)
        if following is not None and following.raw.lower() == "else":
            self.words.next(self._depth)
            bodies.append(self._statement())
        condition = ir.Operation(*span, "if", tuple(operands))
        return (ir.Branch(*span, (condition,), tuple(bodies), len(bodies) > 1),)

    def _for(self, start: Word) -> Statements:
        loop = _LOOP.match(self.words.text, self.words.at)
        done = None if loop is None else _DO.search(self.words.text, loop.end())
        if loop is None or done is None:
            self._skip_line()
            return ()
        span = self.words.span(start.start, done.end())
        written = self.words.text[loop.end() : done.start()].strip()
        self.words.at = loop.end()
        values: list[ir.Expression] = []
        if written[:1] in ("'", "`") and "/f" in loop["options"].lower():
            self.words.at = self.words.text.index(written[0], loop.end()) + 1
            inside = self._commands(done.start() - 1)
            values = [each.value for each in inside if isinstance(each, ir.Evaluate)][-1:]
        else:
            while self.words.at < done.start() and (word := self.words.next(1)) is not None and not word.is_operator:
                values.append(word.value)
        self.words.at = done.end()
        target = ir.Name(*span, f"%{loop['variable']}")
        iterable = ir.Collection(*span, "list", tuple(values))
        return (ir.Loop(*span, target, iterable, self._statement()),)

    # --- commands ---

    def _commands(self, limit: int | None = None) -> Statements:
        """A pipeline, and what follows it by `&&` or `||`."""
        given: ir.Expression | None = None
        while True:
            words, writes = self._simple(limit)
            following = self.words.peek(self._depth)
            operator = following.raw if following is not None and following.is_operator else ""
            if limit is not None and self.words.at >= limit:
                operator = ""
            made = self._command(words, given, writes)
            if operator != "|" or not made or not isinstance(made[-1], ir.Evaluate):
                break
            given = made[-1].value
            self.words.next(self._depth)
        if operator in ("&&", "||"):
            self.words.next(self._depth)
            span = self.words.span(self.words.at, self.words.at)
            return (*made, ir.Branch(*span, (), (self._statement(),), False))
        return made

    def _simple(self, limit: int | None) -> tuple[list[Word], ir.Expression | None]:
        words: list[Word] = []
        writes: ir.Expression | None = None
        while (word := self.words.peek(self._depth)) is not None and (limit is None or word.start < limit):
            redirects = word.is_operator and word.raw.lstrip("0123456789")[:1] in (">", "<")
            if word.is_operator and not redirects:
                break
            if not words and re.match(r"@?set$", word.raw, re.I):
                words.append(self.words.next(self._depth) or word)
                self._name_target()
                continue
            self.words.next(self._depth)
            if not redirects:
                words.append(word)
            elif "&" not in word.raw:
                target = self.words.next(self._depth)
                if target is not None and word.raw in (">", ">>", "1>", "1>>") and target.raw.lower() != "nul":
                    writes = target.value
        self.words.target = ""
        return words, writes

    def _name_target(self) -> None:
        match = re.compile(r'\s*(?:/p\s+)?"?([A-Za-z_]\w*)=', re.I).match(self.words.text, self.words.at)
        self.words.target = match[1] if match is not None else ""

    def _command(self, words: list[Word], given: ir.Expression | None, writes: ir.Expression | None) -> Statements:
        if not words:
            return ()
        span = self.words.span(words[0].start, words[-1].end)
        name = words[0].raw.lower().lstrip("@")
        if name == "set":
            return self._set(words[1:], span)
        if name == "setx" and len(words) > 2:
            return self._exported(words[1].raw.strip('"'), words[2].value, span)
        arguments = tuple([ir.Argument(None, word.value) for word in words[1:]])
        called = ir.Literal(*span, name) if isinstance(words[0].value, ir.Literal) else words[0].value
        if name == "call" and len(words) > 1:
            called, arguments = ir.Literal(*span, words[1].raw.lower()), arguments[1:]
        elif isinstance(called, ir.Literal):
            called = ir.Literal(*span, name.strip('"'))
        value = ir.Command(*span, called, arguments, given, writes)
        return (ir.Evaluate(*span, value),)

    def _set(self, words: list[Word], span: tuple[int, int]) -> Statements:
        """`set NAME=value`, `set "NAME=value"`, `set /p NAME=Prompt: `."""
        asks = bool(words) and words[0].raw.lower() == "/p"
        words = words[1:] if asks else words
        match = _SET.match(words[0].raw.lstrip('"')) if words else None
        if match is None:
            return ()
        name = self.words.spelled(match["name"].strip())
        target = ir.Name(*span, name)
        if asks:
            asked = ir.Outside(*span, "prompt", name)
            return (ir.Assign(*span, (target,), asked, None),)
        parts: list[ir.Expression] = [_behind(words[0].value, len(match["name"]) + 1)]
        for word in words[1:]:
            parts += [ir.Literal(*span, " "), word.value]
        if len(parts) > 1 and isinstance(parts[0], ir.Literal) and not parts[0].value:
            parts = parts[2:]  # `set NAME= value`: the space matters to nobody who reads it
        value = parts[0] if len(parts) == 1 else ir.Join(*span, tuple(parts), True)
        return self._exported(name, value, span)

    def _exported(self, name: str, value: ir.Expression, span: tuple[int, int]) -> Statements:
        target = ir.Name(*span, self.words.spelled(name))
        handed = ir.Command(*span, ir.Literal(*span, "export"), (ir.Argument(target.name, target),))
        return (ir.Assign(*span, (target,), value, None), ir.Evaluate(*span, handed))


def _behind(value: ir.Expression, count: int) -> ir.Expression:
    """A word without its first characters, which are literal."""
    if isinstance(value, ir.Literal):
        return ir.Literal(value.start, value.end, str(value.value)[count:])
    if isinstance(value, ir.Join) and isinstance(value.parts[0], ir.Literal):
        first = str(value.parts[0].value)[count:]
        rest = value.parts[1:]
        kept = (ir.Literal(value.start, value.end, first), *rest) if first else rest
        return kept[0] if len(kept) == 1 else ir.Join(value.start, value.end, kept, True)
    return value


def _writing(statements: Statements, target: ir.Expression) -> Statements:
    """Statements whose commands print into a file."""
    return tuple(
        each._replace(value=each.value._replace(writes=target))
        if isinstance(each, ir.Evaluate) and isinstance(each.value, ir.Command) and each.value.writes is None
        else each
        for each in statements
    )


def lower(path: str, data: bytes, place: Callable[[int], int] | None = None) -> ir.Module:
    """The IR of one batch file."""
    if data.startswith(b"\xef\xbb\xbf"):
        data = b"   " + data[3:]
    try:
        return ir.Module(path, Batch(data, place).program())
    except RecursionError:
        raise ir.Unreadable("nested too deeply") from None


LANGUAGE = Language("batch", lower, BashLayout, unbound="environment")
