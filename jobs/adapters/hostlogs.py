"""What a model host and all it starts print, read here so that nobody waits to print."""

import os
import select
import threading
from collections.abc import Callable
from contextlib import suppress

from jobs.core.printed import CUT

KEPT_BYTES = 256 * 1024
CHUNK = 64 * 1024


class Tail:
    """The end of what one prediction prints."""

    def __init__(self) -> None:
        self._text = ""
        self._cut = False
        #: whether there is more than when somebody cleared this
        self.has_news = False

    def add(self, text: str) -> None:
        """It printed this."""
        self._text, self.has_news = self._text + text, True
        if len(self._text) > 2 * KEPT_BYTES:
            self._text, self._cut = self._text[-KEPT_BYTES:], True

    @property
    def text(self) -> str:
        """What is kept of it."""
        return CUT * self._cut + self._text


class HostLogs:
    """The end of what was printed since it was last asked for.

    It is read on this side of the process line: what a host says before it dies is what explains
    the death, and a host that is stuck in native code cannot be asked any more.
    """

    def __init__(self) -> None:
        self._pipe, self.write_end = os.pipe()
        os.set_blocking(self._pipe, False)
        self._lock = threading.Lock()
        self._telling = threading.Lock()  # what is told is told before `taken` returns the whole
        self._text = bytearray()
        self._cut = False
        #: told, from a thread of its own, what was printed since the last `taken`, as it grows
        self.listener: Callable[[str], None] | None = None

    def follow(self) -> None:
        """Let go of the end that the host has by now, and read until every holder has ended."""
        os.close(self.write_end)
        threading.Thread(target=self._follow, daemon=True, name="host-logs").start()

    def _follow(self) -> None:
        waiting = select.poll()
        waiting.register(self._pipe, select.POLLIN)
        while waiting.poll() and self._read():
            self._tell()
        with self._lock:
            os.close(self._pipe)
            self._pipe = -1

    def _tell(self) -> None:
        with self._telling:
            with self._lock:
                tell, text = self.listener, self._so_far()
            if tell and text:
                with suppress(Exception):  # whatever it was, reading must go on
                    tell(text)

    def _read(self) -> bool:
        """Take what is there, in bounded steps; False at the end."""
        with self._lock, suppress(BlockingIOError):
            for _ in range(16):
                if self._pipe < 0:
                    return False
                chunk = os.read(self._pipe, CHUNK)
                if not chunk:
                    return False
                self._text += chunk
                self._cut |= len(self._text) > KEPT_BYTES
                del self._text[:-KEPT_BYTES]
        return True

    def taken(self) -> str:
        """What was printed since the last call; all of it that was written before this one."""
        self._read()
        with self._telling, self._lock:
            text = self._so_far()
            self._text, self._cut = bytearray(), False
        return text

    def _so_far(self) -> str:
        return CUT * self._cut + self._text.decode(errors="replace")
