"""What a running prediction has given so far, on its way to those who wait for it."""

import threading
import time
from typing import Any

from jobs.core.prediction import Prediction
from jobs.ports import Clock, Store
from jobs.worker import staging

#: events of one prediction come no faster
COALESCE_S = 0.5
#: what it has given is written down no faster, nor for more than a tenth of the time
SAVE_S, SHARE = 0.05, 10


class Stream:
    """Events at most every half second; what there is, for those who listen, more often.

    Who listens in this process sees each item before it is kept.
    """

    def __init__(self, store: Store, value: Prediction, clock: Clock) -> None:
        self._store = store
        self._value = value
        self._clock = clock
        self._items: list[Any] = []
        self._told = 0.0
        self._lock = threading.Lock()
        self._next_save = 0.0
        self._saving: threading.Timer | None = None
        self._files = False

    def output(self, item: Any) -> None:
        """One more item of an iterator output."""
        with self._lock:
            self._items.append(item)
            self._files |= staging.has_files(item)  # which nobody can have before the end
            if self._files:
                return
            self._store.predictions.show(self._value, self._items)
            if self._due():
                self._tell("prediction.output", output=list(self._items))
                self._next_save = time.monotonic() + SAVE_S
            else:
                self._save_soon()

    def logs(self, text: str) -> None:
        """More of what the model prints."""
        with self._lock:
            if self._due():
                self._tell("prediction.logs", logs=text)

    def close(self) -> None:
        """It has ended: what is still to be saved will be saved with the end."""
        with self._lock:
            if self._saving is not None:
                self._saving.cancel()

    def _due(self) -> bool:
        return time.monotonic() - self._told >= COALESCE_S

    def _tell(self, type: str, **changes: Any) -> None:
        self._told = time.monotonic()
        self._store.predictions.tell(self._value, type, self._clock(), **changes)

    def _save_soon(self) -> None:
        """Now, or when it is time again: the last item of several is not left waiting."""
        wait_s = self._next_save - time.monotonic()
        if wait_s <= 0:
            self._save()
        elif self._saving is None:
            self._saving = threading.Timer(wait_s, self._save_late)
            self._saving.daemon = True
            self._saving.start()

    def _save_late(self) -> None:
        with self._lock:
            self._saving = None
            self._save()

    def _save(self) -> None:
        began = time.monotonic()
        self._store.predictions.save(self._value, output=list(self._items))
        ended = time.monotonic()
        self._next_save = ended + max(SAVE_S, SHARE * (ended - began))
