"""Model hosts that are kept warm, so that a version is set up once and used often."""

import errno
import logging
import os
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from jobs.core.errors import HostLost, SetupFailed
from jobs.core.version import Version
from jobs.ports import Host, Hosts, Task, Telemetry
from jobs.worker import room
from jobs.worker.bundles import Bundles
from jobs.worker.respawn import Respawn
from jobs.worker.sizes import Sizes
from jobs.worker.turnstile import Turnstile
from jobs.worker.unwatched import UNWATCHED

#: what is warm is preferred for so many times as long as the last setup took: of the time of a
#: worker, going from model to model costs a fifth at most
STAY = 4.0
#: a model that idled so long is asked for its health before it is used
ASK_AFTER_S = 10.0
log = logging.getLogger(__name__)


@dataclass
class _Slot:
    """One version's host; `users` have it or wait for it."""

    turnstile: Turnstile = field(default_factory=Turnstile)
    host: Host | None = None
    users: int = 0
    respawn: Respawn = field(default_factory=Respawn)
    #: when the host last did something, on the monotonic clock
    used_at: float = 0.0
    #: of the host's busy seconds, what has been told
    told_s: float = 0.0
    #: held by whoever looks after the host
    lock: threading.Lock = field(default_factory=threading.Lock)

    def lose(self, *, counts: bool = True) -> None:
        """End the host; `counts`: by its own fault."""
        if self.host is not None:
            self.host.close()
            self.host = None
        if counts:
            self.respawn.lost()

    def failed(self, host: Host, error: BaseException) -> None:
        """What its user did with a host ended so: it is lost, unless others go on with it."""
        with self.lock:
            is_lost = isinstance(error, HostLost)
            if self.host is host and (is_lost or host.at_once == 1):
                self.lose(counts=is_lost)

    def new_busy_s(self, host: Host) -> float:
        """How long the host has computed since this was last asked, whoever had it."""
        with self.lock:
            if self.host is not host:
                return 0.0
            before, self.told_s = self.told_s, host.busy_s
            return self.told_s - before


