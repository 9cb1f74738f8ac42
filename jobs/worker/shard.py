"""One shard's life: claim → compute → store → settle."""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace

from jobs.core import outputs
from jobs.core.batch import LOSSES_BEFORE_SPLIT, MAX_ATTEMPTS, Batch, Shard
from jobs.core.errors import BlobError, Fenced, SetupFailed, Unavailable
from jobs.core.prediction import Failed
from jobs.core.version import Version
from jobs.ports import Blobs, Clock, Store, Stored, Telemetry, Work
from jobs.worker.attempt import Attempt
from jobs.worker.compute import Compute, Task
from jobs.worker.drain import Drain
from jobs.worker.gather import Gather
from jobs.worker.leases import LEASE_S, Lease
from jobs.worker.rows import setup_failed
from jobs.worker.seats import UNBOUND, Seats
from jobs.worker.unwatched import UNWATCHED

LOST = Failed("worker_crashed", "every attempt at this row ended with its worker")

#: what a row that failed like this took says nothing about the others
COSTLY = {"worker_crashed", "timeout", "setup_failed", "out_of_memory", "disk_full"}
#: a new measurement that differs by less than this part of the old one is not kept
NEAR = 0.2


class Shards:
    """Runs the shards whose turn it is.

    Args:
        seats: what this worker may run, and had better go on with.
        gather: told of what is committed.
    """

    def __init__(
        self,
        store: Store,
        blobs: Blobs,
        compute: Compute,
        drain: Drain,
        clock: Clock,
        telemetry: Telemetry = UNWATCHED,
        seats: Seats = UNBOUND,
        gather: Gather | None = None,
    ) -> None:
        #: of its shards, and of the worker that runs them
        self.telemetry = telemetry
        self._drain = drain
        self._store = store
        self._blobs = blobs
        self._compute = compute
        self._clock = clock
        self._seats = seats
        #: the outputs that are put together meanwhile; whoever finalizes asks for them
        self.gather = gather or Gather(blobs, clock)
        self._turn = threading.Lock()
        self._under_way: list[Lease] = []

    def run_next(self, began: Callable[[], object] = bool) -> bool:
        """Claim and run one shard; False if there was none. `began` is called once it is claimed.

        A shard that has lost a worker runs alone: should it take this one down as well, no other
        shard pays for it with a loss of its own.
        """
        with ExitStack() as seat, ExitStack() as turn:
            turn.enter_context(self._turn)
            claimed = self._claimed(seat)
            if claimed is None:
                return False
            batch, shard, version = claimed
            if not shard.losses:
                turn.close()
            began()
            ids = {"batch": batch.id, "shard": shard.first}
            with self.telemetry.work("shard", parent=batch.traceparent, **ids) as work:
                self._attempt(batch, shard, version, work)
        return True

    def make_way(self) -> None:
        """If the next batch was never served, have one shard end at its next boundary.

        What it has done is committed, the rest is queued again.
        """
        leases = list(self._under_way)
        if not leases or any(lease.pause.is_set() for lease in leases):
            return
        if self._store.turns.newcomer(self._seats.served, self._seats.closed()) is not None:
            leases[0].pause.set()

    def _claimed(self, held: ExitStack) -> tuple[Batch, Shard, Version] | None:
        """A shard of the batch whose turn it is, or of the next where another worker was first.

        What came through a deployment needs a seat, which `held` keeps.
        """
        seats = self._seats
        for id in self._store.turns.rows(seats.served, seats.preferred(), seats.closed()):
            batch: Batch = self._store.batches.get(id)
            version: Version = self._store.models.version(batch.version, batch.model)
            with ExitStack() as seat:
                asked = (batch.deployment, batch.model, batch.version)
                if not seat.enter_context(seats.seat(*asked)):
                    continue
                claim = self._store.shards.claim(id, LEASE_S, version.seconds_per_item)
                if claim is not None:
                    held.push(seat.pop_all())
                    return claim.batch, claim.shard, version
        return None

    def _attempt(self, batch: Batch, shard: Shard, version: Version, work: Work) -> None:
        attempt = Attempt.begin(sync=self._blobs.moves)

        renew = self._store.shards.renew
        try:
            with Lease(
                lambda: str(renew(shard, LEASE_S, attempt.rows)),
                lambda: self._store.shards.give_back(shard, self._clock(), failed=False),
                self._drain,
            ) as lease:
                self._under_way.append(lease)
                try:
                    self._run(Task(batch, shard, version, attempt, lease))
                finally:
                    self._under_way.remove(lease)
        except Fenced:
            work.end("lost")
        except (BlobError, Unavailable, OSError):
            # a store or the disk is away: the rows are not to blame
            self._store.shards.give_back(shard, self._clock(), failed=False)
            raise
        except Exception:
            self._store.shards.lose(shard)
            raise
        finally:
            attempt.end()

    def _run(self, task: Task) -> None:
        shard, attempt = task.shard, task.attempt
        try:
            if shard.losses >= LOSSES_BEFORE_SPLIT and shard.rows == 1:
                self._compute.fail(task, LOST)
            else:
                with self.telemetry.work("compute"):
                    self._compute.run(task)
        except SetupFailed as error:
            # another worker may do better; after several attempts the rows become error rows
            if shard.attempts + 1 < MAX_ATTEMPTS:
                self._store.shards.give_back(shard, self._clock(), failed=True)
                return
            self._compute.fail(task, setup_failed(error))
        self._commit(task)
        if attempt.succeeded and attempt.codes.keys().isdisjoint(COSTLY):
            self._measured(task, attempt.seconds / attempt.succeeded)

    def _measured(self, task: Task, seconds_per_item: float) -> None:
        known = task.version.seconds_per_item
        if known is None or abs(seconds_per_item - known) > known * NEAR:
            self._store.models.measured(task.batch.model, task.version.id, seconds_per_item)

    def _commit(self, task: Task) -> None:
        shard, attempt = task.shard, task.attempt
        if attempt.rows == 0:
            self._store.shards.give_back(shard, self._clock(), failed=False)
            return
        prefix = outputs.attempt_prefix(task.batch.id, shard.first, shard.lease_token)
        output = Stored(f"{prefix}output.jsonl", *attempt.finished())
        with self.telemetry.work("store"):
            self._blobs.take({prefix + name: file for name, file in attempt.files()})
        done = replace(
            shard,
            rows=attempt.rows,
            output=prefix,
            succeeded=attempt.succeeded,
            failed=attempt.failed,
            seconds=attempt.seconds,
        )
        self._store.shards.commit(shard, done, self._clock())
        self.gather.committed(task.batch, done, output)
        self.telemetry.committed(attempt.succeeded, attempt.codes)
