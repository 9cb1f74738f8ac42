"""Who waits for a prediction is woken when it has changed, where that happens in this process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue

from jobs.core.prediction import FINISHED, Prediction
from jobs.ports import Heard

MOST_ENDED = 4096
_Ears = SimpleQueue[Prediction | None]


class LocalNotices:
    """Between the threads of a process in which everything happens."""

    hears_all = True

    def __init__(self) -> None:
        self._following: dict[str, list[_Ears]] = {}
        #: what ended last: who begins to listen now has missed that
        self._ended: dict[str, None] = {}
        self._lock = threading.Lock()

    def tell(self, id: str, now: Prediction | None = None) -> None:
        """A prediction has changed; `now`: how it is."""
        with self._lock:
            following = list(self._following.get(id, ()))
            if _has_ended(now):
                self._ended[id] = None
                if len(self._ended) > MOST_ENDED:
                    del self._ended[next(iter(self._ended))]
        for ears in following:
            ears.put(now)

    def is_followed(self, id: str) -> bool:
        """Whether anybody listens."""
        return id in self._following

    @contextmanager
    def follow(self, id: str) -> Iterator[Heard]:
        """While the block runs, what is told of a prediction is heard."""
        ears: _Ears = SimpleQueue()
        with self._lock:
            self._following.setdefault(id, []).append(ears)
            if id in self._ended:
                ears.put(None)
        try:
            yield _hearing(ears)
        finally:
            with self._lock:
                left = [other for other in self._following[id] if other is not ears]
                if left:
                    self._following[id] = left
                else:
                    del self._following[id]


def _hearing(ears: _Ears) -> Heard:
    def heard(wait_s: float) -> Prediction | None:
        """Until something is told, or the time is over; how it is, if that was told."""
        now: Prediction | None = None
        with suppress(Empty):
            now = ears.get(timeout=max(0.0, wait_s))
            while not _has_ended(now):  # several changes are heard as one
                now = ears.get_nowait() or now
        return now

    return heard


def _has_ended(value: Prediction | None) -> bool:
    return value is not None and value.state in FINISHED


class NoNotices:
    """What happens in other processes is not heard here: whoever waits looks often."""

    hears_all = False

    def tell(self, id: str, now: Prediction | None = None) -> None:
        """Nobody hears it."""

    def is_followed(self, id: str) -> bool:
        """By nobody here."""
        return False

    @contextmanager
    def follow(self, id: str) -> Iterator[Heard]:
        """Nothing is heard, however long one waits."""
        yield _hearing(SimpleQueue())
