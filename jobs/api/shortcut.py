"""POST /v1/predictions without Flask around it, which takes as long as all that is done within.

What goes wrong is told by Flask all the same: it is given the request with the error.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from werkzeug.datastructures.headers import EnvironHeaders

from jobs.api import requests
from jobs.api.body import object_of
from jobs.api.making import Asked, Head, Made, Making, Told
from jobs.core import context
from jobs.core.caller import Caller
from jobs.core.rowjson import writer
from jobs.ports import HEAD, LATER, Later, Telemetry

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH = "/v1/predictions"
STATUS = {200: "200 OK", 201: "201 CREATED"}
#: where the environment has who asks, once that is known
CALLER = "penstock.caller"
_write = writer()


class Shortcut:
    """The application with a shorter way to single predictions."""

    def __init__(
        self,
        inner: "WSGIApplication",
        telemetry: Telemetry,
        caller: Callable[[str], Caller],
        making: Making,
    ) -> None:
        """`caller`: whose a token is."""
        self._inner = inner
        self._telemetry = telemetry
        self._caller = caller
        self._making = making

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """The application, by WSGI."""
        its_way = environ.get("PATH_INFO") == PATH and environ.get("REQUEST_METHOD") == "POST"
        later = environ.get(LATER)
        if later is not None:
            return later if its_way and self._begin(environ, later) else ()
        if not its_way or requests.FAILED in environ:
            return self._inner(environ, start)
        begun = self._begun(environ)
        with context.entered({"request": begun.id}, begun.work.traceparent):
            try:
                status, headers, body = _answer(
                    self._making.made(self._asked(environ), object_of(environ)), begun
                )
            except Exception as error:
                environ[requests.FAILED] = begun, error
            else:
                start(status, headers)
                return [body]
        return self._inner(environ, start)

    def _begun(self, environ: "WSGIEnvironment") -> requests.Begun:
        parent = environ.get("HTTP_TRACEPARENT")
        return requests.begun(self._telemetry, "POST", PATH, parent)

    def _asked(self, environ: "WSGIEnvironment") -> Asked:
        repeated = environ.get(HEAD, {})
        head = repeated.get(Head)
        if head is None:
            head = repeated[Head] = Head(EnvironHeaders(environ))
        caller = environ.pop(CALLER, None) or self._caller(head.token)
        return Asked(caller, head, environ)

    def _begin(self, environ: "WSGIEnvironment", later: Later) -> bool:
        """Whether it is answered later; if not, nothing was done, and the body is still there."""
        begun = self._begun(environ)

        def then(told: Told) -> None:
            if isinstance(told, BaseException):
                environ[requests.FAILED] = begun, told
                later.leave(environ)
            else:
                later.give(*_answer(told, begun))

        with (
            suppress(Exception),  # it is told by whoever is asked next
            context.entered({"request": begun.id}, begun.work.traceparent),
        ):
            asked = self._asked(environ)
            environ[CALLER] = asked.caller
            if self._making.begin(asked, object_of(environ), then):
                return True
        environ["wsgi.input"].seek(0)
        return False


def _answer(made: Made, begun: requests.Begun) -> tuple[str, list[tuple[str, str]], bytes]:
    """Status, headers and body; its work is over then."""
    shape, number, more = made
    status, body = STATUS[number], _write(shape) + b"\n"
    begun.work.end(status[:3])
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    return status, [*headers, *more.items(), (requests.ID_HEADER, begun.id)], body
