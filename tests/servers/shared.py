"""A server that all processes of one test run share: who asks first starts it, and ends it last."""

import fcntl
import pickle
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, TypeVar

T = TypeVar("T")


@contextmanager
def shared(place: Path, starting: Callable[[], AbstractContextManager[T]]) -> Iterator[T]:
    """What `starting` gives, from whichever process of the run began it.

    `place` is a name in a folder that they all see: beside it lie who starts, who uses, and what
    was started, which must be picklable.
    """
    known = place.with_suffix(".known")
    with place.with_suffix(".users").open("ab") as users:
        with _alone(place.with_suffix(".starts")):
            owned = None if known.exists() else starting()
            if owned is not None:
                known.write_bytes(pickle.dumps(owned.__enter__()))
            server: T = pickle.loads(known.read_bytes())
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield server
        finally:
            fcntl.flock(users, fcntl.LOCK_UN)
            if owned is not None:
                _leave(place, known, users, owned)


def _leave(
    place: Path, known: Path, users: IO[bytes], owned: AbstractContextManager[object]
) -> None:
    with _alone(place.with_suffix(".starts")):
        known.unlink()  # who asks from now on starts another
    fcntl.flock(users, fcntl.LOCK_EX)  # returns once the last of the others has left
    owned.__exit__(None, None, None)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
