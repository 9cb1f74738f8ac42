"""Connections that ask for one quick thing after the other, heard by one thread for all of them.

A thread of its own for each would be woken twice for each request, and find nothing where it left
it. What cannot be answered without waiting goes back to a thread of its own.
"""

import select
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jobs.adapters.repeats import Repeats, Started, answer
from jobs.ports import LATER

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

PIECE_BYTES = 1 << 16
#: how often it is looked who has said nothing for too long
LOOK_S = 5.0
#: on other systems each connection keeps its thread
POSSIBLE = hasattr(select, "epoll")


@dataclass(eq=False)
class Talk:
    """A connection, and what is known of what comes through it."""

    connection: socket.socket
    client: Any
    #: gunicorn's reader of its requests
    requests: Any
    repeats: Repeats = field(default_factory=Repeats)
    #: what has come of a request that is not whole yet
    piece: bytes = b""
    #: whether a request is being answered here, and whether more has come since
    is_busy: bool = False
    has_more: bool = False
    #: requests in a row whose head was known
    repeated: int = 0
    #: on the monotonic clock
    heard_at: float = 0.0


#: takes a connection back: with what it sent, or with a request that is to be answered
Unpark = Callable[[Talk, bytes, "WSGIEnvironment | None"], None]


class Later:
    """The answer to a request, which may be given at any time by any thread, once."""

    def __init__(self, parked: "Parked", talk: Talk) -> None:
        self._parked = parked
        self._talk = talk

    def give(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        """This is it."""
        whole = answer((status, headers), [body])
        if whole is None:  # nobody would see an end of it
            with suppress(OSError):
                self._talk.connection.shutdown(socket.SHUT_RDWR)
        self._parked.send(self._talk, whole or b"")

    def leave(self, environ: "WSGIEnvironment") -> None:
        """Have the application asked again, by a thread that may wait."""
        environ.pop(LATER, None)
        self._parked.leave(self._talk, b"", environ)


class Parked:
    """One thread that hears them all; there is none as long as nobody is parked."""

    def __init__(
        self,
        app: "WSGIApplication",
        unpark: Unpark,
        silence_s: float,
        owed: set[socket.socket],
    ) -> None:
        """`unpark`: called with those that are not to be here any more.

        `silence_s`: one that says nothing for so long is among them. `owed`: is to hold those that
        have asked for something and have no answer.
        """
        self._app = app
        self._owed = owed
        self._unpark = unpark
        self._silence_s = silence_s
        self._poll = select.epoll()
        #: told once of whatever comes; what then comes is told again
        self._heard = select.EPOLLIN | select.EPOLLET
        self._talks: dict[int, Talk] = {}
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def park(self, talk: Talk) -> None:
        """Hear it from here on."""
        talk.heard_at = time.monotonic()
        talk.is_busy = talk.has_more = False
        number = talk.connection.fileno()
        self._talks[number] = talk
        self._poll.register(number, self._heard)
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True, name="parked")
                self._thread.start()

    def leave(self, talk: Talk, piece: bytes, environ: "WSGIEnvironment | None" = None) -> None:
        """Hear it no more."""
        number = talk.connection.fileno()
        self._talks.pop(number, None)
        with suppress(OSError, ValueError):
            self._poll.unregister(number)
        self._unpark(talk, piece, environ)

    def send(self, talk: Talk, whole: bytes) -> None:
        """Send an answer, and hear what comes next."""
        try:
            sent = talk.connection.send(whole, socket.MSG_DONTWAIT) if whole else 0
        except BlockingIOError:
            sent = 0
        except OSError:
            self.leave(talk, b"")
            return
        if sent < len(whole) or not whole:
            self._finish(talk, whole[sent:])
            return
        self._owed.discard(talk.connection)
        talk.heard_at = time.monotonic()
        talk.is_busy = False  # before the look: whoever hears more looks here after saying so
        if talk.has_more:
            self._tell_again(talk)

    def _tell_again(self, talk: Talk) -> None:
        """Hear it, if there is anything, though it was told before."""
        talk.has_more = False
        with suppress(OSError, ValueError):  # it is not here any more
            self._poll.modify(talk.connection.fileno(), self._heard)

    def _finish(self, talk: Talk, rest: bytes) -> None:
        """Its client takes its time, or there is no answer: nobody else is to wait for that."""

        def run() -> None:
            with suppress(OSError):  # which whoever has it next will notice
                talk.connection.sendall(rest)
            self.leave(talk, b"")

        threading.Thread(target=run, daemon=True, name="api").start()

    def _run(self) -> None:
        looked_at = time.monotonic()
        while True:
            for number, _ in self._poll.poll(LOOK_S):
                talk = self._talks.get(number)
                if talk is not None:
                    self._hear(talk)
            if time.monotonic() - looked_at > LOOK_S:
                looked_at = time.monotonic()
                self._dismiss(looked_at - self._silence_s)

    def _hear(self, talk: Talk) -> None:
        came = _came(talk)
        if came is None:
            return
        piece, talk.piece = talk.piece + came, b""
        known = talk.repeats.taken(piece) if came else None
        if known is None and came and talk.repeats.is_begun(piece):
            talk.piece = piece
            if talk.has_more:
                self._tell_again(talk)
        elif known is None or known[1]:
            self.leave(talk, piece)
        else:
            self._ask(talk, known[0])

    def _ask(self, talk: Talk, environ: "WSGIEnvironment") -> None:
        """Have the application answer, now or later."""
        talk.is_busy = True
        self._owed.add(talk.connection)
        environ[LATER] = later = Later(self, talk)
        parts: Any = None
        with suppress(Exception):  # whoever asks again will see it
            parts = self._app(environ, Started())
        if parts is not later:
            later.leave(environ)

    def _dismiss(self, before: float) -> None:
        for talk in list(self._talks.values()):
            if talk.piece:  # of which the rest takes its time
                piece, talk.piece = talk.piece, b""
                self.leave(talk, piece)
            elif talk.heard_at < before:
                with suppress(OSError):  # which is heard as its end
                    talk.connection.shutdown(socket.SHUT_RD)


def _came(talk: Talk) -> bytes | None:
    """What has come; None: nothing, or nothing that is to be heard before its last answer."""
    if talk.is_busy:
        talk.has_more = True
        if talk.is_busy:  # else whoever answered may not have seen that
            return None
    try:
        came = talk.connection.recv(PIECE_BYTES, socket.MSG_DONTWAIT)
    except BlockingIOError:  # it was heard already
        return None
    except OSError:
        return b""
    talk.has_more = len(came) == PIECE_BYTES
    return came
