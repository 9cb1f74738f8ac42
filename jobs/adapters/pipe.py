"""Frames in both directions over the two pipes of a model host, without a deadlock.

Both sides may have much to say at once, and a pipe holds little: whoever only writes until it has
written waits for ever for somebody who does the same. So what is to be sent goes out while we
wait for what comes in.
"""

import fcntl
import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from jobs.host import frames

_PIECE = 1 << 20
_LOOK_UP_S = 0.1


class Pipe:
    """Our ends; the other process answers frames in the order in which it was sent them."""

    def __init__(self, answers: int, commands: int, alive: Callable[[], bool]) -> None:
        """`alive`: whether the other process is there; what it forked may hold its ends open."""
        self._answers = answers
        self._commands = commands
        self._alive = alive
        self._ends: tuple[int, ...] = (answers, commands)
        self._outgoing: deque[memoryview] = deque()
        self._pushing = threading.Lock()
        self._incoming = bytearray()
        os.set_blocking(commands, False)
        for end in (answers, commands):
            with suppress(OSError, AttributeError):  # Linux only, and a limit may be lower
                fcntl.fcntl(end, fcntl.F_SETPIPE_SZ, _PIECE)

    def send(self, message: Any) -> None:
        """Send a message as far as it goes now; the rest goes out while `receive` waits.

        Any thread may, whichever one receives.

        Raises:
            OSError: the other side is gone.
        """
        frame = frames.encode(message)
        with self._pushing:
            self._outgoing.append(memoryview(frames.LENGTH.pack(len(frame)) + frame))
            self._push()

    def receive(self, until: float, given_up: Callable[[], bool]) -> bytes | None:
        """The next frame, still encoded; None if `given_up` became true first.

        Args:
            until: on the monotonic clock.

        Raises:
            TimeoutError: nothing came until then.
            EOFError: the other side is gone.
        """
        while (frame := self._whole()) is None:
            sendable = [self._commands] if self._outgoing else []
            ready, free, _ = select.select([self._answers], sendable, [], _LOOK_UP_S)
            if free:
                with self._pushing:
                    self._push()
            if ready:
                piece = os.read(self._answers, _PIECE)
                if not piece:
                    raise EOFError
                self._incoming += piece
            elif not self._alive():
                raise EOFError
            if given_up():
                return None
            if time.monotonic() > until:
                raise TimeoutError
        return frame

    def close(self) -> None:
        """Close our ends."""
        ends, self._ends = self._ends, ()
        for end in ends:
            os.close(end)

    def _whole(self) -> bytes | None:
        head = frames.LENGTH.size
        if len(self._incoming) < head:
            return None
        size = head + frames.LENGTH.unpack_from(self._incoming)[0]
        if len(self._incoming) < size:
            return None
        frame = bytes(memoryview(self._incoming)[head:size])
        del self._incoming[:size]
        return frame

    def _push(self) -> None:
        with suppress(BlockingIOError):
            while self._outgoing:
                sent = os.write(self._commands, self._outgoing[0])
                if sent < len(self._outgoing[0]):
                    self._outgoing[0] = self._outgoing[0][sent:]
                    return
                self._outgoing.popleft()
