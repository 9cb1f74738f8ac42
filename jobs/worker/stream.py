"""What a running prediction has given so far, on its way to those who wait for it."""

import threading
import time
from typing import Any

from jobs.core.prediction import Prediction
from jobs.ports import Clock, Store
from jobs.worker import staging
from jobs.worker.later import Later

#: events of one prediction come no faster
COALESCE_S = 0.5
#: what it has given is written down no faster, nor for more than a tenth of the time
SAVE_S, SHARE = 0.05, 10
OUTPUT, LOGS = "prediction.output", "prediction.logs"


class Stream:
    """Events at most every half second; what there is, for those who listen, more often.

    What an event is held back for is told when it is time, whether or not more comes. Who listens
    in this process sees each item before it is kept.
    """

    def __init__(self, store: Store, value: Prediction, clock: Clock) -> None:
        self._store = store
        self._value = value
        self._clock = clock
        self._items: list[Any] = []
        self._logs = ""
        #: types of events that are due, the one that waits for longest first
        self._owed: list[str] = []
        self._told = 0.0
        self._lock = threading.Lock()
        self._tell_late = Later(self._lock, self._tell_next)
        self._next_save = 0.0
        self._save_late = Later(self._lock, self._save)
        self._files = False

    def output(self, item: Any) -> None:
        """One more item of an iterator output."""
        with self._lock:
            self._items.append(item)
            self._files |= staging.has_files(item)  # which nobody can have before the end
            if self._files:
                return
            self._store.predictions.show(self._value, self._items)
            self._owe(OUTPUT)
            if OUTPUT in self._owed:
                self._save_soon()

    def logs(self, text: str) -> None:
        """More of what the model prints."""
        with self._lock:
            self._logs = text
            self._owe(LOGS)

    def close(self) -> None:
        """It has ended: what is still to be told will be told with the end."""
        with self._lock:
            self._save_late.end()
            self._tell_late.end()

    def _owe(self, type: str) -> None:
        if type not in self._owed:
            self._owed.append(type)
        self._tell_next()

    def _tell_next(self) -> None:
        """Tell of what waits for longest, if it is time; of the rest when it will be."""
        if time.monotonic() - self._told >= COALESCE_S:
            type = self._owed.pop(0)
            self._told = time.monotonic()
            if type == OUTPUT and not self._files:
                self._next_save = self._told + SAVE_S
                self._tell(type, output=list(self._items))
            elif type == LOGS:
                self._tell(type, logs=self._logs)
        if self._owed:
            self._tell_late.soon(self._told + COALESCE_S - time.monotonic())

    def _tell(self, type: str, **changes: Any) -> None:
        self._store.predictions.tell(self._value, type, self._clock(), **changes)

    def _save_soon(self) -> None:
        """Now, or when it is time again: the last item of several is not left waiting."""
        wait_s = self._next_save - time.monotonic()
        if wait_s <= 0:
            self._save()
        else:
            self._save_late.soon(wait_s)

    def _save(self) -> None:
        began = time.monotonic()
        self._store.predictions.save(self._value, output=list(self._items))
        ended = time.monotonic()
        self._next_save = ended + max(SAVE_S, SHARE * (ended - began))
