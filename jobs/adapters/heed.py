"""Waiting until a server is told to end."""

import threading

#: a signal may come to another thread, and wakes nobody then: this one looks so often
EVERY_S = 0.5


def heed(end: threading.Event) -> None:
    """Wait until it is set, also by a handler of signals."""
    while not end.wait(EVERY_S):
        pass
