"""Where the model prints: the worker's pipe, put back where a row closed it."""

import faulthandler
import fcntl
import io
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from typing import TextIO

#: letters without an end of line that wait for it
MOST_HELD = 8192


class Console:
    """stdout and stderr as every row finds them."""

    def __init__(self) -> None:
        self._saved = fcntl.fcntl(1, fcntl.F_DUPFD_CLOEXEC, 64)
        sys.stdout, sys.stderr = _stream(1), _stream(2)
        faulthandler.enable(2)  # a crash in native code says which line of Python led to it

    def settle(self) -> None:
        """Send what is still held back; open again what was closed."""
        for number, name in ((1, "stdout"), (2, "stderr")):
            with suppress(Exception):
                getattr(sys, name).flush()
            if not _is_open(number):
                os.dup2(self._saved, number)
            if getattr(getattr(sys, name), "closed", True):
                setattr(sys, name, _stream(number))


def tell(line: str) -> None:
    """Put a line of ours among what the model prints."""
    with suppress(Exception):  # a row may have closed it; it is put back after the row
        sys.stderr.write(f"{line}\n")


class Printed:
    """What one item prints among others that run meanwhile, told line by line."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._held: list[str] = []
        self._size = 0
        self._process = os.getpid()
        self.is_open = True

    def take_over(self) -> None:
        """What this task prints from here on, and what it starts, comes here."""
        _OWN.set(self)

    @property
    def listens(self) -> bool:
        """Whether it is still told: not after its end, nor what a forked child prints."""
        return self.is_open and os.getpid() == self._process

    def write(self, text: str) -> None:
        """Print it."""
        self._held.append(text)
        self._size += len(text)
        if "\n" in text or self._size > MOST_HELD:
            self.flush()

    def flush(self) -> None:
        """Tell what is held back."""
        held, self._held, self._size = self._held, [], 0
        if held:
            self._tell("".join(held).encode("utf-8", "backslashreplace").decode())

    def close(self) -> None:
        """Tell what is left; what it prints after its end is nobody's."""
        self.flush()
        self.is_open = False


_OWN: ContextVar[Printed | None] = ContextVar("printed", default=None)


class _Stream(io.TextIOWrapper):
    """stdout or stderr, but for what is some item's own."""

    mode = "w"

    def write(self, text: str, /) -> int:
        own = _OWN.get()
        if own is None or not own.listens or not isinstance(text, str):
            return super().write(text)
        own.write(text)
        return len(text)

    def flush(self) -> None:
        own = _OWN.get()
        if own is not None and own.listens:
            own.flush()
        super().flush()


def _stream(number: int) -> TextIO:
    # a model's print() never fails: not over its alphabet, not over a close() of the row before
    raw = io.BufferedWriter(io.FileIO(number, "wb", closefd=False))
    return _Stream(raw, encoding="utf-8", errors="backslashreplace", line_buffering=True)


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
