"""The baseline reader: a text is read or refused by file and line, and what is written is read as the same."""

from __future__ import annotations

import re

from pat_audit.baseline.entries import BaselineError, Entry, Key, entry_of, parse, written

from ..target import Target

_MESSAGE = re.compile(r"known\.txt:[1-9]\d*: ", re.DOTALL)


def baseline(data: bytes) -> None:
    """Any bytes: entries or an error that names file and line. What was read is written and read again."""
    try:
        entries = parse(data, "known.txt")
    except BaselineError as error:
        assert _MESSAGE.match(str(error))  # noqa: PT017
        return
    assert len({entry.key for entry in entries}) == len(entries)
    text = written(entries)
    again = parse(text.encode(), "known.txt")
    assert sorted(each.text for each in again) == sorted(each.text for each in entries)
    assert {each.key for each in again} == {each.key for each in entries}
    assert written(again) == text


def baseline_entry(data: bytes) -> None:
    """Any values: an entry is one line, which reads as the entry."""
    parts = data.decode("utf-8", "replace").split("\0")[:6]
    path, credential, service, url, reason, owner = [*parts, *[""] * (6 - len(parts))]
    entry = Entry(Key(path, "PAT101", credential, service, url, 1 + len(data) % 5), 1 + len(data) % 2, reason, owner)
    assert len(entry.text.encode().split(b"\n")) == 1
    assert entry_of(entry.text) == entry
    assert parse(written([entry]).encode(), "known.txt")[0].text == entry.text


def _seeds() -> list[bytes]:
    lines = [
        "src/a.py PAT202 credential=env:ADO_PAT service=azure-devops url=https://dev.azure.com/{}/_apis",
        '"a file.py" PAT101 credential="a b" nth=2 secret=3 reason="why \\" not" owner=me due=2027-03-31',
    ]
    head = "# pat-audit baseline, version 1\n"
    return [
        (head + "\n".join(lines) + "\n").encode(),
        (head.replace("1", "2") + lines[0]).encode(),
        (head + "<<<<<<< ours\n" + lines[0] + "\n=======\n").encode(),
        ("\ufeff" + head + lines[1] + "\r\n").encode(),
        b"src/a.py\0env:X\0azure-devops\0https://x\0why\0me",
        '#a"b\\\0\u2028\0 \0=\0a=b\0\x85'.encode(),
    ]


TARGETS = (Target("baseline", baseline, _seeds), Target("baseline-entry", baseline_entry, _seeds))
