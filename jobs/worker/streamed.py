"""A file that is hashed, and begun to be put on the disk, while what comes next is made."""

import hashlib
import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import BinaryIO

#: less than this is hashed at once, which takes less than to have another thread do it
ALONE_BYTES = 256 * 1024
#: pieces that may wait to be hashed
HELD = 4
SYNC_BYTES = 16 * 1024 * 1024


class Streamed:
    """Takes a file's content piece by piece. What is in one may change once `HELD` more came."""

    def __init__(self, file: BinaryIO, *, sync: bool) -> None:
        """`sync`: the disk begins early, so that little is left for it at the end."""
        self._file = file
        self._sync = sync
        self._digest = hashlib.sha256()
        self.size_bytes = self._synced = 0
        self._queue: SimpleQueue[bytes | memoryview | None] = SimpleQueue()
        self._room = threading.Semaphore(HELD)
        self._hashing: threading.Thread | None = None
        self._syncing: ThreadPoolExecutor | None = None
        self._syncs: list[Future[None]] = []

    def add(self, piece: bytes | memoryview) -> None:
        """Write one more piece."""
        self._file.write(piece)
        self.size_bytes += len(piece)
        if self._hashing is None and self.size_bytes <= ALONE_BYTES:
            self._digest.update(piece)
            return
        if self._hashing is None:
            self._hashing = threading.Thread(target=self._hash, name="sha256", daemon=True)
            self._hashing.start()
        self._room.acquire()
        self._queue.put(piece)
        if self._sync and self.size_bytes - self._synced >= SYNC_BYTES:
            self._synced = self.size_bytes
            self._syncing = self._syncing or ThreadPoolExecutor(1, "fsync")
            self._syncs.append(self._syncing.submit(os.fsync, self._file.fileno()))

    def _hash(self) -> None:
        while (piece := self._queue.get()) is not None:
            self._digest.update(piece)
            self._room.release()

    def finished(self) -> str:
        """The sha256 of all of it; raises what the disk said of a part."""
        self.end()
        for sync in self._syncs:
            sync.result()  # the system tells of a write that failed once, and not again
        return self._digest.hexdigest()

    def end(self) -> None:
        """Nothing more is added, and nobody is at the file any more."""
        if self._hashing is not None:
            self._queue.put(None)
            self._hashing.join()
            self._hashing = None
        if self._syncing is not None:
            self._syncing.shutdown()
