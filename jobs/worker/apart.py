"""Quick predictions that go to the model together; what one of them costs, no other pays."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from jobs.core.errors import HostLost, SetupFailed
from jobs.core.prediction import Failed, Prediction, Result
from jobs.core.version import Version
from jobs.ports import Clock, Store, Work
from jobs.worker import rows
from jobs.worker.hold import CANCELED
from jobs.worker.leases import LEASE_S, Lease
from jobs.worker.predict import Predict, ending

#: a model that lets nobody know for so many renewals how far it is is left to others
MOST_LOOKS = 3


class Apart:
    """Predictions whose leases this process holds, in the order in which the model has them.

    Those that have ended are saved at once when one of them takes long; those behind that one are
    given back, and it goes on as if it had come alone.
    """

    def __init__(
        self,
        store: Store,
        predict: Predict,
        begin: Callable[[Prediction], Work],
        clock: Clock,
        values: Sequence[Prediction],
    ) -> None:
        self._store = store.predictions
        self._predict = predict
        self._clock = clock
        self._works = deque(map(begin, values))
        self._values = values
        self._open = deque(values)
        self._lock = threading.Lock()
        #: the one that takes long, once that is known
        self._running: Prediction | None = None
        self._looked, self._is_given_up = 0, False

    def run(self, version: Version, folder: Path, lease: Lease) -> Sequence[Prediction]:
        """Those that are to be run one by one: the model ended, or they would not be told apart."""

        def ended() -> bool:
            return self._is_given_up or lease.ended()

        try:
            for results in self._predict.apart(self._values, version, folder, ended):
                self._save(results, stopped=lease.stop.is_set())
        except (HostLost, SetupFailed) as error:
            if self._running is None:
                return self._rest()
            lost = isinstance(error, HostLost)
            one = rows.failed(error) if lost else rows.setup_failed(error)  # type: ignore[arg-type]
            self._save([one], stopped=lease.stop.is_set())
        if self._running is not None and lease.stop.is_set():
            self._save([Failed(CANCELED, "the prediction was cancelled")], stopped=True)
        return () if ended() else self._rest()

    def _rest(self) -> Sequence[Prediction]:
        with self._lock:
            rest, self._open = list(self._open), deque()
        return rest

    def _save(self, results: Sequence[Result], *, stopped: bool) -> None:
        ends: list[tuple[Prediction, datetime, Any, dict[str, Any]]] = []
        works: list[Work] = []
        with self._lock:
            self._running = None
            # there are none if they were given up
            for result in results[: len(self._open)]:
                value = self._open.popleft()
                ends.append((value, self._clock(), *ending(result, stopped=stopped)))
                works.append(self._works.popleft())
            behind = list(self._open)[1:]
            if self._open:
                self._running = self._open[0]
                self._open = deque([self._running])
        saved = self._store.finish_all(ends) if ends else ()
        for work, new in zip(works, saved, strict=True):
            work.end("lost" if new is None else new.state.value)
        for value in behind:
            self._store.give_back(value)

    def renew(self) -> str:
        """Hold on to the one that takes long; if nobody knows which it is, to all, for a while."""
        with self._lock:
            running, held = self._running, list(self._open)
        if running is not None:
            return str(self._store.renew(running, LEASE_S))
        self._looked += 1
        if self._looked > MOST_LOOKS:
            self._is_given_up = True
            self.give_back()
            return "go"
        for value in held:
            self._store.renew(value, LEASE_S)
        return "go"

    def give_back(self) -> None:
        """Leave what has not ended to another worker."""
        for value in self._rest():
            self._store.give_back(value)
