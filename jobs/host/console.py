"""Where the model prints: the worker's pipe, put back where a row closed it."""

import faulthandler
import fcntl
import os
import sys
from contextlib import suppress
from typing import TextIO


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


def _stream(number: int) -> TextIO:
    # a model's print() never fails: not over its alphabet, not over a close() of the row before
    return open(
        number, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False
    )


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
