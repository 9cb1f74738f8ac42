"""Rows on their way to the model: the files of the next ones are brought while it has these."""

import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import Any

from jobs.worker.inputs import MOST_ROWS, Brought
from jobs.worker.refs import Ref, Rows

_INPUT = attrgetter("input")
#: rows that are read at a time, and how large those may be that wait for the model
PIECE_ROWS, MOST_BYTES = 1024, 2**24
#: of the pieces of a turn several are on their way at a time
PIECE_BYTES = 2**21
#: brings the files of rows into a folder: of the first of them, as many as there is room for
Bring = Callable[[Sequence[dict[str, Any]], Path], Sequence[Brought]]


@dataclass(frozen=True)
class Group:
    """Rows that go to the model together."""

    rows: Sequence[Ref]
    #: what it is given of each: JSON text, or the input with its files, or why they are not here
    given: Sequence[Any]
    #: where the files are
    folder: Path | None = None

    def remove(self) -> None:
        """Its files are needed no more."""
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


class Plain:
    """Groups of rows that name no files; the next one is read bit by bit while the model has one.

    Not by another thread: the two would take the interpreter from each other, and the model waits.
    """

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._ready: list[Ref] = []

    def __enter__(self) -> "Plain":
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is left behind."""

    def take(self, most: int) -> Group:
        """The next rows, at most so many; none once there are no more."""
        while self._read(most):
            pass
        return self._first(most)

    def more(self, most: int) -> Group:
        """The next few rows, at most so many; none once there are no more."""
        self._read(most)
        return self._first(min(most, PIECE_ROWS, 1 + int(PIECE_BYTES / self._rows.weight)))

    def _first(self, rows: int) -> Group:
        some = self._ready[:rows]
        del self._ready[:rows]
        return Group(some, list(map(_INPUT, some)))

    def prepare(self, most: int) -> None:
        """Have a few more of the next rows ready, at most so many in all."""
        self._read(most)

    def _read(self, most: int) -> bool:
        """False if that many are ready, or too large together, or there are no more."""
        wanted = min(most - len(self._ready), PIECE_ROWS)
        room_bytes = MOST_BYTES - len(self._ready) * self._rows.weight
        if wanted <= 0 or room_bytes <= 0:
            return False
        some = self._rows.take(wanted, room_bytes)
        self._ready += some
        return bool(some)


class Ahead:
    """Groups of rows with their files, each of them brought while the one before it is used."""

    def __init__(self, rows: Rows, bring: Bring) -> None:
        self._rows = rows
        self._bring = bring
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="ahead")
        self._next: Future[Group] | None = None
        #: rows whose files found no room yet
        self._waiting: Sequence[Ref] = []
        self._taken = Group([], [])

    def __enter__(self) -> "Ahead":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove all that is left."""
        if self._next is not None:
            self._next.cancel()
        self._pool.shutdown()
        if self._next is not None and not self._next.cancelled() and not self._next.exception():
            self._next.result().remove()
        self._taken.remove()

    def take(self, most: int) -> Group:
        """The next rows, at most so many as was said last; none once there are no more.

        The files of those before them are removed.
        """
        most, used = min(most, MOST_ROWS), self._taken
        self._taken = (self._next or self._begun(most)).result()
        # removing many files takes a while: the model does not wait for that either
        self._pool.submit(used.remove)
        self._next = self._begun(most) if self._taken.rows else None
        return self._taken

    def more(self, most: int) -> Group:
        """None: their files come and go with those of the rows beside them."""
        return Group([], [])

    def prepare(self, most: int) -> None:
        """Nothing: what brings the next ones does not stop."""

    def _begun(self, most: int) -> Future[Group]:
        # in the context of the shard, whose trace and whose log lines it belongs to
        return self._pool.submit(copy_context().run, self._brought, most)

    def _brought(self, most: int) -> Group:
        rows = [*self._waiting, *self._rows.take(max(0, most - len(self._waiting)))]
        folder = Path(tempfile.mkdtemp(prefix="inputs-"))
        try:
            given = self._bring([json.loads(bytes(row.input)) for row in rows], folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._waiting = rows[len(given) :]
        return Group(rows[: len(given)], given, folder)
