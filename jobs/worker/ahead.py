"""Rows on their way to the model: the files of the next ones are brought while it has these."""

import json
import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import Any

from jobs.core.prediction import Failed
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

    def settled(self, rows: int) -> None:
        """Nothing: of rows without files nothing is left to remove."""

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
        #: removing many files takes a while: neither the model waits for that nor what brings more
        self._removing = ThreadPoolExecutor(1, thread_name_prefix="behind")
        self._next: Future[Group] | None = None
        #: rows whose files found no room yet
        self._waiting: Sequence[Ref] = []
        self._asked, self._last = 1, MOST_ROWS
        #: those that were taken, and how many rows of the first of them need their files no more
        self._taken: deque[Group] = deque()
        self._settled = 0

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
        self._removing.shutdown()
        if self._next is not None and not self._next.cancelled() and not self._next.exception():
            self._next.result().remove()
        for group in self._taken:
            group.remove()

    def take(self, most: int) -> Group:
        """The next rows, at most so many as was said last; none once there are no more."""
        self._asked = min(most, MOST_ROWS)
        return self._handed((self._next or self._begun()).result())

    def more(self, most: int) -> Group:
        """The next rows if all their files are here by now, however many were asked for."""
        if self._next is None or not self._next.done() or self._next.exception():
            return Group([], [])
        group = self._next.result()
        if Failed in map(type, group.given):
            return Group([], [])  # they are told apart when it is their turn
        return self._handed(group)

    def settled(self, rows: int) -> None:
        """So many more of the rows that were taken need their files no more."""
        self._settled += rows
        while self._taken and self._settled >= len(self._taken[0].rows):
            group = self._taken.popleft()
            self._settled -= len(group.rows)
            self._removing.submit(group.remove)

    def prepare(self, most: int) -> None:
        """Nothing: what brings the next ones does not stop."""

    def _handed(self, group: Group) -> Group:
        self._taken.append(group)
        self._last = len(group.rows)
        self._next = self._begun() if group.rows else None
        return group

    def _begun(self) -> Future[Group]:
        # after a small group not a large one at once, for which the model would have to wait
        rows = min(self._asked, 2 * self._last)
        # in the context of the shard, whose trace and whose log lines it belongs to
        return self._pool.submit(copy_context().run, self._brought, rows)

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
