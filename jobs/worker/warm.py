"""Model hosts that are kept warm, so that a version is set up once and used often."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from jobs.core.version import Version
from jobs.ports import Host, Hosts
from jobs.worker.bundles import Bundles


@dataclass
class _Slot:
    """One version's host; `users` have it or wait for it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    host: Host | None = None
    users: int = 0


class Warm:
    """At most `most` hosts that nobody uses; one piece of work uses a host at a time."""

    def __init__(
        self,
        hosts: Hosts,
        bundles: Bundles,
        scratch: Path,
        *,
        threads: int,
        setup_timeout_s: float,
        most: int = 2,
    ) -> None:
        self._hosts = hosts
        self._bundles = bundles
        self._scratch = scratch
        self._threads = threads
        self._setup_timeout_s = setup_timeout_s
        self._most = most
        self._slots: dict[str, _Slot] = {}
        self._lock = threading.Lock()

    @contextmanager
    def host(self, version: Version) -> Iterator[Host]:
        """The version's host, for one micro-batch; raises SetupFailed.

        A host that was lost meanwhile (HostLost passes through here) is replaced next time.
        """
        slot = self._taken(version.id)
        try:
            with slot.lock:
                if slot.host is None or not slot.host.alive:
                    slot.host = self._started(version)
                try:
                    yield slot.host
                except GeneratorExit:  # whoever took results stopped taking them: no fault of its
                    raise
                except BaseException:
                    slot.host.close()
                    raise
        finally:
            self._given_back(slot)

    def _started(self, version: Version) -> Host:
        folder = self._bundles.folder(version, self._in_use)
        return self._hosts.start(
            folder,
            scratch=self._scratch,
            threads=self._threads,
            setup_timeout_s=self._setup_timeout_s,
        )

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
            idle = [key for key, other in self._slots.items() if not other.users]
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
