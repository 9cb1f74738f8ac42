"""From an event's type to the functions that handle it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from webhooks.errors import ConfigurationError, Unreadable
from webhooks.message import Event

Handler = Callable[[Event[Any]], object]
Shape = Callable[[Any], object]
_PATTERN = re.compile(r"[A-Za-z0-9_.*-]+")


def check_pattern(pattern: object) -> None:
    """Raise ConfigurationError unless it is written as an event's type, or as several with `*`."""
    if not isinstance(pattern, str) or not _PATTERN.fullmatch(pattern):
        raise ConfigurationError(
            "an event type is letters, digits, _ and dots, with * for any of them,"
            " such as batch.* or batch.completed"
        )


def matches(type: str, pattern: str) -> bool:
    """Whether a pattern names an event's type; `*` is any run of letters."""
    return fnmatchcase(type, pattern)


@dataclass(frozen=True)
class _Route:
    pattern: str
    handler: Handler
    shape: Shape | None


class Routes:
    """Handlers in the order in which they were added."""

    def __init__(self) -> None:
        self._routes: list[_Route] = []

    def add(self, pattern: str, handler: Handler, shape: Shape | None) -> None:
        """Have a handler called for the types that a pattern matches; `*` is any run of letters.

        Raises:
            ConfigurationError: no type could ever match.
        """
        check_pattern(pattern)
        self._routes.append(_Route(pattern, handler, shape))

    def handle(self, event: Event[Any]) -> int:
        """Call each handler that wants the event, once; how many there were.

        Raises:
            Unreadable: a shape could not be made of the event's data.
            Exception: whatever a handler raises; those after it are not called.
        """
        calls = [(route.handler, _shaped(event, route.shape)) for route in self._wanted(event)]
        for handler, shaped in calls:
            handler(shaped)
        return len(calls)

    def _wanted(self, event: Event[Any]) -> Iterator[_Route]:
        called: list[Handler] = []
        for route in self._routes:
            if matches(event.type, route.pattern) and route.handler not in called:
                called.append(route.handler)
                yield route


def _shaped(event: Event[Any], shape: Shape | None) -> Event[Any]:
    if shape is None:
        return event
    try:
        return replace(event, data=shape(event.data))
    except Exception as error:  # of whatever library makes the shape
        raise Unreadable(
            f"the data of {event.type} is not of the shape that is expected"
        ) from error
