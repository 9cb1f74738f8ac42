"""Clients that lose the connection while they wait send the same POST again: that is one wish.

Some say so, by a key or by counting their tries. Of the others this much can be known here: the
same token sent the same body, its first request is still waiting in this process, and the
connection of that one is closed.
"""

import select
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
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
#: the token, and the hash of the request
Wish = tuple[str, str]


def sending() -> Sending:
    """What this request says of its sending."""
    return told_by(request.headers)


def told_by(headers: Headers) -> Sending:
    """What these headers say of the sending of their request."""
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


class Waits:
    """The predictions whose makers wait for an answer of this process."""

    def __init__(self) -> None:
        self._waits: dict[Wish, list[_Waiting]] = {}
        self._lock = threading.Lock()

    def taken_up(self, wish: Wish) -> str | None:
        """The prediction of such a request whose client hung up; it is taken up once."""
        with self._lock:
            lost = next(_left(self._waits.get(wish, ())), None)
            if lost is None:
                return None
            self._forget(wish, lost)
            return lost.prediction

    def is_left(self, wish: Wish) -> bool:
        """Whether there is one to be taken up."""
        with self._lock:
            return next(_left(self._waits.get(wish, ())), None) is not None

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
        one = _Waiting(prediction, _door(environ))
        with self._lock:
            self._waits.setdefault(wish, []).append(one)

        def over() -> None:
            with self._lock:
                self._forget(wish, one)

        return over

    def _forget(self, wish: Wish, one: _Waiting) -> None:
        waits = [other for other in self._waits.get(wish, []) if other is not one]
        if waits:
            self._waits[wish] = waits
        else:
            self._waits.pop(wish, None)


def _door(environ: Mapping[str, Any]) -> socket.socket | None:
    found = (environ.get(name) for name in _SOCKETS)
    return next((one for one in found if isinstance(one, socket.socket)), None)


def _left(waits: Sequence[_Waiting]) -> Iterator[_Waiting]:
    """Those of them whose clients hung up; the system is asked once for all of them."""
    doors = {one.door.fileno(): (one, one.door) for one in waits if one.door is not None}
    doors.pop(-1, None)  # our own end is closed: it is being given up
    asked = select.poll()
    for number in doors:
        asked.register(number, select.POLLIN)
    for number, _ in asked.poll(0) if doors else ():
        one, door = doors[number]
        if _hung_up(door):
            yield one


def _hung_up(door: socket.socket) -> bool:
    """Whether the other side has closed, found out without taking anything that it sent."""
    try:
        return door.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except (OSError, ValueError):
        return True
