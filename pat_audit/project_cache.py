"""Keeps what a run may need again in `.pat-audit-cache` of a repository, sealed: only this user's own word counts.

The folder lies where a repository's author could put one too: every file carries a seal by a key that stays in the
user's own cache (`user_cache`), and what has no such seal is as good as not there.
"""

# ruff: noqa: PTH102, PTH105, PTH108, PTH112, PTH114, PTH118, PTH123
# os.path throughout: pathlib costs every start several milliseconds.

from __future__ import annotations

import os
from contextlib import suppress

from pat_audit import user_cache
from pat_audit.abandoned import ENDING, clear

FOLDER = ".pat-audit-cache"
_START = b"pat-audit cache 1\n"
_SEAL = 32  # bytes
_KEY = "key"
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0)
_TAG = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# pat-audit keeps results of former runs here; the folder may be deleted at any time.\n"
)


def read(root: str, name: str) -> bytes | None:
    """What `write` last kept under `name` for the repository at `root`, or None. Never raises.

    None for what is damaged, cut short, of another version, or was sealed by anybody but this user.
    """
    key = user_cache.read(_KEY)
    if not key:
        return None
    with suppress(OSError, ValueError, MemoryError):
        handle = os.open(os.path.join(root, FOLDER, name), os.O_RDONLY | _NOFOLLOW | _BINARY)
        with os.fdopen(handle, "rb") as stream:
            content = stream.read()
        begin = len(_START) + _SEAL
        if content.startswith(_START) and len(content) >= begin:
            data = content[begin:]
            return data if _seal(key, name, data) == content[len(_START) : begin] else None
    return None


def write(root: str, name: str, data: bytes) -> bool:
    """Keep `data` under `name` for the repository at `root`, whole or not at all; whether that went well."""
    try:
        key = _own_key()
        folder = _made(root)
        if not key or folder is None:
            return False
        clear(folder)
        temporary = os.path.join(folder, f".{name}.{os.getpid()}{ENDING}")
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _NOFOLLOW | _BINARY, 0o600)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(_START + _seal(key, name, data))
                stream.write(data)
            os.replace(temporary, os.path.join(folder, name))
        except OSError:
            os.unlink(temporary)
            raise
    except (OSError, ValueError):
        return False
    return True


def tag(data: bytes) -> bytes | None:
    """A mark by which this user can tell whether some bytes come again, and nobody without the key can; or None."""
    key = _own_key()
    return _seal(key, "tag", data)[:16] if key else None


def _seal(key: bytes, name: str, data: bytes) -> bytes:
    import hashlib

    return hashlib.blake2b(data, digest_size=_SEAL, key=key, person=name.encode()[:16]).digest()


def _own_key() -> bytes | None:
    key = user_cache.read(_KEY)
    if not key:
        user_cache.write(_KEY, os.urandom(32))
        key = user_cache.read(_KEY)  # where two began at once, one of them counts for both
    return key


def _made(root: str) -> str | None:
    """The folder, made where it was not there; None where it is a link or no folder."""
    folder = os.path.join(root, FOLDER)
    with suppress(FileExistsError):
        os.mkdir(folder, 0o700)
        for name, text in (("CACHEDIR.TAG", _TAG), (".gitignore", "*\n")):
            with open(os.path.join(folder, name), "w", encoding="ascii") as stream:
                stream.write(text)
    return folder if os.path.isdir(folder) and not os.path.islink(folder) else None
