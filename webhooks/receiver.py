"""Receive webhooks in Flask: verify → drop repeats → route to a handler."""

import logging
import time
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from typing import Any

from flask import Blueprint, Flask, request

from webhooks.errors import Malformed, Missing, VerificationError
from webhooks.message import Message
from webhooks.replay import MemoryReplay, ReplayStore
from webhooks.signing import TOLERANCE_S, Verifier

log = logging.getLogger(__name__)
Handler = Callable[[dict[str, Any]], object]
Answer = tuple[dict[str, str], int]


class Receiver:
    """Routes verified events to the functions that `on` marks.

    A repeat answers 200 and is not handled again; a handler that raises answers 500 and its
    event is forgotten, so that the sender's next attempt is handled.
    """

    def __init__(
        self,
        secrets: Sequence[str],
        *,
        replay: ReplayStore | None = None,
        tolerance_s: int = TOLERANCE_S,
        max_body_bytes: int = 1024 * 1024,
    ) -> None:
        self._verifier = Verifier(secrets, tolerance_s=tolerance_s)
        self._replay = replay or MemoryReplay()
        self._max_body_bytes = max_body_bytes
        self._handlers: list[tuple[str, Handler]] = []

    def on(self, type: str) -> Callable[[Handler], Handler]:
        """Handle events of a type; `batch.*` and `*` match as in a shell."""

        def mark(handler: Handler) -> Handler:
            self._handlers.append((type, handler))
            return handler

        return mark

    def init_app(self, app: Flask, url: str = "/webhooks") -> None:
        """Receive at `url` of this application."""
        app.register_blueprint(self.blueprint(url))

    def blueprint(self, url: str = "/webhooks") -> Blueprint:
        """The receiving route as a blueprint."""
        routes = Blueprint("webhooks_receiver", __name__)
        routes.add_url_rule(url, "receive", self._receive, methods=["POST"])
        return routes

    def _receive(self) -> Answer:
        body = self._body()
        if body is None:
            return {"error": "the body is too large"}, 413
        try:
            message = self._verifier.verify(_lowered(), body, time.time())
            event = message.event()
        except (Missing, Malformed) as error:
            return {"error": str(error)}, 400
        except VerificationError as error:
            log.warning("webhook refused: %s", type(error).__name__)
            return {"error": str(error)}, 401
        if not self._replay.first_seen(message.id):
            return {"status": "repeated"}, 200
        return self._handle(message, event)

    def _body(self) -> bytes | None:
        """The raw body, or None if it is over the limit; the rest of it is never read."""
        if (request.content_length or 0) > self._max_body_bytes:
            return None
        request.max_content_length = self._max_body_bytes
        body = request.get_data(cache=True)
        return body if len(body) <= self._max_body_bytes else None

    def _handle(self, message: Message, event: dict[str, Any]) -> Answer:
        try:
            for pattern, handler in self._handlers:
                if fnmatchcase(event["type"], pattern):
                    handler(event)
        except Exception:
            self._replay.forget(message.id)
            log.exception("webhook handler failed", extra={"webhook_id": message.id})
            return {"error": "the handler failed; send it again"}, 500
        return {"status": "ok"}, 200


def _lowered() -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}
