"""A stretch of a long list: which one is asked for, and what was found there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True)
class Page:
    """`limit` things, after the one that `after` names or before the one that `before` names."""

    limit: int = 20
    after: str | None = None
    before: str | None = None


@dataclass(frozen=True)
class Which:
    """Which things of a list: in one of these states, of this model, made in a span of time.

    `since` is within the span, `until` is not. What is empty, or None, leaves all in.
    """

    states: tuple[str, ...] = ()
    model: str | None = None
    since: datetime | None = None
    until: datetime | None = None


ALL = Which()


@dataclass(frozen=True)
class Found(Generic[T]):
    """What stands on a page, and whether the list goes on at either end."""

    items: tuple[T, ...]
    earlier: bool = False
    later: bool = False

    def map(self, change: Callable[[T], U]) -> "Found[U]":
        """The same page with each thing changed."""
        return Found(tuple(map(change, self.items)), self.earlier, self.later)
