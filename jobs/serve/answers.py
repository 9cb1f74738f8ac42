"""Answers: JSON at once, the end of a prediction when it comes, or all that becomes of it."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from flask import Response, request

from jobs.serve.live import Live

#: how often it is looked whether the client is still there
LOOK_S = 0.25
KEEP_ALIVE_S = 15.0
_encode = msgspec.json.Encoder().encode


def told(shape: Any, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(_encode(shape), status, content_type="application/json")


def _gone() -> Callable[[], bool]:
    """Whether the client of this request has closed its connection."""
    found: Callable[[], bool] = request.environ.get("waitress.client_disconnected", bool)
    return found


def waited(live: Live) -> Response:
    """The end of it; who does not wait for that any more has cancelled it."""
    is_gone = _gone()
    while not live.done.wait(LOOK_S):
        if is_gone():
            live.cancel.set()
    return told(live.shape())


def events(live: Live) -> Response:
    """What becomes of it, event by event; it is cancelled when the last listener has gone."""
    is_gone = _gone()

    def lines() -> Iterator[bytes]:
        quiet_s = 0.0
        with live.listened():
            for event in live.events(LOOK_S):
                if is_gone():
                    return
                quiet_s = 0.0 if event else quiet_s + LOOK_S
                if event is not None:
                    yield _line(*event)
                elif quiet_s >= KEEP_ALIVE_S:
                    quiet_s = 0.0
                    yield b": keep-alive\n\n"

    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return Response(lines(), content_type="text/event-stream; charset=utf-8", headers=headers)


def _line(name: str, data: dict[str, Any]) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (name.encode(), _encode(data))
