"""POST /v1/predictions without Flask around it, which takes as long as all that is done within.

What goes wrong is told by Flask all the same: it is given the request with the error.
"""

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from werkzeug.datastructures.headers import EnvironHeaders

from jobs.api import requests
from jobs.api.body import object_of
from jobs.api.making import Asked, Making
from jobs.core import context
from jobs.core.caller import Caller

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from jobs.ports import Telemetry

PATH = "/v1/predictions"
STATUS = {200: "200 OK", 201: "201 CREATED"}
#: as Flask writes it
_encode = json.JSONEncoder(separators=(",", ":")).encode


def shortcut(
    inner: "WSGIApplication",
    telemetry: "Telemetry",
    caller: Callable[[str], Caller],
    making: Making,
) -> "WSGIApplication":
    """The application with a shorter way to single predictions; `caller`: whose a token is."""

    def answered(environ: "WSGIEnvironment") -> tuple[str, list[tuple[str, str]], bytes]:
        headers = EnvironHeaders(environ)
        token = requests.token_in(headers)
        asked = Asked(caller(token), token, headers, environ)
        shape, status, more = making.made(asked, object_of(environ))
        body = f"{_encode(shape)}\n".encode()
        plain = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        return STATUS[status], [*plain, *more.items()], body

    def door(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if environ.get("PATH_INFO") != PATH or environ.get("REQUEST_METHOD") != "POST":
            return inner(environ, start)
        begun = requests.begun(telemetry, "POST", PATH, environ.get("HTTP_TRACEPARENT"))
        with context.entered({"request": begun.id}, begun.work.traceparent):
            try:
                status, headers, body = answered(environ)
            except Exception as error:
                environ[requests.FAILED] = begun, error
            else:
                begun.work.end(status[:3])
                start(status, [*headers, (requests.ID_HEADER, begun.id)])
                return [body]
        return inner(environ, start)

    return door
