"""Facts of files: dozens of promises ask for them, and a large picture takes long to unpack."""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from threading import Lock
from typing import TypeVar

T = TypeVar("T")

#: files of which a fact is known at once; of a file itself nothing but its digest is kept
MOST = 64


def fact(look: Callable[[bytes], T]) -> Callable[[bytes], T]:
    """A look at the content of a file that is taken once.

    What it gives has to be small, and to come of the content alone.
    """
    known: dict[bytes, T] = {}
    lock = Lock()

    @wraps(look)
    def told(content: bytes) -> T:
        key = sha256(content).digest()
        with lock:
            if key in known:
                known[key] = known.pop(key)
                return known[key]
        found = look(content)
        with lock:
            known[key] = found
            if len(known) > MOST:  # the one that nobody asked about for the longest time
                del known[next(iter(known))]
        return found

    return told
