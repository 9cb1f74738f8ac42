"""Answers: JSON at once, the end of a prediction when it comes, or all that becomes of it."""

from collections.abc import Iterator
from typing import Any

import msgspec
from flask import Response

from jobs.serve.live import LOOK_S, Live

KEEP_ALIVE_S = 15.0
encode = msgspec.json.Encoder().encode


def told(shape: Any, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(encode(shape), status, content_type="application/json")


def wait(live: Live) -> None:
    """Until it has ended; who does not wait for that any more has cancelled it."""
    live.is_waited_for = True
    while not live.done.wait(LOOK_S):
        live.is_cancelled()


def waited(live: Live) -> Response:
    """The end of it."""
    wait(live)
    return told(live.shape())


def events(live: Live) -> Response:
    """What becomes of it, event by event; it is cancelled when the last listener has gone."""
    is_gone = live.is_gone

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
    return b"event: %b\ndata: %b\n\n" % (name.encode(), encode(data))
