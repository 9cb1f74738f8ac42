"""An endpoint that behaves as badly as a test asks: raw sockets, one thread a connection."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Self

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
#: What a connection does once it has read a request's head and body.
Manner = Callable[[socket.socket, bytes], None]


def says(answer: bytes) -> Manner:
    """Answer with these bytes."""
    return lambda connection, request: connection.sendall(answer)


def status(code: int, *headers: str) -> Manner:
    """Answer with a status, headers and no body."""
    lines = [f"HTTP/1.1 {code} Word", "content-length: 0", *headers]
    return says("".join(f"{line}\r\n" for line in lines).encode() + b"\r\n")


def resets(first: bytes = b"") -> Manner:
    """Say something, or nothing, and reset the connection."""

    def manner(connection: socket.socket, request: bytes) -> None:
        connection.sendall(first)
        linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"  # on, no seconds: close is a reset
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        connection.close()

    return manner


def never_ends(first: bytes, again: bytes, pause_s: float = 0.0) -> Manner:
    """Say something, then the same thing again and again until the peer has gone."""

    def manner(connection: socket.socket, request: bytes) -> None:
        gone = threading.Event()
        with contextlib.suppress(OSError):
            connection.sendall(first)
            while not gone.wait(pause_s):
                connection.sendall(again)

    return manner


class Endpoint:
    """A listening socket on loopback; `requests` holds every request it has read, in order.

    It accepts the first connection `accepts_after_s` after its start.
    """

    def __init__(
        self,
        manner: Manner,
        tls: ssl.SSLContext | None = None,
        *,
        port: int = 0,
        accepts_after_s: float = 0.0,
    ) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self._manner = manner
        self._accepts_after_s = accepts_after_s
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", port), backlog=128)
        self._open: list[socket.socket] = []
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}/hook"

    def _accept(self) -> None:
        time.sleep(self._accepts_after_s)
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                self._open.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if self._tls:
                connection = self._tls.wrap_socket(
                    connection, server_side=True, do_handshake_on_connect=False
                )
                self._open.append(connection)  # before the handshake, which may fail
                connection.do_handshake()
            for request in _requests(connection):
                self.requests.append(request)
                self._manner(connection, request)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # closing alone would not wake `accept`
        self._listener.close()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()


def _requests(connection: socket.socket) -> Iterator[bytes]:
    """Each request on a kept-open connection; all of ours have a content-length."""
    held = b""
    while True:
        while b"\r\n\r\n" not in held:
            chunk = connection.recv(65536)
            if not chunk:
                return
            held += chunk
        head, _, body = held.partition(b"\r\n\r\n")
        lines = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")]
        length = int(lines[0].partition(b":")[2]) if lines else 0
        while len(body) < length:
            body += connection.recv(65536)
        yield head + b"\r\n\r\n" + body[:length]
        held = body[length:]


@contextmanager
def silent() -> Iterator[int]:
    """A port that nobody listens on while the block lasts."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@contextmanager
def unaccepting() -> Iterator[int]:
    """A port whose queue of connections is full: one more gets no answer to its first packet."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        port: int = listener.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                one.connect(("127.0.0.1", port))
        yield port
        for one in waiting:
            one.close()
