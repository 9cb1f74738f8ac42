"""Bodies of requests as gunicorn reads them, of which one that breaks off is no whole one."""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from gunicorn.http.errors import NoMoreData, ParseException
from werkzeug.exceptions import BadRequest, ClientDisconnected

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def careful(app: "WSGIApplication") -> "WSGIApplication":
    """The application, told of what is wrong with a body where it reads it."""

    def door(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if environ.get("CONTENT_LENGTH"):
            # gunicorn says that a body ends where the connection does, too: then nobody counts
            environ.pop("wsgi.input_terminated", None)
        environ["wsgi.input"] = _Body(environ["wsgi.input"])
        return app(environ, start)

    return door


class _Body:
    """A body whose faults are the client's."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def read(self, size: int = -1) -> bytes:
        """So many bytes, or all of them."""
        return _blamed(self._body.read, size)

    def readline(self, size: int = -1) -> bytes:
        """A line."""
        return _blamed(self._body.readline, size)

    def readlines(self) -> list[bytes]:
        """All lines."""
        return list(self)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")


def _blamed(read: Callable[[int], bytes], size: int) -> bytes:
    try:
        return read(size)
    except (NoMoreData, BlockingIOError) as error:  # the latter after a long silence
        raise ClientDisconnected from error
    except ParseException as error:
        raise BadRequest("the body's chunks cannot be read") from error
