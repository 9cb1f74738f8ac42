"""Telemetry that nobody reads: for tests, and wherever a part is used alone."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from jobs.core import context
from jobs.ports import Work


class Untold:
    """A piece of work of which nothing is kept but its place in a trace."""

    def __init__(self, traceparent: str | None) -> None:
        self.traceparent = traceparent

    def end(self, outcome: str = "ok") -> None:
        """Nothing."""


class Unwatched:
    """Hands traces on and keeps nothing."""

    @contextmanager
    def work(self, name: str, *, parent: str | None = None, **ids: object) -> Iterator[Work]:
        """Log lines carry the ids all the same."""
        with context.entered(ids, parent):
            yield Untold(parent)

    def begin(self, name: str, *, parent: str | None, **ids: object) -> Work:
        """Nothing is kept."""
        return Untold(parent)

    def request(self, method: str, route: str, *, parent: str | None, id: str) -> Work:
        """Nothing is kept."""
        return Untold(parent)

    def delivery(self, *, parent: str | None, **ids: object) -> Work:
        """Nothing is kept."""
        return Untold(parent)

    def micro_batch(self, rows: int) -> None:
        """Nothing is kept."""

    def committed(self, succeeded: int, errors: Mapping[str, int]) -> None:
        """Nothing is kept."""

    def busy(self, seconds: float) -> None:
        """Nothing is kept."""


UNWATCHED = Unwatched()
