"""What was received: who says so, when, and the bytes that were signed."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, NamedTuple, NoReturn, TypeVar

from webhooks.errors import Unreadable

T_co = TypeVar("T_co", covariant=True)


class Message(NamedTuple):
    """One verified message.

    Attributes:
        id: the same on every attempt.
        timestamp: of the attempt, in seconds since 1970.
        body: the bytes that were signed.
        key: the name of the key that fitted, "" if it has none.
    """

    id: str
    timestamp: int
    body: bytes
    key: str = ""

    def event(self) -> "Event[Any]":
        """The body as an event.

        Raises:
            Unreadable: it is not a JSON object in UTF-8 with a `type`.
        """
        try:
            content = json.loads(self.body.decode(), parse_constant=_refuse)
        except (ValueError, RecursionError):
            raise Unreadable("the body is signed but is not JSON in UTF-8") from None
        if not isinstance(content, dict) or not isinstance(content.get("type"), str):
            raise Unreadable("the body is signed but is not an event: it has no type")
        return Event(
            id=self.id,
            type=content["type"],
            timestamp=_time(content.get("timestamp")),
            sequence=_number(content.get("sequence")),
            data=content.get("data"),
            content=content,
        )


@dataclass(frozen=True)
class Event(Generic[T_co]):
    """What happened, as the sender tells it.

    Attributes:
        id: of the message; the same on every attempt, so good as an idempotency key.
        type: dotted, such as `batch.completed`.
        timestamp: when it happened, if the sender says so in ISO 8601.
        sequence: its place among the events of its subject, if the sender counts them.
        data: what the sender put in `data`, or what a handler's `shape` made of it.
        content: the whole JSON object as it came.
    """

    id: str
    type: str
    timestamp: datetime | None
    sequence: int | None
    data: T_co
    content: dict[str, Any]


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _time(text: object) -> datetime | None:
    if not isinstance(text, str):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
