"""What was received: who says so, when, and the bytes that were signed."""

import json
from dataclasses import dataclass
from typing import Any

from webhooks.errors import Malformed


@dataclass(frozen=True)
class Message:
    """One verified message; `timestamp` is that of the attempt, in seconds since 1970."""

    id: str
    timestamp: int
    body: bytes

    def event(self) -> dict[str, Any]:
        """The body as an event.

        Raises:
            Malformed: it is not a JSON object with a `type`.
        """
        try:
            event = json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise Malformed("the body is signed but is not JSON") from error
        if not isinstance(event, dict) or not isinstance(event.get("type"), str):
            raise Malformed("the body is signed but is not an event: it has no type")
        return event
