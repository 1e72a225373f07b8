"""A server of the proof that listens while it is entered."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from http.server import ThreadingHTTPServer
    from types import TracebackType
    from typing import Self


class Listener:
    """Serves in a thread of its own from its entry to its exit; `listen` says by which server."""

    def listen(self, server: ThreadingHTTPServer) -> None:
        """Take `server` as the one that is to serve."""
        self._server = server
        self._thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
