"""Each request has an id, which its log lines and its answer carry, and is watched."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.datastructures import Headers

from jobs.core import context
from jobs.core.chance import CHANCE
from jobs.ports import Telemetry, Work

#: who asks for these asks often, and learns nothing from their times
UNWATCHED = frozenset({"/health", "/ready"})
#: a path that no route has: the path itself may be anything, and would be a label each time
NO_ROUTE = "none"
ID_HEADER = "X-Request-Id"
#: where the environment of a request that failed before it came here has what began, and why
FAILED = "penstock.failed"


@dataclass(frozen=True)
class Begun:
    """A request that is watched."""

    id: str
    work: Work


def new_id() -> str:
    """The id of another request."""
    return f"req_{CHANCE.hex(8)}"


def begun(telemetry: Telemetry, method: str, route: str, parent: str | None) -> Begun:
    """Begin to watch one; `parent` is its place in a trace."""
    id = new_id()
    return Begun(id, telemetry.request(method, route, parent=parent, id=id))


def token_in(headers: Headers | Mapping[str, str]) -> str:
    """The token that a request brings, or nothing."""
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() in ("bearer", "token") else ""


def _begin(telemetry: Telemetry) -> None:
    """Begin to watch the request of this thread, unless that was done before it came here."""
    before, error = request.environ.pop(FAILED, (None, None))
    g.watched = ExitStack()
    if request.path in UNWATCHED:
        g.request_id = new_id()
        return
    route = request.url_rule.rule if request.url_rule else NO_ROUTE
    # a client may send any method; those of our routes are a few
    method = request.method if request.url_rule else "any"
    watched = before or begun(telemetry, method, route, request.headers.get("traceparent"))
    g.request_id, g.work = watched.id, watched.work
    g.watched.enter_context(context.entered({"request": watched.id}, watched.work.traceparent))
    if error is not None:
        raise error


def install(app: Flask, telemetry: Telemetry) -> None:
    """Begin to watch before anything else is done, and end when the answer begins to leave."""

    @app.before_request
    def begin() -> None:
        _begin(telemetry)

    @app.after_request
    def answered(response: Response) -> Response:
        response.headers[ID_HEADER] = g.request_id
        g.status = str(response.status_code)
        return response

    @app.teardown_request
    def end(error: BaseException | None) -> None:
        held: Any = g.pop("watched", None)
        if held is None:
            return
        if (work := g.pop("work", None)) is not None:
            work.end(g.get("status", "500"))
        held.close()
