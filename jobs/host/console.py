"""Where the model prints: the worker's pipe, put back where a row closed it."""

import faulthandler
import fcntl
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TextIO

#: letters without an end of line that wait for it
MOST_HELD = 8192
#: letters of one item that are kept here
MOST_KEPT = 65_536


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

    @contextmanager
    def kept(self) -> Iterator[list[str]]:
        """What is printed meanwhile by this process's Python is kept here, and goes nowhere else.

        Too much of it goes where all else does.
        """
        global _KEPT
        kept = _KEPT = _Kept()
        try:
            yield kept
        finally:
            _KEPT = None

    def let_go(self) -> None:
        """What is kept, and what comes from here on, goes where all else does."""
        global _KEPT
        kept, _KEPT = _KEPT, None
        text = "".join(kept or ()).encode("utf-8", "backslashreplace")
        if kept is not None:
            kept.clear()
        with suppress(OSError):  # a row may have closed it; this may be called within a print()
            while text:
                text = text[os.write(1, text) :]


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


class _Kept(list[str]):
    """What one item prints while no other runs."""

    def __init__(self) -> None:
        self._room = MOST_KEPT
        self._process = os.getpid()

    def takes(self, text: str) -> bool:
        """Whether it is kept: not what a forked child prints, nor more than there is room for."""
        self._room -= len(text)
        if self._room < 0 or os.getpid() != self._process:
            return False
        self.append(text)
        return True


_KEPT: _Kept | None = None


class _Stream(io.TextIOWrapper):
    """stdout or stderr, but for what is some item's own."""

    mode = "w"

    def write(self, text: str, /) -> int:
        own = _OWN.get()
        if _KEPT is not None and own is None and isinstance(text, str) and _KEPT.takes(text):
            return len(text)
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
