"""Each request has an id, which its log lines and its answer carry, and is watched."""

import secrets
from contextlib import ExitStack
from typing import Any

from flask import Flask, Response, g, request

from jobs.core import context
from jobs.ports import Telemetry

#: who asks for these asks often, and learns nothing from their times
UNWATCHED = frozenset({"/health", "/ready"})
#: a path that no route has: the path itself may be anything, and would be a label each time
NO_ROUTE = "none"


def install(app: Flask, telemetry: Telemetry) -> None:
    """Begin to watch before anything else is done, and end when the answer begins to leave."""

    @app.before_request
    def begin() -> None:
        g.request_id = f"req_{secrets.token_hex(8)}"
        g.watched = ExitStack()
        if request.path in UNWATCHED:
            return
        route = request.url_rule.rule if request.url_rule else NO_ROUTE
        # a client may send any method; those of our routes are a few
        method = request.method if request.url_rule else "any"
        parent = request.headers.get("traceparent")
        g.work = telemetry.request(method, route, parent=parent, id=g.request_id)
        entered = context.entered({"request": g.request_id}, g.work.traceparent)
        g.watched.enter_context(entered)

    @app.after_request
    def answered(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.request_id
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
