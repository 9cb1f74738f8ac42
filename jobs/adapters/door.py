"""Answers HTTP in threads of this process, over connections that stay open.

gunicorn's own reading and writing of requests, without its processes: what a client sees of
`penstock up` is what it sees of `penstock api`.
"""

import logging
import socket
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from gunicorn import util
from gunicorn.config import Config
from gunicorn.http import RequestParser, wsgi
from gunicorn.http.errors import NoMoreData, ParseException

from jobs.adapters.bodies import careful
from jobs.adapters.gunicorn import KEEPALIVE_S
from jobs.adapters.heads import patient

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

#: how long the rest of a body that nobody read is waited for, so that its sender sees the answer
REST_S, PIECE_BYTES = 10.0, 1 << 20
#: before the next connection is taken, where one could not be
PAUSE_S = 0.05
log = logging.getLogger(__name__)


class Door:
    """A thread for each connection; there is no limit but the client's."""

    def __init__(self, app: "WSGIApplication", listener: socket.socket) -> None:
        self._app = careful(app)
        self._listener = listener
        self._place = listener.getsockname()
        self._config = Config()
        self._open = True

    def serve_forever(self) -> None:
        """Take connections until `shutdown`."""
        while self._open:
            try:
                talk = self._listener.accept()
                threading.Thread(target=self._talk, args=talk, daemon=True, name="api").start()
            except (OSError, RuntimeError):  # no more files or threads, or the client has gone
                if self._open:
                    time.sleep(PAUSE_S)

    def shutdown(self) -> None:
        """Take no more connections; those that are open end with the process."""
        self._open = False
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _talk(self, connection: socket.socket, client: Any) -> None:
        with connection:
            try:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._answer_all(connection, client)
            except (OSError, NoMoreData):  # the other side is gone, or says nothing
                pass
            except ParseException as error:
                with suppress(OSError):
                    util.write_error(connection, 400, "Bad Request", str(error))
            except Exception:
                log.exception("a request was not answered")

    def _answer_all(self, connection: socket.socket, client: Any) -> None:
        requests = RequestParser(self._config, connection, client)
        while True:
            patient(connection, KEEPALIVE_S)  # a timeout of Python's is two journeys more
            request = next(requests, None)
            patient(connection)
            if request is None or not self._answer(request, connection, client):
                break
            if not (_is_read(request) or requests.finish_body(deadline=time.monotonic() + 1)):
                break
        _let_go(connection)

    def _answer(self, request: Any, connection: socket.socket, client: Any) -> bool:
        """Whether the connection can be used for another request."""
        response, environ = wsgi.create(request, connection, client, self._place, self._config)
        environ["wsgi.multithread"] = True
        parts = self._app(environ, response.start_response)
        try:
            if isinstance(parts, environ["wsgi.file_wrapper"]):
                response.write_file(parts)
                response.close()
            else:
                _write(response, parts, connection)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        return not response.should_close()


def _is_read(request: Any) -> bool:
    """Whether nothing is left of a body whose length was known."""
    return getattr(request.body.reader, "length", None) == 0


def _write(response: Any, parts: Iterable[bytes], connection: socket.socket) -> None:
    """Write an answer; one whose length is known begins with its head and body in one piece."""
    held = _Head(connection)
    if response.response_length is not None:
        response.sock = held
    for part in parts:
        response.write(part)
    response.close()
    held.let_go()


class _Head:
    """The first piece that is sent, which is the head of an answer, waits for the next one."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._waiting: bytes | None = None
        self._sent = False

    def sendall(self, piece: bytes) -> None:
        """Send it, after what waits."""
        if self._sent:
            self._connection.sendall(piece)
        elif self._waiting is None:
            self._waiting = piece
        else:
            self._waiting += piece
            self.let_go()

    def let_go(self) -> None:
        """Send what waits."""
        if self._waiting is not None and not self._sent:
            self._sent = True
            self._connection.sendall(self._waiting)


def _let_go(connection: socket.socket) -> None:
    """Take what is still being sent, for a while: a client that cannot send sees no answer."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(1)
        until = time.monotonic() + REST_S
        while connection.recv(PIECE_BYTES) and time.monotonic() < until:
            pass
