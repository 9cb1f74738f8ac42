"""Clients that lose the connection while they wait send the same POST again: that is one wish.

Some say so, by a key or by counting their tries. Of the others this much can be known here: the
same token sent the same body, its first request is still waiting in this process, and the
connection of that one is closed.
"""

import select
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.datastructures import Headers

from jobs.api.body import idempotency_key
from jobs.core.request import cancel_after_s
from jobs.core.sending import Sending

#: where the servers we run under leave the connection
_SOCKETS = ("werkzeug.socket", "gunicorn.socket")
SENDING = ("Idempotency-Key", "Cancel-After", "X-Stainless-Retry-Count")
#: the token, and the hash of the request
Wish = tuple[str, str]


def sending() -> Sending:
    """What this request says of its sending."""
    return told_by(request.headers)


def told_by(headers: Headers | Mapping[str, str]) -> Sending:
    """What these headers, of which SENDING are enough, say of the sending of their request."""
    after = headers.get("Cancel-After")
    tries = headers.get("X-Stainless-Retry-Count", "0")
    return Sending(
        key=idempotency_key(headers),
        cancel_after_s=cancel_after_s(after),
        again=tries not in ("", "0"),
    )


@dataclass(frozen=True, eq=False)
class _Waiting:
    prediction: str
    door: socket.socket | None
    #: that of the door
    number: int = -1


class _Alike:
    """Those who wait for the same wish; the system is asked once for all of their clients."""

    def __init__(self) -> None:
        self._doors: dict[int, _Waiting] = {}
        self._asked = select.poll()

    def add(self, one: _Waiting) -> None:
        """Another one; whose connection nobody knows cannot be seen to hang up."""
        if one.number >= 0:
            self._doors[one.number] = one
            self._asked.register(one.number, select.POLLIN)

    def forget(self, one: _Waiting) -> bool:
        """It waits no more; whether nobody does."""
        if self._doors.get(one.number) is one:
            del self._doors[one.number]
            self._asked.unregister(one.number)
        return not self._doors

    def left(self) -> _Waiting | None:
        """One whose client hung up."""
        for number, _ in self._asked.poll(0) if self._doors else ():
            one = self._doors[number]
            # else our own end is closed: it is being given up
            if one.door is not None and one.door.fileno() == number and _hung_up(one.door):
                return one
        return None


class Waits:
    """The predictions whose makers wait for an answer of this process."""

    def __init__(self) -> None:
        self._waits: dict[Wish, _Alike] = {}
        self._lock = threading.Lock()

    def taken_up(self, wish: Wish) -> str | None:
        """The prediction of such a request whose client hung up; it is taken up once."""
        with self._lock:
            lost = self._left(wish)
            if lost is None:
                return None
            self._forget(wish, lost)
            return lost.prediction

    def is_left(self, wish: Wish) -> bool:
        """Whether there is one to be taken up."""
        with self._lock:
            return self._left(wish) is not None

    def _left(self, wish: Wish) -> _Waiting | None:
        alike = self._waits.get(wish)
        return alike.left() if alike else None

    @contextmanager
    def waiting(self, wish: Wish, prediction: str, environ: Mapping[str, Any]) -> Iterator[None]:
        """While the block runs, the client of a request waits for that prediction."""
        over = self.begin(wish, prediction, environ)
        try:
            yield
        finally:
            over()

    def begin(self, wish: Wish, prediction: str, environ: Mapping[str, Any]) -> Callable[[], None]:
        """The same until what this returns is called."""
        door = _door(environ)
        one = _Waiting(prediction, door, -1 if door is None else door.fileno())
        with self._lock:
            alike = self._waits.get(wish)
            if alike is None:
                alike = self._waits[wish] = _Alike()
            alike.add(one)

        def over() -> None:
            with self._lock:
                self._forget(wish, one)

        return over

    def _forget(self, wish: Wish, one: _Waiting) -> None:
        alike = self._waits.get(wish)
        if alike is not None and alike.forget(one):
            del self._waits[wish]


def _door(environ: Mapping[str, Any]) -> socket.socket | None:
    found = (environ.get(name) for name in _SOCKETS)
    return next((one for one in found if isinstance(one, socket.socket)), None)


def _hung_up(door: socket.socket) -> bool:
    """Whether the other side has closed, found out without taking anything that it sent."""
    try:
        return door.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except (OSError, ValueError):
        return True
