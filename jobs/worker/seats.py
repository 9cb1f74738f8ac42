"""Who may run what came through a deployment: a worker that has one of its instances."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol


class Seats(Protocol):
    """What a worker asks before it takes work."""

    #: the classes of hardware that it serves; None: all
    served: frozenset[str] | None

    def preferred(self) -> frozenset[str]:
        """The versions that it had better go on with."""

    def seat(
        self, deployment: str | None, model: str, version: str
    ) -> AbstractContextManager[bool]:
        """Whether this worker may run it, which holds while the block runs."""

    def closed(self) -> frozenset[tuple[str, str]]:
        """Deployments and versions of which other workers have all instances, as far as known."""


class Unbound:
    """Whatever it is, it may be run here."""

    served: frozenset[str] | None = None

    def preferred(self) -> frozenset[str]:
        """None."""
        return frozenset()

    @contextmanager
    def seat(self, deployment: str | None, model: str, version: str) -> Iterator[bool]:
        """Always."""
        yield True

    def closed(self) -> frozenset[tuple[str, str]]:
        """None."""
        return frozenset()


UNBOUND = Unbound()
