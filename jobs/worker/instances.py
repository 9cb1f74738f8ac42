"""The instances that this worker has: taken on for work or to be kept warm, let go when idle."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from jobs.core.deployment import Demand
from jobs.core.errors import JobsError, NotFound
from jobs.core.ids import new_id
from jobs.core.instance import Instance, Reason, State
from jobs.core.version import Version
from jobs.ports import Clock, Store
from jobs.worker.drain import Drain
from jobs.worker.leases import LEASE_S
from jobs.worker.warm import Warm

#: how often it is looked whether work waits for an idle instance, whose ring another worker heard
BEAT_S = 0.25
#: how often the instances are renewed: three times while a lease lasts, and once more
RENEW_S = 2.0
#: how often an instance that idled for long enough asks whether it is to go
ASK_S = 1.0
#: a version that cannot be set up here is left to others for so long
FAILED_S = 30.0
#: for so long it is believed that other workers have all instances
CLOSED_S = 2.0
#: a deployment, a model, a version
Key = tuple[str, str, str]
log = logging.getLogger(__name__)


@dataclass
class _Held:
    """One instance; `users` run something with it, or are about to."""

    instance: Instance
    users: int = 0
    is_up: bool = False
    #: a thread loads its model, or looks for work for it
    is_tended: bool = False
    idle_since: float = field(default_factory=time.monotonic)
    ask_at: float = 0.0
    #: there are more than the deployment allows by now: it takes nothing new
    is_surplus: bool = False

    @property
    def state(self) -> State:
        """As its worker tells it."""
        if not self.is_up:
            return State.SETTING_UP
        return State.PROCESSING if self.users else State.IDLE

    @property
    def key(self) -> Key:
        """What it runs."""
        return self.instance.deployment, self.instance.model, self.instance.version


class Instances:
    """At most `most` of them, but for work that finds no room; each keeps a host warm.

    Args:
        worker: the name by which this process is known.
        idle_s: one that is not needed stops after so long without work.
        run: runs a prediction.
    """

    def __init__(
        self,
        store: Store,
        warm: Warm,
        drain: Drain,
        clock: Clock,
        *,
        worker: str,
        most: int,
        idle_s: float,
        run: Callable[[str], object] = bool,
    ) -> None:
        self._store = store
        self._warm = warm
        self.served = warm.served
        self._drain = drain
        self._clock = clock
        self._worker = worker
        self._most = most
        self._idle_s = idle_s
        self._run = run
        self._lock = threading.Lock()
        self._held: dict[Key, _Held] = {}
        self._failed: dict[Key, float] = {}
        self._closed: dict[tuple[str, str], float] = {}
        self._renew_at = 0.0
        warm.loaded = self._loaded

    def answer(self, deployment: str) -> None:
        """Take on what is wanted of a deployment and nobody has, as far as there is room."""
        for demand in self._store.instances.demands(deployment):
            if demand.instances < demand.wanted and self._serves(demand.hardware):
                with suppress(NotFound):  # deleted meanwhile
                    self._take_on(demand)

    def _serves(self, hardware: str | None) -> bool:
        return self.served is None or hardware is None or hardware in self.served

    def _take_on(self, demand: Demand) -> None:
        key = (demand.deployment, demand.model, demand.version)
        if time.monotonic() < self._failed.get(key, 0.0):
            return
        with self._lock:
            if key in self._held:
                return
            held = self._claimed(key, demand.wanted)
            if held is None:
                return
            held.is_tended = True
        self._load(held)

    @contextmanager
    def seat(self, deployment: str | None, model: str, version: str) -> Iterator[bool]:
        """Whether this worker has an instance of it, or could take one on; held for the block."""
        held: _Held | None = None
        if deployment is not None:
            try:
                held = self._entered((deployment, model, version))
            except NotFound:  # deleted while this was on its way: nothing bounds it any more
                deployment = None
        try:
            yield deployment is None or held is not None
        finally:
            if held is not None:
                with self._lock:
                    held.users -= 1
                    held.idle_since = time.monotonic()

    def preferred(self) -> frozenset[str]:
        """The versions that are better gone on with."""
        return self._warm.preferred()

    def closed(self) -> frozenset[tuple[str, str]]:
        """Deployments and versions of which others had all instances a moment ago."""
        now = time.monotonic()
        with self._lock:
            self._closed = {key: until for key, until in self._closed.items() if until > now}
            return frozenset(self._closed)

    def _entered(self, key: Key) -> _Held | None:
        with self._lock:
            held = self._held.get(key) or self._claimed(key, None)
            if held is None or held.is_surplus:
                self._closed[key[0], key[2]] = time.monotonic() + CLOSED_S
                return None
            held.users += 1
        if self._warm.is_up(key[2]):
            self._try_up(held)
        return held

    def _claimed(self, key: Key, most: int | None) -> _Held | None:
        """A new instance, with the lock; `most`: as many as are wanted, where no work asks."""
        deployment, model, version = key
        if self._drain.ending.is_set() or not (self._has_room() or most is None):
            return None
        at = self._clock()
        new = Instance(
            id=new_id("inst", at),
            deployment=deployment,
            model=model,
            version=version,
            worker=self._worker,
            created_at=at,
        )
        if not self._store.instances.claim(new, LEASE_S, most):
            return None
        self._held[key] = _Held(new)
        self._warm.keep(version)
        return self._held[key]

    def _has_room(self) -> bool:
        """Whether there is a place, perhaps that of one which idles beyond its minimum."""
        if len(self._held) < self._most:
            return True
        idle = [held for held in self._held.values() if held.is_up and not held.users]
        for held in sorted(idle, key=lambda one: one.idle_since):
            demand = self._demand(held.key)
            if self._retired(held, demand.least if demand else 0, Reason.CROWDED_OUT):
                return True
        return False

    def _demand(self, key: Key) -> Demand | None:
        found: list[Demand] = self._store.instances.demands(key[0])
        same = (one for one in found if (one.deployment, one.model, one.version) == key)
        return next(same, None)

    def _retired(self, held: _Held, keep: int, reason: Reason) -> bool:
        """Let it go unless it is one of so many, with the lock."""
        if not self._store.instances.retire(held.instance.id, keep, reason):
            return False
        self._drop(held)
        return True

    def _drop(self, held: _Held) -> None:
        """Forget it, with the lock; its host ends in a thread of its own: it may take a while."""
        if self._held.get(held.key) is held:
            del self._held[held.key]
            version = held.instance.version
            threading.Thread(target=self._warm.let_go, args=(version,), daemon=True).start()

    def _load(self, held: _Held) -> None:
        """Have its model loaded; one that cannot be is left to other workers."""
        try:
            version: Version = self._store.models.version(held.instance.version, held.key[1])
            with self._warm.host(version):
                pass
            self._up(held)
        except (JobsError, OSError) as error:
            log.warning("an instance of %s cannot be set up: %s", held.key[0], error)
            self._failed[held.key] = time.monotonic() + FAILED_S
            with self._lock:
                self._store.instances.stop([held.instance.id], Reason.SETUP_FAILED)
                self._drop(held)
        finally:
            held.is_tended = False

    def _loaded(self, version: str) -> None:
        """A model of this process was loaded, whoever wanted it."""
        with self._lock:
            found = [held for held in self._held.values() if held.instance.version == version]
        for held in found:
            self._try_up(held)

    def _try_up(self, held: _Held) -> None:
        """Trouble in here is no trouble of the work: the next beat tells it."""
        try:
            self._up(held)
        except JobsError as error:
            log.warning("an instance is not told to be up: %s", error)

    def _up(self, held: _Held) -> None:
        if not held.is_up:
            self._store.instances.ready(held.instance.id)
            held.idle_since = time.monotonic()
            held.is_up = True

    def beat(self) -> None:
        """Again and again: find work, hold on to what is there, let go of what is not needed."""
        with self._lock:
            held = list(self._held.values())
        if not held or self._drain.hurry.is_set():
            return
        now = time.monotonic()
        if now >= self._renew_at:
            self._renew_at = now + RENEW_S
            self._renew(held)
        for one in held:
            self._tend(one)
            is_due = now >= max(one.ask_at, one.idle_since + self._idle_s)
            if one.is_up and not one.users and is_due:
                one.ask_at = now + ASK_S
                self._ask(one)

    def _renew(self, held: list[_Held]) -> None:
        states = {one.instance.id: one.state for one in held}
        kept = self._store.instances.renew(states, LEASE_S)
        with self._lock:
            for one in held:
                if one.instance.id not in kept:
                    log.warning("an instance of %s was given up for lost", one.key[0])
                    self._drop(one)
        for one in held:
            self._bound(one)

    def _bound(self, one: _Held) -> None:
        """Let it go if the deployment may have fewer by now; what it runs is run to its end."""
        demand = self._demand(one.key)
        one.is_surplus = demand is not None and demand.instances > demand.most
        with self._lock:
            if one.is_surplus and demand is not None and not one.users:
                self._retired(one, demand.most, Reason.OUT_OF_BOUNDS)

    def _tend(self, one: _Held) -> None:
        """Load its model again if that is gone, or run what waits for it, in a thread."""
        if one.is_tended or one.users or one.is_surplus or self._drain.ending.is_set():
            return
        if self._warm.is_up(one.instance.version):
            if not one.is_up:
                self._up(one)
            id = self._store.predictions.waiting(*one.key)
            if id is not None:
                self._threaded(one, lambda: self._run(id))
        else:
            one.is_up = False
            self._threaded(one, lambda: self._load(one))

    def _threaded(self, one: _Held, do: Callable[[], object]) -> None:
        def run() -> None:
            try:
                do()
            except Exception:
                log.exception("work of an instance failed; it is due again")
            finally:
                one.is_tended = False

        one.is_tended = True
        threading.Thread(target=run, name="instance", daemon=True).start()

    def _ask(self, one: _Held) -> None:
        """Let it go if fewer are wanted than there are."""
        demand = self._demand(one.key)
        with self._lock:
            if not one.users:
                self._retired(one, demand.wanted if demand else 0, Reason.IDLE)

    def close(self) -> None:
        """This worker ends: others may take on what it had at once."""
        with self._lock:
            ids = [held.instance.id for held in self._held.values()]
            for held in list(self._held.values()):
                self._drop(held)
        if ids:
            self._store.instances.stop(ids, Reason.WORKER_ENDED)
