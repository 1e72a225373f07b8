"""What changed between two texts: as edits in byte offsets, and as a unified diff for people."""

from __future__ import annotations

from difflib import SequenceMatcher, unified_diff
from typing import TYPE_CHECKING

from pat_audit.model import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator


def edits_between(path: str, old: bytes, new: bytes, codec: str = "utf-8") -> tuple[Edit, ...]:
    """The edits that make `new` of `old`, in order, each as short as it can be; `codec` is that of both."""
    one, other = old.splitlines(keepends=True), new.splitlines(keepends=True)
    start, end = _common(one, other)
    offset = sum(map(len, one[:start]))
    starts = [offset]
    for line in one[start : len(one) - end]:
        starts.append(starts[-1] + len(line))
    matcher = SequenceMatcher(None, one[start : len(one) - end], other[start : len(other) - end], autojunk=False)
    made: list[Edit] = []
    for kind, from_, to, new_from, new_to in matcher.get_opcodes():
        if kind != "equal":
            before = b"".join(one[start + from_ : start + to])
            after = b"".join(other[start + new_from : start + new_to])
            made.append(_trimmed(path, starts[from_], before, after, codec))
    return tuple(made)


def _common(one: list[bytes], other: list[bytes]) -> tuple[int, int]:
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(one), len(other)) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    return start, end


def _trimmed(path: str, offset: int, before: bytes, after: bytes, codec: str) -> Edit:
    one, other = before.decode(codec, "replace"), after.decode(codec, "replace")
    start = _same(one, other)
    end = _same(one[start:][::-1], other[start:][::-1])
    first = len(one[:start].encode(codec, "replace"))
    last = len(one[: len(one) - end].encode(codec, "replace"))
    return Edit(path, Span(offset + first, offset + last), other[start : len(other) - end])


def _same(one: str, other: str) -> int:
    """How many characters two texts start with alike."""
    return next((index for index, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other)))  # noqa: B905


def diff(path: str, old: bytes, new: bytes) -> Iterator[str]:
    """A unified diff that `git apply` and `patch -p1` take, line ends shown as they are in the text."""
    one = [line.decode("utf-8", "replace") for line in old.splitlines(keepends=True)]
    other = [line.decode("utf-8", "replace") for line in new.splitlines(keepends=True)]
    for line in unified_diff(one, other, f"a/{path}", f"b/{path}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
