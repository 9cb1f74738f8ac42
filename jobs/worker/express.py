"""Quick predictions whose makers wait: run at once, and written down once, together with their end.

Until then nobody was told of them: who is killed meanwhile loses what nobody was promised. One that
takes longer than was thought is kept then, as any other is.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, cast

from jobs.core.prediction import Kind, Prediction, State
from jobs.core.version import Version
from jobs.ports import Bell, Clock, Store
from jobs.worker import staging
from jobs.worker.burst import PATIENCE_S, Ends
from jobs.worker.leases import Lease
from jobs.worker.pace import MOST
from jobs.worker.scratch import scratch
from jobs.worker.together import Together, streams

if TYPE_CHECKING:
    from datetime import datetime

#: a thread that had nothing to do for so long ends
IDLE_S = 10.0
log = logging.getLogger(__name__)
#: versions that are remembered
KEPT = 64


#: how a prediction is once it is kept, or why it is not
Told = Prediction | BaseException


class Ticket:
    """One prediction, whose maker waits to hear that it is kept."""

    def __init__(
        self, value: Prediction, request_hash: str, then: Callable[[Told], None] | None = None
    ) -> None:
        """`then`: called with what is told, by whoever tells it; it is to be quick."""
        self.value = value
        self.request_hash = request_hash
        self._heard = SimpleQueue[Told]()
        self._then = then or self._heard.put
        self.is_told = False

    def tell(self, what: Told) -> None:
        """It is kept, and this is how it is by then; or this is why it is not. The first counts."""
        if not self.is_told:
            self.is_told = True
            try:
                self._then(what)
            except Exception:  # nobody else's is to be lost for that
                log.exception("who waits for a prediction could not be told")

    def heard(self) -> Prediction:
        """Wait for that; raises what was told."""
        told = self._heard.get()
        if isinstance(told, BaseException):
            raise told
        return told


class Unkept:
    """What of a store's predictions a burst uses, for predictions that are not kept yet."""

    def __init__(self, store: Store, bell: Bell, clock: Clock, tickets: Sequence[Ticket]) -> None:
        self._store = store.predictions
        self._bell = bell
        self._clock = clock
        self._tickets = {ticket.value.id: ticket for ticket in tickets}
        self._kept: set[str] = set()
        #: whoever keeps one says so before anybody else looks
        self._lock = threading.Lock()

    @property
    def predictions(self) -> "Unkept":
        """As a store names it."""
        return self

    def begun(self) -> Iterator[Prediction]:
        """All of them, as whoever runs them holds them."""
        at = self._clock()
        return (ticket.value.begun(at) for ticket in self._tickets.values())

    def finish_all(self, ends: Ends) -> list[Prediction | None]:
        """Save the ends of several; None for each that was fenced."""
        with self._lock:
            kept = sum(end[0].id in self._kept for end in ends)
            if not kept:
                return self._keep_ended(ends)
            if kept == len(ends):
                return list(self._store.finish_all(ends))
            return [self._finished(end) for end in ends]

    def _finished(self, end: "tuple[Prediction, datetime, State, dict[str, Any]]") -> Any:
        """The end of one, when not all of them are new."""
        if end[0].id not in self._kept:
            return self._keep_ended([end])[0]
        return self._store.finish_all([end])[0]

    def _keep_ended(self, ends: Ends) -> list[Prediction | None]:
        hashes = [self._tickets[end[0].id].request_hash for end in ends]
        saved: list[Prediction] = self._store.keep_ended(ends, hashes)
        for new in saved:
            self._is_kept(new)
        return list(saved)

    def _is_kept(self, value: Prediction) -> None:
        self._kept.add(value.id)
        self._tickets[value.id].tell(value)

    def renew(self, value: Prediction, lease_s: float) -> str:
        """Hold on to one that runs, which is kept by now; answers "go", "stop" or "lost"."""
        with self._lock:
            if value.id not in self._kept:
                self._keep_begun(value, lease_s)
                return "go"
        return str(self._store.renew(value, lease_s))

    def _keep_begun(self, value: Prediction, lease_s: float) -> None:
        self._store.keep_begun(value, lease_s, self._tickets[value.id].request_hash)
        self._is_kept(value)

    def give_back(self, value: Prediction) -> None:
        """Leave it to any worker: from now on it waits as others do."""
        with self._lock:
            if value.id in self._kept:
                self._store.give_back(value)
                return
            new = self._tickets[value.id].value
            self._store.create(new, request_hash=self._tickets[value.id].request_hash)
            self._is_kept(new)
        self._bell.ring("prediction", new.id, new.hardware, new.kind)


