"""Requests that differ from the one before them on their connection by their bodies alone.

A client that asks one thing after the other sends the same head each time, but for the length of
what follows. gunicorn has read that head once; to read it again takes longer than all else that is
done for a request here.
"""

import io
import re
import time
from collections.abc import Sequence
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

from gunicorn import SERVER

from jobs.ports import HEAD

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"(?<=\r\ncontent-length: )[0-9]{1,9}(?=\r\n)", re.IGNORECASE)
#: what one of them may not have: each changes how its body, or its answer, is read
_OTHERWISE = (b"transfer-encoding", b"expect", b"upgrade", b"content-length")
#: a body that is no longer is waited for here; a longer one is read as it comes, by a thread
MOST_BYTES = 1 << 16
#: of one request alone
_OWN = ("wsgi.input", "wsgi.early_hints", "CONTENT_LENGTH")


class Repeats:
    """The last head of a connection, and the environment that gunicorn made of it."""

    def __init__(self) -> None:
        #: the head before its length and behind that
        self._before = self._after = b""
        self._environ: WSGIEnvironment = {}

    def learn(self, piece: bytes, environ: "WSGIEnvironment") -> None:
        """`piece` begins a request that stays open, of which gunicorn made `environ`."""
        self._before = self._after = b""
        head, end, _ = piece.partition(_END)
        head += end
        found = _LENGTH.search(head)
        kind = environ["REQUEST_METHOD"], environ["SERVER_PROTOCOL"]
        if not end or found is None or kind != ("POST", "HTTP/1.1"):
            return
        self._before, self._after = head[: found.start()], head[found.end() :]
        rest = (self._before[: -len(b"content-length: ")] + self._after).lower()
        if any(word in rest for word in _OTHERWISE):
            self._before = b""
            return
        self._environ = {name: environ[name] for name in environ if name not in _OWN}
        self._environ[HEAD] = {}

    def taken(self, piece: bytes) -> "tuple[WSGIEnvironment, bytes] | None":
        """A whole request with that head, and what follows it; None: it is gunicorn's to read."""
        body_at, end = self._body(piece)
        if not end or len(piece) < end:
            return None
        length = str(end - body_at)
        environ = self._environ.copy()
        environ["CONTENT_LENGTH"] = length
        environ["wsgi.input"] = io.BytesIO(piece[body_at:end])
        environ["wsgi.input_terminated"] = True
        return environ, piece[end:]

    def is_begun(self, piece: bytes) -> bool:
        """Whether it is one with that head, of whose body the rest is to come soon.

        Some clients send the head by itself, and most of its body does not come much later.
        """
        body_at, end = self._body(piece)
        return len(piece) < end <= body_at + MOST_BYTES

    def _body(self, piece: bytes) -> tuple[int, int]:
        """Where the body of a request with that head begins and ends; 0: it has another head."""
        before, after = self._before, self._after
        if not before or not piece.startswith(before):
            return 0, 0
        at = piece.find(b"\r\n", len(before))
        length = piece[len(before) : at]
        if not (0 < len(length) < 10 and length.isdigit() and piece.startswith(after, at)):
            return 0, 0
        body_at = at + len(after)
        return body_at, body_at + int(length)


class Started:
    """What an application says of its answer before it gives it."""

    def __init__(self) -> None:
        self.said: tuple[Any, ...] = ()

    def __call__(self, *said: Any) -> Any:
        """WSGI's `start_response`."""
        self.said = said
        return _no_write


def _no_write(_: bytes) -> None:
    raise NotImplementedError("answers are returned here, not written")


class _Date:
    """As headers have it; made once a second."""

    def __init__(self) -> None:
        self._made = (0, "")

    def now(self) -> str:
        second = int(time.time())
        if self._made[0] != second:
            self._made = second, formatdate(second, usegmt=True)
        return self._made[1]


_DATE = _Date()
_PLAIN = re.compile(r"(?:[A-Za-z-]+: [ \t\x21-\x7e\x80-\xff]*\r\n)*\r\n")
_SERVER, _STAYS = f"Server: {SERVER}\r\n", "Connection: keep-alive\r\n"
_NAMES = frozenset({"connection", "transfer-encoding", "upgrade", "date", "server"})


def answer(said: tuple[Any, ...], parts: Any) -> bytes | None:
    """A usual answer as gunicorn sends it over a connection that stays; None: it is another one.

    `said`: the status and the headers.
    """
    if not isinstance(parts, list) or len(parts) != 1 or len(said) != 2:
        return None
    status, headers = said
    lines = [f"{name}: {value}" for name, value in headers]
    if status[:3] in ("204", "304") or status < "2" or not _fits(headers, len(parts[0])):
        return None
    told = "\r\n".join([*lines, "", ""])
    # what is not plain, or one header that would be two: gunicorn has its own errors for it
    if not _PLAIN.fullmatch(told) or told.count("\n") != len(lines) + 1:
        return None
    text = f"HTTP/1.1 {status}\r\n{_SERVER}Date: {_DATE.now()}\r\n{_STAYS}{told}"
    body: bytes = parts[0]
    return text.encode("latin-1") + body


def _fits(headers: Sequence[tuple[str, str]], size: int) -> bool:
    """Whether the headers say how long the answer is, and nothing of how it is sent."""
    told = {name.lower(): value for name, value in headers}
    return told.get("content-length") == str(size) and not _NAMES & told.keys()
