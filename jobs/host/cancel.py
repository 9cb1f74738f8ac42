"""A prediction that is to stop: the worker's signal becomes cog's exception inside the model."""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

#: what a worker sends; it wakes what waits in Python, `time.sleep` among it, but no native code
SIGNAL = signal.SIGUSR2
#: a signal that was sent has come by then
LATE_S = 5.0


class Cancel:
    """Heeds the signal while a prediction runs, and at no other time."""

    def __init__(self) -> None:
        self._stop: Callable[[], None] | None = None
        self._held = False
        self._waits = False
        # a worker that sends it late uses this process no more: this one is for what comes next
        self._early = False
        #: called by the signal where it is a question, and whether one was answered
        self._tell: Callable[[], None] | None = None
        self._answered = False
        #: whether the prediction that was heeded last was told to stop
        self.came = False
        signal.signal(SIGNAL, self._arrived)

    def _arrived(self, *_: Any) -> None:
        if self._tell is not None:
            tell, self._tell = self._tell, None
            self._answered = True
            tell()
            return
        if self._stop is None:
            self._early = True
            return
        if self._held:
            self._waits = True
            return
        stop, self._stop = self._stop, None
        self.came = True
        stop()

    @contextmanager
    def heeded(self, stop: Callable[[], None]) -> Iterator[None]:
        """`stop` is called when the signal comes, once."""
        self.came, self._waits, self._stop = False, False, stop
        try:
            if self._early:
                self._early = False
                self._arrived()
            yield
        finally:
            self._stop = None

    @contextmanager
    def asked_of(self, tell: Callable[[], None]) -> Iterator[None]:
        """The first signal in here is a question, which `tell` answers; the next one is heeded."""
        self._answered, self._tell = False, tell
        try:
            yield
        finally:
            self._tell = None

    def overtaken(self) -> None:
        """A question was read that comes with a signal: if that was too late, it is for nobody."""
        if not self._answered:
            until = time.monotonic() + LATE_S
            while not self._early and time.monotonic() < until:
                time.sleep(0.001)
            self._early = False
        self._answered = False

    @contextmanager
    def held(self) -> Iterator[None]:
        """The signal waits till the end of this: nothing in here is left half done."""
        self._held = True
        try:
            yield
        finally:
            self._held = False
        if self._waits:
            self._waits = False
            self._arrived()


def interrupt() -> None:
    """Raise cog's CancelationException."""
    raise getattr(sys.modules.get("cog"), "CancelationException", KeyboardInterrupt)
