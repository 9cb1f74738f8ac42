"""Trying again what may work later, for so long and no longer."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from jobs.core.errors import BlobError, BlobRefused

T = TypeVar("T")
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0


class Patience:
    """Shared by threads that use one store: it is over when none had a success for too long."""

    def __init__(self, seconds: float, check: Callable[[], None]) -> None:
        """`check` is called before each try, and raises once the work is somebody else's."""
        self._seconds = seconds
        self._check = check
        self._good_at = time.monotonic()
        self._over = threading.Event()

    def with_(self, do: Callable[[], T]) -> T:
        """What `do` answers in the end; raises BlobError once patience, or hope, is gone."""
        pause_s = FIRST_PAUSE_S
        while True:
            self._check()
            try:
                answer = do()
            except BlobRefused:
                raise
            except BlobError:
                left_s = self._good_at + self._seconds - time.monotonic()
                if left_s <= 0 or self._over.wait(min(pause_s, left_s)):
                    self._over.set()
                    raise
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            else:
                self._good_at = time.monotonic()
                return answer
