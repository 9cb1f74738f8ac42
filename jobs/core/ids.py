"""Ids that sort by time and cannot be guessed."""

import threading
from datetime import datetime

from jobs.core.chance import CHANCE

_BYTES, _STEP_BYTES = 10, 7
#: milliseconds whose last one is known: an event has the time of its cause, which may be the one
#: before, and the next batch this one again
_KNOWN = 64


class _Tails:
    """What follows the time: of ids of the same millisecond each is greater than those before."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: dict[int, int] = {}

    def next(self, at_ms: int) -> int:
        with self._lock:
            last = self._last.get(at_ms)
            tail = _random(_BYTES) if last is None else last + 1 + _random(_STEP_BYTES)
            if tail >> 8 * _BYTES:
                tail = _random(_BYTES)
            self._last[at_ms] = tail
            if len(self._last) > _KNOWN:
                del self._last[min(self._last)]
        return tail


def _random(size: int) -> int:
    return int(CHANCE.hex(size), 16)


_tails = _Tails()


def new_id(prefix: str, at: datetime) -> str:
    """`prefix_` + milliseconds in hex + 80 bits, which are random.

    What this process makes in one millisecond sorts in the order in which it was made.
    """
    at_ms = int(at.timestamp() * 1000)
    return f"{prefix}_{at_ms:012x}{_tails.next(at_ms):020x}"


def earliest_id(prefix: str, at: datetime) -> str:
    """What every id of that time and later is greater than."""
    return f"{prefix}_{int(at.timestamp() * 1000):012x}"
