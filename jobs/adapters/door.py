"""Answers HTTP in threads of this process, over connections that stay open.

gunicorn's own reading and writing of requests, without its processes: what a client sees of
`penstock up` is what it sees of `penstock api`.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from gunicorn.config import Config
from gunicorn.http import RequestParser, wsgi
from gunicorn.http.errors import NoMoreData, ParseException

from jobs.adapters.bodies import careful
from jobs.adapters.gunicorn import KEEPALIVE_S
from jobs.adapters.heads import patient
from jobs.adapters.parked import PIECE_BYTES, POSSIBLE, Parked, Talk
from jobs.adapters.refusal import refuse
from jobs.adapters.repeats import Started, answer
from jobs.core.errors import BadRequest

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

#: how long the rest of a body that nobody read is waited for, so that its sender sees the answer
REST_S = 10.0
#: a connection that sent so many like requests in a row is heard along with others
REPEATED = 4
#: before the next connection is taken, where one could not be; how often it is looked who is left
PAUSE_S, LOOK_S = 0.05, 0.02
BACKLOG = 128
log = logging.getLogger(__name__)


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens there; raises BadRequest if the address is taken, or none of ours."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        named = isinstance(error, socket.gaierror) or error.errno is None
        why = "it is no address of this machine" if named else os.strerror(error.errno or 0)
        raise BadRequest(
            f"cannot listen on {host}:{port} ({why}); choose another --port or --host"
        ) from error


class Door:
    """A thread for each connection; there is no limit but the client's."""

    def __init__(
        self, app: "WSGIApplication", listener: socket.socket, *, parks: bool = False
    ) -> None:
        """`parks`: whether the application knows `Later`."""
        self._plain, self._app = app, careful(app)
        self._listener = listener
        self._place = listener.getsockname()
        self._config = Config()
        self._open = True
        #: the connections that are owed an answer
        self._under_way: set[socket.socket] = set()
        self._parked: Parked | None = None
        if parks and POSSIBLE:
            self._parked = Parked(app, self._go_on_apart, KEEPALIVE_S, self._under_way)

    def serve_forever(self) -> None:
        """Take connections until `shutdown`."""
        while self._open:
            try:
                talk = self._listener.accept()
                threading.Thread(target=self._talk, args=talk, daemon=True, name="api").start()
            except (OSError, RuntimeError):  # no more files or threads, or the client has gone
                if self._open:
                    time.sleep(PAUSE_S)

    def rest(self, limit_s: float) -> None:
        """Let answers go out that are on their way, for a while."""
        until = time.monotonic() + limit_s
        while self._under_way and time.monotonic() < until:
            time.sleep(LOOK_S)

    def shutdown(self) -> None:
        """Take no more connections; those that are open end with the process."""
        self._open = False
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _talk(self, connection: socket.socket, client: Any) -> None:
        talk = Talk(connection, client, RequestParser(self._config, connection, client))
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError:
            connection.close()
            return
        self._go_on(talk)

    def _go_on(
        self, talk: Talk, piece: bytes = b"", environ: "WSGIEnvironment | None" = None
    ) -> None:
        """Answer what comes through a connection, until it is parked or has ended.

        `piece`: what has come already; `environ`: a request that is to be answered.
        """
        try:
            patient(talk.connection, KEEPALIVE_S)
            goes_on = environ is None or self._answer_again(environ, talk)
            if goes_on and self._answer_all(talk, piece):
                return
            _let_go(talk.connection)
        except (OSError, NoMoreData):  # the other side is gone, or says nothing
            pass
        except ParseException as error:
            refuse(talk.connection, error)
        except Exception:
            log.exception("a request was not answered")
        self._under_way.discard(talk.connection)
        talk.connection.close()

    def _go_on_apart(self, talk: Talk, piece: bytes, environ: "WSGIEnvironment | None") -> None:
        talk.repeated = -REPEATED * REPEATED  # it may well be for nothing that it is parked again
        threading.Thread(
            target=self._go_on, args=(talk, piece, environ), daemon=True, name="api"
        ).start()

    def _answer_all(self, talk: Talk, piece: bytes) -> bool:
        """Answer one after the other; whether it is parked in the end."""
        connection, unreader = talk.connection, talk.requests.unreader
        while piece := piece or unreader.take_buffered() or connection.recv(PIECE_BYTES):
            self._under_way.add(connection)
            while talk.repeats.is_begun(piece) and (more := connection.recv(PIECE_BYTES)):
                piece += more
            known, piece_read = talk.repeats.taken(piece), piece
            piece = b""
            if known is None:
                unreader.unread(piece_read)
                if not self._answer_next(talk, piece_read):
                    return False
                patient(connection, KEEPALIVE_S)
            else:
                environ, piece = known
                if not self._answer_again(environ, talk):
                    return False
            self._under_way.discard(connection)
            if self._parked is not None and talk.repeated >= REPEATED and not piece:
                self._parked.park(talk)
                return True
        return False

    def _answer_next(self, talk: Talk, piece: bytes) -> bool:
        """Answer what gunicorn reads; whether the connection can be used for another request."""
        request, connection = next(talk.requests, None), talk.connection
        patient(connection)
        talk.repeated = min(talk.repeated, 0)
        if request is None:
            return False
        made = wsgi.create(request, connection, talk.client, self._place, self._config)
        response, environ = made
        environ["wsgi.multithread"] = True
        talk.repeats.learn(piece, environ)
        if not self._answer(self._app, environ, response):
            return False
        return _is_read(request) or bool(talk.requests.finish_body(deadline=time.monotonic() + 1))

    def _answer_again(self, environ: "WSGIEnvironment", talk: Talk) -> bool:
        """The same for a request whose head is that of an earlier one."""
        talk.repeated += 1
        started = Started()
        parts = self._plain(environ, started)
        whole = answer(started.said, parts)
        if whole is not None:
            talk.connection.sendall(whole)
            return True
        response = wsgi.Response(talk.requests.mesg, talk.connection, self._config)
        response.start_response(*started.said)
        return self._sent(parts, environ, response)

    def _answer(self, app: "WSGIApplication", environ: "WSGIEnvironment", response: Any) -> bool:
        return self._sent(app(environ, response.start_response), environ, response)

    def _sent(self, parts: Iterable[bytes], environ: "WSGIEnvironment", response: Any) -> bool:
        """Send an answer; whether the connection can be used for another request."""
        try:
            if isinstance(parts, environ["wsgi.file_wrapper"]):
                response.write_file(parts)
                response.close()
            else:
                _write(response, parts, response.sock)
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
