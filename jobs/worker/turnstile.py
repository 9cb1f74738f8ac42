"""One at a time, in the order of coming; some may come first, and some beside others."""

import heapq
import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turnstile:
    """A lock that is fair: who lets go of it and wants it again waits behind the others."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: list[tuple[bool, int, str]] = []
        self._numbers = itertools.count()
        self._within = 0
        #: how many that come beside may be within; nobody else may be then
        self._room = 0

    @contextmanager
    def turn(self, *, first: bool = False, beside: bool = False, of: str = "") -> Iterator[None]:
        """Be the only one within; whoever comes `first` goes before all who do not.

        `of`: what it belongs to, see `is_wanted`. Who comes `beside` others may be there along with
        those that did so, too: see `share`.
        """
        with self._changed:
            ticket = (not first, next(self._numbers), of)
            heapq.heappush(self._waiting, ticket)
            self._changed.wait_for(lambda: self._waiting[0] == ticket and self._is_free(beside))
            heapq.heappop(self._waiting)
            self._within += 1
            self._changed.notify_all()  # the next one may come beside
        try:
            yield
        finally:
            with self._changed:
                self._within -= 1
                if not self._within:
                    self._room = 0
                self._changed.notify_all()

    def is_wanted(self, of: str) -> bool:
        """Whether anybody waits who does not belong to the same."""
        with self._changed:
            return any(other != of for *_, other in self._waiting)

    def _is_free(self, beside: bool) -> bool:
        return not self._within or (beside and self._within < self._room)

    def share(self, most: int) -> None:
        """Let others in that come beside, so many in all; for one who is within and came so."""
        with self._changed:
            self._room = most
            self._changed.notify_all()
