"""What the model's process holds on to after a single prediction: memory, files, threads."""

import os
from contextlib import suppress
from pathlib import Path

#: files that are told apart; a model that leaves more of them has been found out long before
MOST_FILES = 10_000


class Usage:
    """Measured where predictions come one by one; rows of a batch are not held up for it."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = str(scratch)
        #: each file that was ever there after a prediction, with its size: some are removed since,
        #: and one that is written over each time is one file
        self._there: dict[str, int] = {}
        self._own = (0, 0)

    def settle(self) -> None:
        """What setup() left is the model's own."""
        self._own = self._files()

    def now(self) -> dict[str, int]:
        """`memory_bytes` is the process's private memory, where the system tells it.

        `temp_files` and `temp_bytes` are what predictions have left in TMPDIR since setup(),
        removed meanwhile or not. `open_files` and `threads` are those of now, where the
        system tells them.
        """
        files, size_bytes = self._files()
        left = {"temp_files": files - self._own[0], "temp_bytes": size_bytes - self._own[1]}
        return {**_memory(), **left, **_running()}

    def _files(self) -> tuple[int, int]:
        """(how many there ever were, their sizes in bytes)."""
        for folder, _, names in os.walk(self._scratch):
            for path in (os.path.join(folder, name) for name in names):
                if path in self._there or len(self._there) < MOST_FILES:
                    with suppress(OSError):
                        self._there[path] = os.lstat(path).st_size
        return len(self._there), sum(self._there.values())


def _memory() -> dict[str, int]:
    with suppress(OSError, ValueError, IndexError):
        pages = Path("/proc/self/statm").read_text().split()
        private = int(pages[1]) - int(pages[2])  # weights mapped from files are not its own
        return {"memory_bytes": private * os.sysconf("SC_PAGE_SIZE")}
    return {}


def _running() -> dict[str, int]:
    with suppress(OSError):
        threads, files = os.listdir("/proc/self/task"), os.listdir("/proc/self/fd")
        return {"open_files": len(files), "threads": len(threads)}
    return {}