class Lane:
    """Those of one version: whoever waits makes the next lot."""

    def __init__(
        self,
        singles: Together,
        store: Store,
        bell: Bell,
        clock: Clock,
        version: Version,
    ) -> None:
        self._singles = singles
        self._store = store
        self._bell = bell
        self._clock = clock
        self.version = version
        #: whether any of it can be run so
        self.fits = not (staging.uri_fields(version.schema or {}) or streams(version))
        self._waiting = SimpleQueue[Ticket]()
        #: held by the one thread that runs them; a lot is the larger the longer its turn takes
        self._thread = threading.Lock()
        #: whether a lot is being run; whether it takes longer than was thought
        self.is_at_work = self._is_slow = False

    def begin(self, ticket: Ticket) -> bool:
        """Run it, and tell what comes of it; False: it cannot be, and nothing was done."""
        if self._is_slow:
            return False
        self._waiting.put(ticket)
        if self._thread.acquire(blocking=False):
            threading.Thread(target=self._work, name="express", daemon=True).start()
        if self._is_slow:  # and was so when nobody could know of this one
            self._give_back_waiting()
        return True

    def _work(self) -> None:
        try:
            while lot := self._next():
                self._run(lot)
        finally:
            self._thread.release()
            if not self._waiting.empty():  # it came when this thread was about to end
                self._give_back_waiting()

    def _next(self) -> list[Ticket]:
        """Those that wait; none if none came for a while."""
        lot = list[Ticket]()
        with suppress(Empty):
            lot.append(self._waiting.get(timeout=IDLE_S))
            most = self._most()
            while len(lot) < most:
                lot.append(self._waiting.get_nowait())
        return lot

    def _most(self) -> int:
        return min(MOST, self._singles.pace(self.version))

    def _run(self, lot: Sequence[Ticket]) -> None:
        unkept = Unkept(self._store, self._bell, self._clock, lot)
        values = list(unkept.begun())
        self.is_at_work = True
        try:
            left = values if len(values) == 1 else self._run_apart(values, unkept)
            if left:
                self._run_each(left, unkept)
        except Exception as error:
            for ticket in lot:  # those that could not be kept were not made
                ticket.tell(error)
        finally:
            self.is_at_work = self._is_slow = False

    def _run_each(self, values: Sequence[Prediction], unkept: Unkept) -> None:
        burst = self._singles.burst(cast("Store", unkept), values, None)
        held = (partial(self._renew, burst.renew), burst.give_back, self._singles.drain)
        try:
            with scratch("predictions") as folder, Lease(*held, first_s=PATIENCE_S) as lease:
                burst.run(self.version, folder, lease)
        finally:
            burst.give_back()  # what is left, if anything
            burst.close()

    def _run_apart(self, values: Sequence[Prediction], unkept: Unkept) -> Sequence[Prediction]:
        """Have the model make all of them with one journey there; those that are left."""
        lot = self._singles.apart(cast("Store", unkept), values)
        held = (partial(self._renew, lot.renew), lot.give_back, self._singles.drain)
        with scratch("predictions") as folder, Lease(*held, first_s=PATIENCE_S) as lease:
            try:
                return lot.run(self.version, folder, lease)
            finally:
                lot.give_back()  # what is left, if anything

    def _renew(self, renew: Callable[[], str]) -> str:
        """They take longer than was thought: from now on they are kept, and nobody waits behind."""
        self._is_slow = True
        self._give_back_waiting()
        return renew()

    def _give_back_waiting(self) -> None:
        """Nobody knows when it would be their turn: they wait as others do."""
        try:
            while True:
                ticket = self._waiting.get_nowait()
                unkept = Unkept(self._store, self._bell, self._clock, [ticket])
                try:
                    unkept.give_back(ticket.value)
                except Exception as error:
                    ticket.tell(error)
        except Empty:
            pass


class Express:
    """The lanes of a process that is API and worker in one."""

    def __init__(self, singles: Together, store: Store, bell: Bell, clock: Clock) -> None:
        self._singles = singles
        self._made = (singles, store, bell, clock)
        self._lanes: dict[Kind, Lane] = {}
        self._lock = threading.Lock()

    def run(self, value: Prediction, version: Version, request_hash: str) -> Prediction | None:
        """Run a new prediction that nobody has kept, and keep it.

        Returns how it ended, or, if it takes longer, how it is by then; None: it cannot be run at
        once, and nothing was done.
        """
        ticket = Ticket(value, request_hash)
        return ticket.heard() if self._begin(ticket, version) else None

    def begin(
        self,
        value: Prediction,
        version: Version,
        request_hash: str,
        then: Callable[[Told], None],
    ) -> bool:
        """The same without waiting: `then` is told, or why it could not be kept.

        False: it cannot be run at once, and nothing was done.
        """
        return self._begin(Ticket(value, request_hash, then), version)

    def _begin(self, ticket: Ticket, version: Version) -> bool:
        kind = ticket.value.kind
        lane = self._lane(kind, version)
        # of one that runs others it is known
        known = lane.is_at_work and not self._singles.drain.ending.is_set()
        if not known and not self._singles.is_free(kind, version):
            return False
        return lane.fits and lane.begin(ticket)

    def _lane(self, kind: Kind, version: Version) -> Lane:
        lane = self._lanes.get(kind)
        if lane is None or lane.version is not version:
            with self._lock:
                lane = self._lanes[kind] = Lane(*self._made, version)
                for old in list(self._lanes)[:-KEPT]:
                    del self._lanes[old]
        return lane
