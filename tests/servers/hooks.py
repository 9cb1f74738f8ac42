"""A small server that keeps what is POSTed and PUT to it: webhooks, uploads."""

import json
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

ENDS = ("succeeded", "failed", "canceled")


@dataclass(frozen=True)
class Taken:
    """One request, and when it came."""

    path: str
    headers: Any
    body: bytes
    at: float


class Hooks:
    """Runs while its context is open; what lies below /refused is answered 500."""

    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self._refusals = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def refuse_ends(self, times: int) -> None:
        """Answer 500 to so many webhooks that tell of an end; they are kept all the same."""
        self._refusals = times

    def _take(self, one: Taken) -> int:
        if one.path.startswith("/refused"):
            return 500
        self.taken.append(one)
        if self._refusals and json.loads(one.body)["status"] in ENDS:
            self._refusals -= 1
            return 500
        return 200

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        take = self._take

        class Handler(BaseHTTPRequestHandler):
            """Answers with a status alone."""

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"] or 0))
                self.send_response(take(Taken(self.path, self.headers, body, time.time())))
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_PUT = do_POST

            def log_message(self, format: str, *args: Any) -> None:
                """Quiet."""

        return Handler

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
