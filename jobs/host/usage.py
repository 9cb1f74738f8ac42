"""What the model's process holds on to after a single prediction: memory, files, threads."""

import os
import sys
from collections.abc import Callable, Container
from contextlib import suppress
from pathlib import Path, PurePath

#: files that are told apart; a model that leaves more of them has been found out long before
MOST_FILES = 10_000
#: of files one by one, and of folders with all that is in them
_REMOVES = ("os.remove", "shutil.rmtree")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Usage:
    """Measured where predictions come one by one; rows of a batch are not held up for it."""

    def __init__(
        self,
        scratch: Path,
        outputs: Container[str] = (),
        is_ours: Callable[[], bool] = lambda: False,
    ) -> None:
        """Of what is removed while `is_ours` the model knows nothing.

        `outputs`: files of elsewhere that were given as outputs; they are nobody's leftovers.
        """
        self._scratch = str(scratch)
        self._outputs = outputs
        self._is_ours = is_ours
        #: files, and folders with all in them, that the model removed since it was looked at
        self._removed: dict[str, set[str]] = {event: set() for event in _REMOVES}
        #: files elsewhere than in TMPDIR that Python code opened to write since they were looked at
        self._written: set[str] = set()
        #: each file that was ever there after a prediction, with its size: some are removed by us
        #: since, and one that is written over each time is one file
        self._there: dict[str, int] = {}
        self._own = (0, 0)

    def settle(self) -> None:
        """What setup() left is the model's own."""
        self._own = self._files()
        sys.addaudithook(self._heard)

    def now(self) -> dict[str, int]:
        """`memory_bytes` is the process's private memory, where the system tells it.

        `temp_files` and `temp_bytes` are what predictions have left since setup(): in TMPDIR,
        removed by us meanwhile or not, and where else Python code wrote. `open_files` and
        `threads` are those of now, where the system tells them.
        """
        files, size_bytes = self._files()
        left = {"temp_files": files - self._own[0], "temp_bytes": size_bytes - self._own[1]}
        return {**_memory(), **left, **_running()}

    def _files(self) -> tuple[int, int]:
        """(how many there ever were, their sizes in bytes), without what the model removed."""
        files, folders = self._removed.values()
        for path in files:
            self._there.pop(path, None)
        for path in [one for one in self._there if folders and folders & _parents(one)]:
            del self._there[path]
        files.clear()
        folders.clear()
        for folder, _, names in os.walk(self._scratch):
            for path in (os.path.join(folder, name) for name in names):
                if path in self._there or len(self._there) < MOST_FILES:
                    with suppress(OSError):
                        self._there[path] = os.lstat(path).st_size
        while self._written:
            path = self._written.pop()
            if path not in self._outputs and len(self._there) < MOST_FILES:
                with suppress(OSError):  # it was removed again
                    self._there[path] = os.lstat(path).st_size
        return len(self._there), sum(self._there.values())

    def _heard(self, event: str, given: tuple[object, ...]) -> None:
        """Called with all that the process does, so it is quick and raises nothing."""
        if event in _REMOVES and not self._is_ours():
            self._gone(self._removed[event], given[0])
        if event != "open" or len(self._written) >= MOST_FILES:
            return
        path, _, flags = given
        if isinstance(path, str) and isinstance(flags, int) and flags & _WRITES:
            with suppress(OSError, ValueError):
                whole = os.path.abspath(path)
                if not whole.startswith((self._scratch, "/dev/", "/proc/")):
                    self._written.add(whole)

    def _gone(self, removed: set[str], path: object) -> None:
        if isinstance(path, str) and os.path.isabs(path) and len(removed) < MOST_FILES:
            removed.add(path)


def _parents(path: str) -> set[str]:
    return {str(one) for one in PurePath(path).parents}


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
