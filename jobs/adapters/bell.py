"""The bell of a process that does everything itself: rings go to threads of its own."""

import threading
from collections.abc import Callable
from queue import SimpleQueue

from jobs.core.prediction import Kind

_Ring = tuple[str, str, Kind | None]


def _never(what: str, like: Kind | None) -> bool:
    return False


class LocalBell:
    """Each ring is heard once, in the order of ringing, as soon as a thread is free."""

    def __init__(self) -> None:
        self._needless: Callable[[str, Kind | None], bool] = _never
        self._rings: SimpleQueue[_Ring | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []

    def ring(
        self,
        what: str,
        id: str,
        hardware: str | None = None,
        like: Kind | None = None,
    ) -> None:
        """Wake a thread; one worker serves every class of hardware."""
        if not self._needless(what, like):
            self._rings.put((what, id, like))

    def waiting(self, hardware: str | None = None) -> int:
        """Rings that no thread was free for yet."""
        return self._rings.qsize()

    def listen(
        self,
        answer: Callable[[str, str, Kind | None], object],
        threads: int,
        needless: Callable[[str, Kind | None], bool] = _never,
    ) -> None:
        """Have so many threads answer from now on; an answer raises nothing.

        `needless`: whether whoever is at work already will look for it: no thread is woken.
        """
        self._needless = needless

        def run() -> None:
            while ring := self._rings.get():
                answer(*ring)

        for _ in range(threads):
            thread = threading.Thread(target=run, daemon=True, name="worker")
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Answer no more rings than were heard, and wait for what is under way."""
        while not self._rings.empty():
            self._rings.get()
        for _ in self._threads:
            self._rings.put(None)
        for thread in self._threads:
            thread.join()
