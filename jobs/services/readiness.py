"""Whether this process can do its work now: which of its parts it reaches."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

#: asked by anybody, without a token: the parts are not bothered more often
KEPT_S = 1.0


@dataclass(frozen=True)
class Report:
    """`status` is "ready", "degraded" (slower, nothing is refused) or "unavailable"."""

    status: str
    parts: Mapping[str, str]


class Readiness:
    """Tries each part.

    Args:
        needed: parts without which nothing works; a call that raises means it is away.
        helpful: parts whose absence costs time only.
    """

    def __init__(
        self,
        needed: Mapping[str, Callable[[], object]],
        helpful: Mapping[str, Callable[[], object]],
    ) -> None:
        self._needed = needed
        self._helpful = helpful
        self._lock = threading.Lock()
        self._until = 0.0
        self._report = Report("unavailable", {})

    def report(self) -> Report:
        """What was found a moment ago, or is found now."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._report = self._tried()
                self._until = time.monotonic() + KEPT_S
            return self._report

    def _tried(self) -> Report:
        needed = {name: _answers(part) for name, part in self._needed.items()}
        helpful = {name: _answers(part) for name, part in self._helpful.items()}
        status = "ready" if all(helpful.values()) else "degraded"
        if not all(needed.values()):
            status = "unavailable"
        words = {True: "ok", False: "unreachable"}
        parts = {name: words[good] for name, good in (needed | helpful).items()}
        return Report(status, parts)


def _answers(part: Callable[[], object]) -> bool:
    try:
        part()
    except Exception:
        return False
    return True
