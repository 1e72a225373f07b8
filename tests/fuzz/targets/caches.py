"""What is kept between runs: bytes that a former run did not leave are as good as not there."""

from __future__ import annotations

import marshal
import os
import tempfile
from pathlib import Path
from unittest.mock import patch

from pat_audit import project_cache, user_cache
from pat_audit.cache.contents import Marks
from pat_audit.cache.kept import load, save
from pat_audit.cache.record import Record
from pat_audit.paths import Paths
from pat_audit.tokens.scan import TokenScanner

from ..seeds import catalogue
from ..target import Target


def cache_files(data: bytes) -> None:
    """Files of a cache with any content: nothing is read from them, and nothing is raised.

    The first byte says where the bytes are put: over a sealed file, in its middle, or over the user's own.
    """
    with tempfile.TemporaryDirectory() as home, patch.dict(os.environ, {"XDG_CACHE_HOME": home}):
        kept = Record(contents=Marks(Paths(["a"]), b"12345678", b"salt"))
        save(home, "files", ("stamp",), kept)
        assert load(home, "files", ("stamp",), Record) == kept
        assert load(home, "files", ("other",), Record) is None
        file = Path(home) / project_cache.FOLDER / "files"
        whole = file.read_bytes()
        at = len(whole) * (data[0] if data else 0) // 256
        for content in (data, whole[:at] + data[1:], whole[:at] + data[1:] + whole[at:]):
            file.write_bytes(content)
            if content != whole:
                assert load(home, "files", ("stamp",), Record) is None
        user_cache.write("made", data)
        assert user_cache.read("made") == data
        mine = Path(home) / "pat-audit" / "made"
        mine.write_bytes(data)
        again = user_cache.read("made")
        assert again is None or again == data[4:]


def _seeds() -> list[bytes]:
    return [
        b"\x00pat-audit cache 1\n" + bytes(40),
        b"\x80" + marshal.dumps((1, "x", [2, 3])),
        b"\xff" + TokenScanner(catalogue().credentials[:2], engine="re").serialize()[:2000],
    ]


TARGETS = (Target("cache-files", cache_files, _seeds),)
