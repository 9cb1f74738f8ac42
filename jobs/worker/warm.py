"""Model hosts that are kept warm, so that a version is set up once and used often."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from jobs.core.version import Version
from jobs.ports import Host, Hosts
from jobs.worker.bundles import Bundles

SETUP_TIMEOUT_S = 600.0


@dataclass
class _Slot:
    lock: threading.Lock = field(default_factory=threading.Lock)
    host: Host | None = None


class Warm:
    """At most `most` hosts; one piece of work uses a host at a time."""

    def __init__(
        self, hosts: Hosts, bundles: Bundles, scratch: Path, *, threads: int, most: int = 2
    ) -> None:
        self._hosts = hosts
        self._bundles = bundles
        self._scratch = scratch
        self._threads = threads
        self._most = most
        self._slots: dict[str, _Slot] = {}
        self._lock = threading.Lock()

    @contextmanager
    def host(self, version: Version) -> Iterator[Host]:
        """The version's host, for one micro-batch; raises SetupFailed.

        A host that was lost meanwhile (HostLost passes through here) is replaced next time.
        """
        slot = self._slot(version.id)
        with slot.lock:
            if slot.host is None or not slot.host.alive:
                slot.host = self.start(version)
            try:
                yield slot.host
            except BaseException:
                slot.host.close()
                raise

    def start(self, version: Version) -> Host:
        """A new host for a version; raises SetupFailed."""
        folder = self._bundles.folder(version)
        return self._hosts.start(
            folder,
            scratch=self._scratch,
            threads=self._threads,
            setup_timeout_s=SETUP_TIMEOUT_S,
        )

    def adopt(self, version: Version, host: Host) -> None:
        """Keep a host that was started elsewhere."""
        slot = self._slot(version.id)
        with slot.lock:
            if slot.host is None or not slot.host.alive:
                slot.host = host
                return
        host.close()

    def _slot(self, id: str) -> _Slot:
        with self._lock:
            slot = self._slots.pop(id, None) or _Slot()
            self._slots[id] = slot  # now the most recently used
            idle = [key for key in self._slots if key != id][
                : max(0, len(self._slots) - self._most)
            ]
            dropped = [key for key in idle if not self._slots[key].lock.locked()]
            closing = [self._slots.pop(key) for key in dropped]
        for old in closing:
            if old.host is not None:
                old.host.close()
        return slot

    def close(self) -> None:
        """End every host."""
        with self._lock:
            slots, self._slots = list(self._slots.values()), {}
        for slot in slots:
            if slot.host is not None:
                slot.host.close()
