"""Kombu's broker in memory, whose listener is woken by a ring instead of looking for it."""

import threading
import time
from queue import Empty
from typing import Any

from kombu import transport
from kombu.transport import memory

#: nothing is put but by this process, so it is told of all; it looks so often all the same
LOOK_S = 1.0


class Rings:
    """How many messages were put so far, for whoever waits for the next one."""

    def __init__(self) -> None:
        self.count = 0
        self._more = threading.Condition()

    def tell(self) -> None:
        """One more was put."""
        with self._more:
            self.count += 1
            self._more.notify_all()

    def wait(self, beyond: int, wait_s: float) -> None:
        """Until there were more than `beyond`, or `wait_s` are over."""
        with self._more:
            self._more.wait_for(lambda: self.count > beyond, wait_s)


RINGS = Rings()


class Channel(memory.Channel):
    """Tells when something was put."""

    def _put(self, queue: str, message: Any, **kwargs: Any) -> None:
        super()._put(queue, message, **kwargs)
        RINGS.tell()


class Transport(memory.Transport):
    """Waits to be told, where Kombu's sleeps and looks again."""

    Channel = Channel

    def drain_events(self, connection: Any, timeout: float | None = None, **_: Any) -> None:
        """Deliver the next message; raises TimeoutError if none comes in time."""
        cycle: Any = self.cycle
        until = time.monotonic() + timeout if timeout is not None else None
        while True:
            heard = RINGS.count  # before looking: what comes from here on is one more
            try:
                cycle.get(self._deliver, timeout=timeout)
                return
            except Empty:
                left_s = LOOK_S if until is None else until - time.monotonic()
            if left_s <= 0:
                raise TimeoutError
            RINGS.wait(heard, min(LOOK_S, left_s))


def install() -> None:
    """Have `memory://` mean this."""
    transport.TRANSPORT_ALIASES["memory"] = f"{__name__}:Transport"
