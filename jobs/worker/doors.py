"""How many threads of this process are at one kind of work, and that no ring for it is missed."""

import threading
from collections import Counter
from collections.abc import Hashable


class Doors:
    """Lets so many in for each key; who comes beyond that is not needed, but is not forgotten."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._most_of: dict[Hashable, int] = {}
        self._inside: Counter[Hashable] = Counter()
        self._turned_away: set[Hashable] = set()
        self._lock = threading.Lock()

    def enter(self, key: Hashable, most: int | None = None) -> bool:
        """Whether there is room; if not, one of those inside will look once more before it goes.

        `most`: how many may be inside for this key, as long as anybody is.
        """
        with self._lock:
            if most is not None:
                self._most_of[key] = most
            if self._is_full(key):
                self._turned_away.add(key)
                return False
            self._inside[key] += 1
            return True

    def turn_away(self, key: Hashable) -> bool:
        """Whether there is no room now; then one of those inside will look once more."""
        with self._lock:
            full = self._is_full(key)
            if full:
                self._turned_away.add(key)
            return full

    def _is_full(self, key: Hashable) -> bool:
        return self._inside[key] >= self._most_of.get(key, self._most)

    def leave(self, key: Hashable) -> bool:
        """Go out; False, and still inside, if somebody was turned away since it was last asked."""
        with self._lock:
            if key in self._turned_away:
                self._turned_away.discard(key)
                return False
            self._out(key)
            return True

    def rush_out(self, key: Hashable) -> None:
        """Go out whatever there is to do."""
        with self._lock:
            self._out(key)

    def _out(self, key: Hashable) -> None:
        self._inside[key] -= 1
        if not self._inside[key]:
            del self._inside[key]
            self._most_of.pop(key, None)
            self._turned_away.discard(key)
