"""Read by every Python that a proof starts: the hosts of the proof are on loopback, and there are no others."""

import os
import socket

_hosts = frozenset(os.environ["PROOF_HOSTS"].split())
_port = int(os.environ["PROOF_PORT"])
_ask, _connect, _connect_ex = socket.getaddrinfo, socket.socket.connect, socket.socket.connect_ex


def _getaddrinfo(host, *rest, **options):
    name = host.decode() if isinstance(host, bytes) else host
    if name in _hosts:
        host = "127.0.0.1"
    elif name not in (None, "", "127.0.0.1"):
        raise socket.gaierror(socket.EAI_NONAME, f"{name} is no host of the proof")
    return _ask(host, *rest, **options)


def _address(address):
    return ("127.0.0.1", _port) if isinstance(address, tuple) and address[:2] == ("127.0.0.1", 443) else address


socket.getaddrinfo = _getaddrinfo
socket.socket.connect = lambda self, address: _connect(self, _address(address))
socket.socket.connect_ex = lambda self, address: _connect_ex(self, _address(address))
