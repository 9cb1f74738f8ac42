"""A proxy before an S3 server that can be told to fail, in the ways in which object stores do."""

import http.client
import random
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SO_LINGER, SOL_SOCKET
from typing import Any
from urllib.parse import unquote, urlsplit

CHUNK_BYTES = 64 * 1024
#: what can be wrong with an answer
FAULTS = ("503", "500", "slow", "truncated", "reset")
SLOW_S = 1.0
_ERROR = b"<?xml version='1.0'?><Error><Code>%b</Code><Message>planted</Message></Error>"
_CODES = {"503": b"SlowDown", "500": b"InternalError"}


class FaultyS3:
    """Passes requests on, signatures and all; during a fault a part of them goes wrong."""

    def __init__(self, endpoint: str) -> None:
        self._host = urlsplit(endpoint).netloc
        self._lock = threading.Lock()
        self._fault: str | None = None
        self._share = 0.0
        self._chance = random.Random(0)
        #: (method, path) of each request that went wrong since the last `plant`
        self.hit: list[tuple[str, str]] = []
        #: how much longer every request takes, so that what it is part of can be seen
        self.lag_s = 0.0
        #: batch or prediction → when a request about it last came by
        self.seen: dict[str, float] = {}
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()

    def plant(self, fault: str, share: float, seed: int) -> None:
        """From now on this share of the requests meets this fault."""
        with self._lock:
            self.hit = []
            self._fault, self._share, self._chance = fault, share, random.Random(seed)

    def heal(self) -> list[tuple[str, str]]:
        """Fail no more; answers with the requests that went wrong."""
        with self._lock:
            self._fault = None
            return list(self.hit)

    def close(self) -> None:
        """Take no more requests."""
        self._server.shutdown()
        self._server.server_close()

    def fate(self, method: str, path: str) -> str | None:
        """What happens to a request; None: it goes well."""
        about = next((word for word in path.split("/") if word.startswith(("batch_", "pred"))), "")
        time.sleep(self.lag_s)
        with self._lock:
            if about:
                self.seen[unquote(about)] = time.monotonic()
            if self._fault is None or self._chance.random() >= self._share:
                return None
            self.hit.append((method, path.partition("?")[0]))
            return self._fault

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        host, fate = self._host, self.fate

        class Handler(_Relay):
            """Of this proxy."""

        Handler.host, Handler.fate = host, staticmethod(fate)
        return Handler


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news here."""


class _Relay(BaseHTTPRequestHandler):
    """One connection of a client, and one to the server behind."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes: the second would wait 40 ms
    host: str
    fate: Callable[[str, str], str | None]
    _behind: http.client.HTTPConnection | None = None

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fate = self.fate(self.command, self.path)
        if fate in _CODES:
            self._refuse(fate)
            return
        if fate == "slow":
            time.sleep(SLOW_S)
        try:
            answer, content = self._asked(body)
        except (OSError, http.client.HTTPException):
            self._reset()
            return
        if fate == "reset":  # it was done, and the client does not hear of it
            self._reset()
            return
        self._answer(answer, content, fate == "truncated")

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _serve

    def _asked(self, body: bytes) -> tuple[http.client.HTTPResponse, bytes]:
        if self._behind is None:
            self._behind = http.client.HTTPConnection(self.host, timeout=60)
        self._behind.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in ("expect", "connection"):
                self._behind.putheader(name, value)
        self._behind.endheaders(body)
        answer = self._behind.getresponse()
        return answer, answer.read()

    def _answer(self, answer: http.client.HTTPResponse, content: bytes, truncated: bool) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "content-length", "connection"):
                self.send_header(name, value)
        size = answer.getheader("Content-Length") if self.command == "HEAD" else len(content)
        self.send_header("Content-Length", str(size or 0))
        self.end_headers()
        if truncated:
            self.wfile.write(content[: len(content) // 2])
            self._reset()
        else:
            self.wfile.write(content)

    def _refuse(self, fate: str) -> None:
        content = _ERROR % _CODES[fate]
        self.send_response_only(int(fate))
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _reset(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.wfile.flush()
            self.connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def finish(self) -> None:
        """The connection behind ends with the one before it."""
        if self._behind is not None:
            self._behind.close()
        with suppress(OSError):
            super().finish()

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""
