"""Every reader of configuration files: settings stand where they say, and what it cannot read it refuses by line."""

from __future__ import annotations

from functools import partial

from pat_audit.formats.readers import READERS, read
from pat_audit.formats.settings import Unparsable, place

from ..seeds import of_syntax
from ..target import Target


def settings_read(syntax: str, data: bytes) -> None:
    """Settings of any text, with places inside it that ascend; RecursionError is what inspection handles."""
    text = data.decode("utf-8", "replace").encode()
    try:
        found = read(syntax, text)
    except Unparsable as error:
        assert str(error)  # noqa: PT017
        found = error.settings
    except RecursionError:
        return
    for setting in found:
        assert 0 <= setting.start <= setting.end <= len(text), setting
        value = setting.value.encode("utf-8", "surrogatepass")
        value.decode()  # no half characters
        first, last = setting.key
        assert 0 <= first <= last <= len(text)
        assert all(one < other for one, other in zip(setting.places, setting.places[1:], strict=False))
        for at in (0, len(value) // 2, len(value)):
            assert setting.start <= place(setting, at) <= setting.end


TARGETS = tuple(
    Target(f"reader-{syntax}", partial(settings_read, syntax), partial(of_syntax, syntax)) for syntax in READERS
)
