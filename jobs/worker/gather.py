"""What finalizing need not do: the output of a batch that was run here is there, or nearly so.

Finalizing reads, hashes and writes every result once more, while the model and its process have
nothing to do. The output of a batch's only shard is the batch's, as it is. That of a quick batch is
put together while its later shards are run.
"""

import logging
import queue
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import NamedTuple

from jobs.core import outputs
from jobs.core.batch import Batch, Shard
from jobs.core.errors import JobsError
from jobs.ports import Blobs, Clock, Stored

#: batches that are gathered at a time
MOST = 4
#: outputs of only shards that are known
MOST_WHOLE = 256
#: of fewer rows there is little to gain, and of a batch that takes longer as well
LEAST_ROWS, MOST_S = 20_000, 300.0
#: shards that wait for an earlier one: with more of them it is not this process that runs it
MOST_AHEAD = 2
log = logging.getLogger(__name__)


class Gathered(NamedTuple):
    """What came of it."""

    #: the key prefix of the results, which is this batch's alone
    prefix: str
    output: Stored


class _Dropped(Exception):
    """Nobody wants it any more."""


class _Gathering:
    """One batch's output, written by a thread as shards are committed."""

    def __init__(self, blobs: Blobs, prefix: str, until: float) -> None:
        self.prefix = prefix
        #: on the clock; whoever was to finalize it has gone elsewhere by then
        self.until = until
        self._blobs = blobs
        self._queue: queue.SimpleQueue[Shard | _Dropped | None] = queue.SimpleQueue()
        self._taken: list[Shard] = []
        self._ahead: dict[int, Shard] = {}
        self._next = 0
        self._stored: Future[Stored] = Future()
        threading.Thread(target=self._run, daemon=True, name="gather").start()

    def add(self, shard: Shard) -> bool:
        """Take a committed shard when those before it have come; False: they do not come here."""
        self._ahead[shard.first] = shard
        while found := self._ahead.pop(self._next, None):
            self._queue.put(found)
            self._taken.append(found)
            self._next += found.rows
        return len(self._ahead) <= MOST_AHEAD

    def finished(self, done: Sequence[Shard]) -> Stored | None:
        """The whole output, of these shards; None if it is not to be had."""
        taken = [(shard.first, shard.rows, shard.output) for shard in self._taken]
        if taken != [(shard.first, shard.rows, shard.output) for shard in done[: len(taken)]]:
            self.drop()
            return None
        for shard in done[len(taken) :]:
            self._queue.put(shard)
        self._queue.put(None)
        try:
            return self._stored.result()
        except (JobsError, OSError) as error:
            log.warning("an output is put together anew: %s", error)
            return None

    def drop(self) -> None:
        """Leave nothing of it."""
        self._queue.put(_Dropped())

    def _run(self) -> None:
        key, kind = f"{self.prefix}output.jsonl", "application/jsonl"
        try:
            self._stored.set_result(self._blobs.put(key, self._chunks(), content_type=kind))
        except BaseException as error:  # whoever asks for it is told
            self._stored.set_exception(error)

    def _chunks(self) -> Iterator[bytes | memoryview]:
        while (shard := self._queue.get()) is not None:
            if isinstance(shard, _Dropped):
                raise shard
            if shard.succeeded:
                yield from self._blobs.pieces(f"{shard.output}output.jsonl")


class Gather:
    """The batches of this process whose outputs are there, or being put together."""

    def __init__(self, blobs: Blobs, clock: Clock) -> None:
        self._blobs = blobs
        self._clock = clock
        self._lock = threading.Lock()
        self._open: dict[str, _Gathering] = {}
        self._whole: dict[str, Stored] = {}

    def committed(self, batch: Batch, shard: Shard, output: Stored) -> None:
        """A shard of the batch is done: its output is in the store, and stays as it is."""
        with self._lock:
            if shard.rows == batch.rows and shard.succeeded:
                self._whole[batch.id] = output
                if len(self._whole) > MOST_WHOLE:  # others have finalized the eldest
                    del self._whole[next(iter(self._whole))]
                return
            gathering = self._open.get(batch.id)
            if gathering is None and shard.first == 0 and _is_worth_it(batch, shard):
                gathering = self._begun(batch)
            if gathering is not None and not gathering.add(shard):
                self._open.pop(batch.id).drop()

    def finished(self, batch: str, done: Sequence[Shard]) -> Gathered | None:
        """The output of all its shards, if there is one; it is not there twice."""
        with self._lock:
            gathering, whole = self._open.pop(batch, None), self._whole.pop(batch, None)
        if whole is not None:
            return self._copied(batch, whole)
        stored = gathering and gathering.finished(done)
        return Gathered(gathering.prefix, stored) if gathering and stored else None

    def _copied(self, batch: str, whole: Stored) -> Gathered | None:
        prefix = self._prefix(batch)
        key = f"{prefix}output.jsonl"
        try:
            self._blobs.copy(whole.key, key)
        except JobsError as error:
            log.warning("an output is written anew: %s", error)
            return None
        return Gathered(prefix, replace(whole, key=key))

    def _prefix(self, batch: str) -> str:
        # tokens of leases are small numbers, and a time in microseconds is none of them
        return outputs.final_prefix(batch, int(self._clock().timestamp() * 1e6))

    def _begun(self, batch: Batch) -> _Gathering | None:
        now = self._clock().timestamp()
        for id, old in list(self._open.items()):
            if old.until < now:
                self._open.pop(id).drop()
        if len(self._open) >= MOST:
            return None
        self._open[batch.id] = _Gathering(self._blobs, self._prefix(batch.id), now + 2 * MOST_S)
        return self._open[batch.id]


def _is_worth_it(batch: Batch, shard: Shard) -> bool:
    expected_s = shard.seconds / max(1, shard.rows) * batch.rows
    return LEAST_ROWS <= batch.rows != shard.rows and expected_s <= MOST_S
