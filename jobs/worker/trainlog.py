"""What a training prints, on its way to those who wait for it."""

import threading
import time

from jobs.core.prediction import Prediction
from jobs.ports import Clock, Store

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
        #: what was told last
        self.text = ""

    def tell(self, text: str) -> None:
        """Save it, unless that was done a moment ago; at times with an event."""
        with self._lock:
            self.text, now = text, time.monotonic()
            if now - self._saved < SAVE_S:
                return
            self._saved = now
            if now - self._told < max(EVENT_S, (now - self._began) / SHARE):
                self._store.predictions.save(self._value, logs=text)
                return
            self._told = now
            self._store.predictions.tell(self._value, "training.logs", self._clock(), logs=text)
