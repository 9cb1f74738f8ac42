"""Quick predictions of one version: claimed together, run one by one, saved together."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from jobs.core.prediction import Prediction, Result, State
from jobs.core.version import Version
from jobs.ports import Clock, Store, Work
from jobs.worker.hold import canceled
from jobs.worker.leases import LEASE_S, Lease
from jobs.worker.predict import Predict, ending

#: predictions, when they ended, and how
Ends = Sequence[tuple[Prediction, datetime, State, dict[str, Any]]]
#: saves ends, and claims what the same worker runs next: those that were saved, and those to run
Go = Callable[[Ends], tuple[Sequence[Prediction | None], Sequence[Prediction]]]
#: what is not over by then was no burst: what has ended is saved, and what waits given back
PATIENCE_S = 0.3
#: what has ended waits no longer to be saved, unless the next one takes longer than was thought
SAVE_S = 0.03


class Burst:
    """Predictions whose leases this process holds; each is run as if it had come alone."""

    def __init__(
        self,
        store: Store,
        predict: Predict,
        begin: Callable[[Prediction], Work],
        clock: Clock,
        values: Sequence[Prediction],
        go_on: Go | None = None,
    ) -> None:
        """`go_on`: how the last ends are saved; None: as the others."""
        self._store = store.predictions
        self._go_on = go_on
        self._predict = predict
        self._clock = clock
        self._works = {value.id: begin(value) for value in values}
        self._waiting = deque(values)
        self._running: Prediction | None = None
        self._ended: list[tuple[Prediction, Result, datetime]] = []
        self._lock = threading.Lock()
        #: whether some were given back before they were begun
        self.left_some = False
        #: claimed when the last ones were saved
        self.next: Sequence[Prediction] = ()

    def run(self, version: Version, folder: Path, lease: Lease) -> None:
        """Run them; what has ended is saved whatever becomes of the others."""
        saved_at = time.monotonic()
        try:
            for value in self._each(lease):
                place = folder / value.id
                result = self._predict.attempt(value, version, place, lease.ended)
                if canceled(result) and not lease.stop.is_set():
                    return  # it did not run to its end, and nobody cancelled it
                with self._lock:
                    self._ended.append((value, result, self._clock()))
                    self._running = None
                if time.monotonic() - saved_at > SAVE_S and self._waiting:
                    self._save(stopped=lease.stop.is_set())
                    saved_at = time.monotonic()
            self._save(stopped=lease.stop.is_set(), last=not lease.ended())
        finally:
            self._save(stopped=lease.stop.is_set())

    def _each(self, lease: Lease) -> Iterator[Prediction]:
        while not lease.ended():
            with self._lock:
                if not self._waiting:
                    return
                self._running = value = self._waiting.popleft()
            yield value

    def renew(self) -> str:
        """Hold on to the one that runs, which takes longer than was thought."""
        self._give_back_waiting()
        self._save(stopped=False)
        with self._lock:
            running = self._running
        return self._store.renew(running, LEASE_S) if running is not None else "go"

    def give_back(self, *, tried: bool = False) -> None:
        """Leave what has not been saved to another worker.

        `tried`: the one that was begun stays an attempt, whose lease runs out.
        """
        self._give_back_waiting()
        with self._lock:
            left = [value for value, _, _ in self._ended]
            left += [self._running] if self._running is not None and not tried else []
            left += self.next
            self._ended, self._running, self.next = [], None, ()
        for value in left:
            self._store.give_back(value)

    def close(self) -> None:
        """Nothing more comes of those that did not end here."""
        for work in self._works.values():
            work.end("lost")

    def _give_back_waiting(self) -> None:
        with self._lock:
            waiting, self._waiting = list(self._waiting), deque()
            self.left_some = self.left_some or bool(waiting)
        for value in waiting:
            self._store.give_back(value)

    def _save(self, *, stopped: bool, last: bool = False) -> None:
        with self._lock:
            if not self._ended:
                return
            # only the last one can have been stopped: nothing is begun after it
            newest = len(self._ended) - 1
            ends = [
                (value, at, *ending(result, stopped=stopped and number == newest))
                for number, (value, result, at) in enumerate(self._ended)
            ]
            if last and self._go_on is not None:
                saved, self.next = self._go_on(ends)
            else:
                saved = self._store.finish_all(ends)
            self._ended = []
        for value, new in zip((end[0] for end in ends), saved, strict=True):
            self._works[value.id].end(new.state.value if new is not None else "lost")
