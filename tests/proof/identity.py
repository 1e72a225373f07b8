"""A managed identity's endpoint as App Service has it, and the proxy through which git reaches the service."""

from __future__ import annotations

import json
import select
import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import parse_qs, urlsplit

from proof.listener import Listener

if TYPE_CHECKING:
    from proof.issuer import Issuer

SECRET = "the-secret-of-this-machine"


class IdentityEndpoint(Listener):
    """Listens on loopback while entered; `url` is what IDENTITY_ENDPOINT must be, `proxy` a proxy to `port`."""

    def __init__(self, issuer: Issuer, port: int) -> None:
        handler = type("Handler", (_Handler,), {"issuer": issuer, "port": port})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        server.daemon_threads = True
        server.block_on_close = False
        self.proxy = f"http://127.0.0.1:{server.server_address[1]}"
        self.url = f"{self.proxy}/msi/token"
        self.listen(server)


class _Handler(BaseHTTPRequestHandler):
    issuer: ClassVar[Issuer]
    port: ClassVar[int]

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        resource = "".join(asked.get("resource", []))
        if self.headers.get("X-IDENTITY-HEADER") != SECRET or not resource:
            self._answer(400, {"statusCode": 400, "message": "no resource or not this machine"})
            return
        issued = self.issuer.issue(resource)
        self._answer(
            200,
            {
                "access_token": issued.token,
                "expires_on": str(issued.expires_on),
                "resource": resource,
                "token_type": "Bearer",
                "client_id": "00000000-0000-0000-0000-000000000000",
            },
        )

    def do_CONNECT(self) -> None:
        """Every host is the service: it tells them apart by the name that the client asked for."""
        with socket.create_connection(("127.0.0.1", self.port)) as inside:
            self.send_response(200)
            self.end_headers()
            ends = {self.connection: inside, inside: self.connection}
            while True:
                for end in select.select(list(ends), [], [])[0]:
                    data = end.recv(65536)
                    if not data:
                        self.close_connection = True
                        return
                    ends[end].sendall(data)

    def _answer(self, status: int, content: dict[str, object]) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Nothing: what matters is what the service saw."""
