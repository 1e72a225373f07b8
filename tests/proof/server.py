"""A service on loopback that speaks as much of Azure DevOps over HTTPS as it takes to judge how a client signs in."""

from __future__ import annotations

import base64
import binascii
import ssl
import sys
import threading
import traceback
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Literal, NamedTuple, cast
from urllib.parse import urlsplit

from proof import answers, git_repository
from proof.listener import Listener

if TYPE_CHECKING:
    from pathlib import Path

    from proof.issuer import Issuer

BUILD_SERVER = "ci.fabrikam.example"
BUILD_SERVER_USER, BUILD_SERVER_PASSWORD = "deploy", "harvest-moon"
SERVICE_HOSTS = (
    "dev.azure.com",
    "fabrikam.visualstudio.com",
    "vssps.dev.azure.com",
    "pkgs.dev.azure.com",
)
HOSTS = (*SERVICE_HOSTS, answers.STORAGE, BUILD_SERVER)
SIGN_IN_PAGE = "<!DOCTYPE html><html><head><title>Azure DevOps Services | Sign In</title></head><body></body></html>"
CHALLENGES = (
    ("WWW-Authenticate", "Bearer authorization_uri=https://login.microsoftonline.com/fabrikam"),
    ("WWW-Authenticate", 'Basic realm="https://dev.azure.com/"'),
)

SignIn = Literal["nobody", "pat", "entra", "refused basic", "refused bearer"]


class Seen(NamedTuple):
    """A request that arrived: as whom, and how it was answered."""

    host: str
    method: str
    path: str
    sign_in: SignIn
    status: int


class Service(Listener):
    """Listens on a port of loopback while entered.

    `pat` signs in over Basic as long as `takes_basic`; tokens of `issuer` sign in as Bearer, and to git as a Basic
    password too, as the real service has it. After `expire_after` requests that were signed in an hour passes.
    `seen` has every request, `leaks` those that brought a credential to a host that it was not made for, `faults`
    what went wrong in the service itself.
    """

    def __init__(
        self,
        *,
        pat: str,
        issuer: Issuer,
        chain: Path,
        repositories: Path,
        takes_basic: bool,
        expire_after: int | None = None,
    ) -> None:
        self.pat = pat
        self.issuer = issuer
        self.repositories = repositories
        self.takes_basic = takes_basic
        self.seen: list[Seen] = []
        self.leaks: list[Seen] = []
        self.faults: list[str] = []
        self._expire_after = expire_after
        self._visits: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()
        server = _Server(("127.0.0.1", 0), _Handler)
        server.service = self
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain)
        # the handshake is left to the thread that reads the first byte: a slow client holds up nobody
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = int(server.server_address[1])
        self.listen(server)

    def who(self, authorization: str | None, path: str) -> SignIn:
        """As whom an Authorization header signs in at a path of the service."""
        scheme, _, content = (authorization or "").partition(" ")
        if not authorization:
            return "nobody"
        if scheme.lower() == "bearer":
            return "entra" if self.issuer.judge(content.strip()) == "good" else "refused bearer"
        password = _pair(content)[1]
        if password == self.pat and self.takes_basic:
            return "pat"
        if _takes_token_as_password(path) and self.issuer.judge(password) == "good":
            return "entra"
        return "refused basic"

    def visits(self, method: str, path: str) -> int:
        """How often this was asked for, this time included."""
        with self._lock:
            self._visits[method, path] += 1
            return self._visits[method, path]

    def note(self, seen: Seen, *, leak: bool) -> None:
        """Keep what was seen, and let the hour pass when it is time to."""
        with self._lock:
            self.seen.append(seen)
            if leak:
                self.leaks.append(seen)
            signed = sum(each.sign_in in ("pat", "entra") for each in self.seen)
            if seen.sign_in in ("pat", "entra") and signed == self._expire_after:
                self.issuer.put_forward()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 32
    service: Service

    def handle_error(self, request: object, client_address: object) -> None:
        error = sys.exception()
        if not isinstance(error, (OSError, ssl.SSLError)):
            self.service.faults.append("".join(traceback.format_exception(error)))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _handle(self) -> None:
        service = cast("_Server", self.server).service
        host = (self.headers.get("Host") or "").partition(":")[0].lower()
        authorization = self.headers.get("Authorization")
        body = self._body()
        path = urlsplit(self.path).path
        if host in SERVICE_HOSTS:
            sign_in = service.who(authorization, path)
            answer = self._of_service(service, host, sign_in, body)
            leak = False
        else:
            sign_in = service.who(authorization, "")
            own = host == BUILD_SERVER and _pair(authorization or "") == (BUILD_SERVER_USER, BUILD_SERVER_PASSWORD)
            leak = bool(authorization) and not own
            answer = self._of_others(host, authorization)
        service.note(Seen(host, self.command, self.path, sign_in, answer.status), leak=leak)
        self._send(answer)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_OPTIONS = do_HEAD = _handle

    def _of_service(self, service: Service, host: str, sign_in: SignIn, body: bytes) -> answers.Answer:
        parts = urlsplit(self.path)
        if sign_in not in ("pat", "entra"):
            return _refusal(parts.path, sign_in, quiet="X-TFS-FedAuthRedirect" in self.headers)
        own = parts.path.removeprefix("/fabrikam").removeprefix("/")
        if "/_git/" in own:
            headers = {name.lower(): value for name, value in self.headers.items()}
            served = git_repository.serve(service.repositories, self.command, own, parts.query, headers, body)
            return answers.Answer(served.body, served.status, tuple(served.headers))
        if host == "dev.azure.com" and not parts.path.startswith("/fabrikam/"):
            return answers.Answer({"message": "TF400813: no such organization"}, 404)
        visit = service.visits(self.command, self.path)
        return answers.answer(answers.request_of(self.command, self.path, body, visit))

    def _of_others(self, host: str, authorization: str | None) -> answers.Answer:
        if host == answers.STORAGE:
            # storage takes the signature in the URL or a header, and refuses both
            return answers.Answer(answers.ATTACHMENT.encode(), 400 if authorization else 200)
        if host == BUILD_SERVER and _pair(authorization or "") == (BUILD_SERVER_USER, BUILD_SERVER_PASSWORD):
            return answers.Answer({"name": "loom", "color": "blue"})
        return answers.Answer({"message": "who are you?"}, 401, (("WWW-Authenticate", "Basic"),))

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        found = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            found += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return found

    def _send(self, answer: answers.Answer) -> None:
        kind, body = answer.encoded()
        self.send_response(answer.status)
        names = {name.lower() for name, _ in answer.headers}
        if "content-type" not in names:
            self.send_header("Content-Type", kind)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Nothing: `Service.seen` has it."""


def _refusal(path: str, sign_in: SignIn, *, quiet: bool) -> answers.Answer:
    """A browser's sign-in page with 203, which looks like success, or 401 where a program is known to ask."""
    if sign_in == "refused bearer" or quiet or _takes_token_as_password(path) or path.endswith("/connectionData"):
        return answers.Answer("TF400813: not authorized", 401, CHALLENGES)
    return answers.Answer(SIGN_IN_PAGE, 203)


def _takes_token_as_password(path: str) -> bool:
    return "/_git/" in path or "/_packaging/" in path


def _pair(content: str) -> tuple[str, str]:
    """User and password of what stands behind `Basic`, or of a whole header."""
    try:
        text = base64.b64decode(content.rpartition(" ")[2], validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    user, _, password = text.partition(":")
    return user, password