class Warm:
    """At most `most` hosts that nobody uses; one piece of work uses a host at a time.

    `served`: the classes of hardware that this worker serves; None: all.
    """

    def __init__(
        self,
        hosts: Hosts,
        bundles: Bundles,
        scratch: Path,
        *,
        threads: int,
        setup_timeout_s: float,
        most: int = 2,
        served: frozenset[str] | None = None,
        telemetry: Telemetry = UNWATCHED,
    ) -> None:
        self.served = served
        #: of its hosts, and of those who use them
        self.telemetry = telemetry
        self._hosts = hosts
        self._bundles = bundles
        self._scratch = scratch
        self._threads = threads
        self._setup_timeout_s = setup_timeout_s
        self._most = most
        self._pause: Callable[[float], None] = time.sleep
        self._slots: dict[str, _Slot] = {}
        self._lock = threading.Lock()
        self._stay_until = 0.0
        self._kept: Counter[str] = Counter()
        self.sizes = Sizes()
        #: called with a version once its model was loaded here
        self.loaded: Callable[[str], object] = bool

    def preferred(self) -> frozenset[str]:
        """The versions that are better gone on with: those that are warm, for a while."""
        if time.monotonic() > self._stay_until:
            return frozenset()
        with self._lock:
            return frozenset(id for id, slot in self._slots.items() if slot.host is not None)

    @contextmanager
    def host(
        self, version: Version, *, first: bool = False, beside: bool = False, of: str = ""
    ) -> Iterator[Host]:
        """The version's host, for one turn, which is `of` a batch.

        Who waits for it gets it in turn, after those who come `first`. Those who come `beside`
        others have it together, if it runs several predictions at once.

        A host that was lost meanwhile (HostLost passes through here) is replaced next time.

        Raises:
            SetupFailed: the model cannot be loaded.
            OSError: the disk is full, which may be why it cannot be loaded.
        """
        slot = self._taken(version.id)
        try:
            with slot.turnstile.turn(first=first, beside=beside, of=of):
                with slot.lock:
                    host = self._well(slot) or self._loaded(slot, version)
                if beside:
                    slot.turnstile.share(host.at_once)
                try:
                    yield host
                    slot.respawn.well()
                except GeneratorExit:  # whoever took results stopped taking them: no fault of its
                    raise
                except BaseException as error:
                    slot.failed(host, error)
                    raise
                finally:
                    slot.used_at = time.monotonic()
                    self.telemetry.busy(slot.new_busy_s(host))
        finally:
            self._given_back(slot)

    @contextmanager
    def trainer(self, version: Version, into: Path | None) -> Iterator[Host]:
        """A host of the version's train(), for one training; before it all idle ones are ended.

        It works in a copy of the version's folder, `into`: weights are often written beside the
        code, and predictions of the version are not to find them there. Without, it is only looked
        at.

        Raises:
            SetupFailed: there is no train(), or it cannot be loaded.
            OSError: the disk is full.
        """
        if into is not None:
            self._end_idle()
        slot = self._taken(version.id)
        try:
            folder = self._bundles.folder(version, self._in_use)
            if into is not None:
                folder = Path(shutil.copytree(folder, into))
            with self.telemetry.work("setup", version=version.id):
                host = self._loaded_from(folder, version, "train")
            try:
                yield host
            finally:
                host.close()
                self.telemetry.busy(host.busy_s)
        finally:
            self._given_back(slot)

    def _end_idle(self) -> None:
        with self._lock:
            idle = [key for key, slot in self._slots.items() if not slot.users]
            closing = [self._slots.pop(key) for key in idle]
        for slot in closing:
            slot.lose(counts=False)

    def _well(self, slot: _Slot) -> Host | None:
        """The slot's host, if it can be used; one that idled is asked how it is."""
        if slot.host is None or not slot.host.alive:
            return None
        if time.monotonic() - slot.used_at < ASK_AFTER_S:
            return slot.host
        try:
            fault = slot.host.fault()
        except HostLost as lost:
            fault = str(lost)
        if fault is None:
            return slot.host
        log.warning("a model is loaded again: %s", fault)
        slot.lose()
        return None

    def _loaded(self, slot: _Slot, version: Version) -> Host:
        """A new host in the slot, after a pause if it keeps on being lost."""
        self._pause(slot.respawn.wait_s())
        with self.telemetry.work("setup", version=version.id):
            try:
                slot.host, slot.told_s = self._started(version), 0.0
            except SetupFailed:
                slot.respawn.lost()
                raise
        self.loaded(version.id)
        return slot.host

    def is_wanted(self, version: Version, of: str) -> bool:
        """Whether anybody waits for the version's host who is not `of` the same batch."""
        with self._lock:
            slot = self._slots.get(version.id)
        return slot is not None and slot.turnstile.is_wanted(of)

    def is_up(self, id: str) -> bool:
        """Whether a version is loaded, and its process lives."""
        with self._lock:
            slot = self._slots.get(id)
        host = slot.host if slot else None
        return host is not None and host.alive

    def keep(self, id: str) -> None:
        """No other version crowds this one out, until it is let go as often as it was kept."""
        with self._lock:
            self._kept[id] += 1

    def let_go(self, id: str) -> None:
        """End its host, if nobody else keeps or uses it."""
        with self._lock:
            self._kept[id] -= 1
            slot = self._slots.get(id)
            ends = slot is not None and not slot.users and not self._kept[id]
            old = self._slots.pop(id) if ends else None
        if old is not None and old.host is not None:
            old.host.close()

    def shares(self, version: Version) -> bool:
        """Whether items of the version may share a pass; no, as long as it is not loaded."""
        return self.pass_rows(version) > 0

    def pass_rows(self, version: Version) -> int:
        """How many share a pass by now; 0 if none ever do, or as long as it is not loaded."""
        with self._lock:
            slot = self._slots.get(version.id)
        rows = 0 if slot is None or slot.host is None else slot.host.pass_rows
        return max(rows, self.sizes.of(version.id).begin) if rows else 0

    def at_once(self, version: Version) -> int:
        """How many predictions run at once, each for itself; 0 as long as it is not loaded."""
        with self._lock:
            slot = self._slots.get(version.id)
            return 0 if slot is None or slot.host is None else slot.host.at_once

    def check_room(self) -> None:
        """Raise OSError if the disk that models write to is full."""
        for folder in (self._scratch, Path(tempfile.gettempdir())):
            if room.is_full(folder):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))

    def _started(self, version: Version) -> Host:
        folder = self._bundles.folder(version, self._in_use)
        began = time.monotonic()
        host = self._loaded_from(folder, version, "predict")
        now = time.monotonic()
        self._stay_until = max(self._stay_until, now + STAY * (now - began))
        return host

    def _loaded_from(self, folder: Path, version: Version, task: Task) -> Host:
        try:
            return self._hosts.start(
                folder,
                scratch=self._scratch,
                threads=self._threads,
                setup_timeout_s=self._setup_timeout_s,
                version=version.id,
                task=task,
            )
        except SetupFailed:
            self.check_room()
            raise

    def _in_use(self) -> set[str]:
        """The versions whose folders a host uses, or will in a moment."""
        with self._lock:
            return set(self._slots)

    def _taken(self, id: str) -> _Slot:
        """The version's slot, with one user more; the hosts it crowds out are ended."""
        with self._lock:
            slot = self._slots.pop(id, None) or _Slot()
            slot.users += 1
            self._slots[id] = slot  # now the most recently used
            # a slot leaves the table only while it has no users, so nobody can get an ended host
            slots = self._slots.items()
            idle = [key for key, other in slots if not other.users and not self._kept[key]]
            surplus = max(0, len(self._slots) - self._most)
            closing = [self._slots.pop(key) for key in idle[:surplus]]
        for old in closing:
            if old.host is not None:
                old.host.close()
        return slot

    def _given_back(self, slot: _Slot) -> None:
        with self._lock:
            slot.users -= 1

    def close(self) -> None:
        """End every host."""
        with self._lock:
            slots, self._slots = list(self._slots.values()), {}
        for slot in slots:
            if slot.host is not None:
                slot.host.close()
