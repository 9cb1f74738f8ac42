"""Who waits for a prediction is woken when it has changed, where that happens in this process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue

from jobs.core.prediction import Prediction
from jobs.ports import Heard

_Ears = SimpleQueue[Prediction | None]


class LocalNotices:
    """Between the threads of a process in which everything happens."""

    hears_all = True

    def __init__(self) -> None:
        self._following: dict[str, list[_Ears]] = {}
        self._lock = threading.Lock()

    def tell(self, id: str, ended: Prediction | None = None) -> None:
        """A prediction has changed; `ended`: how it is, if it has ended."""
        with self._lock:
            following = list(self._following.get(id, ()))
        for ears in following:
            ears.put(ended)

    @contextmanager
    def follow(self, id: str) -> Iterator[Heard]:
        """While the block runs, what is told of a prediction is heard."""
        ears: _Ears = SimpleQueue()
        with self._lock:
            self._following.setdefault(id, []).append(ears)
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
        """Until something is told, or the time is over; its end, if that was told."""
        with suppress(Empty):
            ended = ears.get(timeout=max(0.0, wait_s))
            while ended is None:  # several changes are heard as one
                ended = ears.get_nowait()
            return ended
        return None

    return heard


class NoNotices:
    """What happens in other processes is not heard here: whoever waits looks often."""

    hears_all = False

    def tell(self, id: str, ended: Prediction | None = None) -> None:
        """Nobody hears it."""

    @contextmanager
    def follow(self, id: str) -> Iterator[Heard]:
        """Nothing is heard, however long one waits."""
        yield _hearing(SimpleQueue())


