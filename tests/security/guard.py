"""Runs a command in which no process can have a socket: the system kills the one that asks for it.

`python guard.py COMMAND...`. A seccomp filter is put on the process before it becomes the command; every process that
comes of it inherits the filter, and none can take it off. Exits with 97 where the system has no such filters.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys

NO_GUARD = 97

_ARCHITECTURES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}  # its number, that of `socket`
_IO_URING_SETUP = 425  # the other way to a socket
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_KILL_PROCESS, _ALLOW = 0x80000000, 0x7FFF0000
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _FILTER = 38, 22, 2


def refuse_sockets() -> bool:
    """Put the filter on this process; whether that can be done here."""
    if sys.platform != "linux" or platform.machine() not in _ARCHITECTURES:
        return False
    architecture, socket = _ARCHITECTURES[platform.machine()]
    program = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 0, 4, architecture),  # another architecture's calls have other numbers
        (_LOAD, 0, 0, 0),
        (_EQUAL, 2, 0, socket),
        (_EQUAL, 1, 0, _IO_URING_SETUP),
        (_AT_LEAST, 0, 1, 0x40000000),  # x32 calls
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_RETURN, 0, 0, _ALLOW),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *each) for each in program))
    head = ctypes.create_string_buffer(struct.pack("HP", len(program), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return not libc.prctl(_PR_SET_SECCOMP, _FILTER, ctypes.c_void_p(ctypes.addressof(head)), 0, 0)


if __name__ == "__main__":
    if not refuse_sockets():
        sys.exit(NO_GUARD)
    os.execvp(sys.argv[1], sys.argv[1:])
