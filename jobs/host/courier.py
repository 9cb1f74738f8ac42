"""Sends what a model gave while the model goes on, where that is much."""

import os
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from queue import Queue
from typing import BinaryIO

from jobs.host import frames

#: how long the model waits for the interpreter at most while a frame is made
SWITCH_S = 0.0005

#: makes a frame, in pieces
Make = Callable[[], Sequence[bytes]]


class Courier:
    """Frames go out in the order in which they are handed over.

    Making and sending one of a thousand vectors takes as long as a pass on a good card. So once a
    frame was large, a thread does both, and the model has its next rows meanwhile. A model of small
    answers never has that thread.
    """

    def __init__(self, answers: BinaryIO) -> None:
        self._answers = answers
        self._under_way: Queue[Make] | None = None

    def hand(self, make: Make) -> None:
        """Make a frame and send it, now or behind the model's back."""
        if self._under_way is None:
            pieces = make()
            frames.send(self._answers, *pieces)
            if sum(map(len, pieces)) > frames.LARGE_BYTES:
                self._under_way = self._begin()
            return
        self.settle()  # what two lots gave is enough to hold
        self._under_way.put(make)

    def settle(self) -> None:
        """Wait until all is sent: from here on anybody may write to the pipe."""
        if self._under_way is not None:
            self._under_way.join()

    def _begin(self) -> "Queue[Make]":
        queue: Queue[Make] = Queue()
        sys.setswitchinterval(SWITCH_S)
        threading.Thread(target=self._carry, args=(queue,), daemon=True, name="courier").start()
        return queue

    def _carry(self, queue: "Queue[Make]") -> None:
        try:
            while True:
                make = queue.get()
                frames.send(self._answers, *make())
                queue.task_done()
        except BaseException as error:
            if not isinstance(error, OSError):  # which says that the worker is gone
                traceback.print_exc()
            os._exit(1)
