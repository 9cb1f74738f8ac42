"""The time that a model which is told to stop has to clean up."""

import time
from collections.abc import Callable


def after(cancelled: Callable[[], bool], grace_s: float) -> Callable[[], bool]:
    """Whether `cancelled` has been true for so long."""
    since: list[float] = []

    def given_up() -> bool:
        if cancelled() and not since:
            since.append(time.monotonic())
        return bool(since) and time.monotonic() - since[0] >= grace_s

    return given_up


class Stop:
    """Whether to give a prediction up: it was cancelled, told so once, and had its grace."""

    def __init__(
        self, cancelled: Callable[[], bool], grace_s: float, tell: Callable[[], None]
    ) -> None:
        self._cancelled = cancelled
        self._given_up = after(cancelled, grace_s)
        self._tell = tell
        self._grace_s = grace_s
        #: whether the model was told
        self.told = False

    def __call__(self) -> bool:
        if self._grace_s and not self.told and self._cancelled():
            self.told = True
            self._tell()
        return self._given_up()
