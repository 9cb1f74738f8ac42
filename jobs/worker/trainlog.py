"""What a training prints, on its way to those who wait for it."""

import threading
import time

from jobs.core.prediction import Prediction
from jobs.ports import Clock, Store
from jobs.worker.later import Later

#: written down no faster
SAVE_S = 0.5
#: An event holds all that was printed so far, and a training may print for a day: the next comes
#: after a twentieth of the time that it has taken by then, so that there are some hundreds of them.
EVENT_S, SHARE = 0.5, 20


class TrainLog:
    """Told by the host, from a thread of its own, all that was printed so far."""

    def __init__(self, store: Store, value: Prediction, clock: Clock) -> None:
        self._store = store
        self._value = value
        self._clock = clock
        self._began = time.monotonic()
        self._saved = self._told = 0.0
        self._lock = threading.Lock()
        self._late = Later(self._lock, self._save)
        #: what was told last
        self.text = ""

    def tell(self, text: str) -> None:
        """Save it, or when it is time again, whether or not more is printed; at times an event."""
        with self._lock:
            self.text = text
            wait_s = self._saved + SAVE_S - time.monotonic()
            if wait_s > 0:
                self._late.soon(wait_s)
            else:
                self._save()

    def close(self) -> None:
        """It has ended: what is still to be told will be told with the end."""
        with self._lock:
            self._late.end()

    def _save(self) -> None:
        self._saved = now = time.monotonic()
        if now - self._told < max(EVENT_S, (now - self._began) / SHARE):
            self._store.predictions.save(self._value, logs=self.text)
            return
        self._told = now
        at = self._clock()
        self._store.predictions.tell(self._value, "training.logs", at, logs=self.text)
