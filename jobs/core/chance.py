"""Random digits, asked for many at a time."""

import os
import secrets
import threading

POOL_BYTES = 2048


class Chance:
    """Random hexadecimal digits of the system's.

    Each time that the system is asked another thread takes the interpreter, and gives it back late.
    """

    def __init__(self) -> None:
        self._forget()
        # a process that was forked is not to have the same ones
        os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        self._lock = threading.Lock()
        self._digits, self._at = "", 0

    def hex(self, size: int) -> str:
        """So many bytes, which nobody else has had."""
        wanted = 2 * size
        with self._lock:
            if len(self._digits) - self._at < wanted:
                self._digits, self._at = secrets.token_hex(max(POOL_BYTES, size)), 0
            begin, self._at = self._at, self._at + wanted
            return self._digits[begin : self._at]


CHANCE = Chance()
