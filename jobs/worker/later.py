"""Something that is done a little later, unless it is over by then."""

import logging
import threading
from collections.abc import Callable

from jobs.core.errors import JobsError

log = logging.getLogger(__name__)


class Later:
    """One thing to do, put off for a while, once, however often that is asked for meanwhile.

    Its owner's lock is held whenever it is called, and while it is done.
    """

    def __init__(self, lock: threading.Lock, do: Callable[[], None]) -> None:
        self._lock = lock
        self._do = do
        self._timer: threading.Timer | None = None
        self._is_over = False

    def soon(self, wait_s: float) -> None:
        """Do it after so long, unless it is waited for already."""
        if self._timer is None and not self._is_over:
            self._timer = threading.Timer(wait_s, self._run)
            self._timer.daemon = True
            self._timer.start()

    def end(self) -> None:
        """It need not be done any more."""
        self._is_over = True
        if self._timer is not None:
            self._timer.cancel()

    def _run(self) -> None:
        with self._lock:
            self._timer = None
            if self._is_over:
                return
            try:
                self._do()
            except JobsError as error:  # the end of the work tells all of it
                log.info("what a model gave so far is told later: %s", error)
