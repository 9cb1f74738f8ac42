"""A prediction's stream, listened to while one waits for its end."""

import json
import queue
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from jobs.cli import http
from jobs.cli.outputs import Pieces

#: after a connection broke, or was refused
AGAIN_S = 1.0
#: of these JSON types an event's text tells the item
TOLD_BY_TEXT = frozenset({"string", "integer", "number", "boolean", "array", "object"})
BETWEEN_EVENTS = b"\n\n"


class Whole:
    """Waits for an output that is of use when all of it is there."""

    prints = False

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)

    def show(self, told: Mapping[str, Any]) -> None:
        """Nothing yet."""

    def close(self) -> None:
        """Nothing was begun."""


class Live:
    """Prints pieces as the stream brings them, in the thread of whoever waits.

    The stream makes it quick, and no more than that: who waits asks for the prediction as well,
    and shows what that has. A connection that breaks is taken up where it was.
    """

    prints = True

    def __init__(self, id: str, document: Mapping[str, Any], pieces: Pieces) -> None:
        self._path = f"/v1/predictions/{id}/stream"
        self._pieces = pieces
        items = document["components"]["schemas"]["Output"].get("items", {})
        self._is_json = items.get("type") != "string"
        #: an item and how many came before it; None: the stream has ended
        self._heard: queue.SimpleQueue[tuple[int, Any] | None] = queue.SimpleQueue()
        self._last = ""
        self._over = threading.Event()
        # of other items, a text that is JSON may be a text or what it is the JSON of
        if items.get("type") in TOLD_BY_TEXT:
            threading.Thread(target=self._listen, daemon=True).start()

    def wait(self, seconds: float) -> None:
        """Print what comes meanwhile; not longer than to the end of the stream."""
        until = time.monotonic() + seconds
        with suppress(queue.Empty):
            while (left_s := until - time.monotonic()) > 0:
                heard = self._heard.get(timeout=left_s)
                if heard is None:
                    return
                number, item = heard
                self._pieces.show([item], number)

    def show(self, told: Mapping[str, Any]) -> None:
        """Print what the prediction has and the stream did not bring."""
        self._pieces.show(told["output"] or [])

    def close(self) -> None:
        """Listen no more; a connection is let go at its next event, or with the process."""
        self._over.set()
        self._pieces.end()

    def _listen(self) -> None:
        import httpx

        with http.client() as client:
            while not self._over.is_set():
                with suppress(httpx.HTTPError, ValueError):
                    if self._is_heard_out(client):
                        self._heard.put(None)
                        return
                self._over.wait(AGAIN_S)

    def _is_heard_out(self, client: Any) -> bool:
        headers = {"Last-Event-ID": self._last} if self._last else {}
        with client.stream("GET", self._path, headers=headers) as response:
            for kind, id, data in _events(response.iter_bytes() if response.is_success else ()):
                if kind == "done" or self._over.is_set():
                    return True
                if kind == "output":
                    self._last = id
                    number = int(id.rpartition(":")[2]) - 1
                    self._heard.put((number, json.loads(data) if self._is_json else data))
        return False


def _events(chunks: Any) -> Iterator[tuple[str, str, str]]:
    """Kind, id and data of each; their lines end as our server ends them, and in no other way.

    A text may hold letters that Python takes for ends of lines, too.
    """
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(BETWEEN_EVENTS)
        for event in whole:
            fields = [line.partition(": ") for line in event.decode().split("\n")]
            data = "\n".join(value for name, _, value in fields if name == "data")
            named = {name: value for name, _, value in fields}
            yield named.get("event", ""), named.get("id", ""), data
