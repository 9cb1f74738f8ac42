"""A worker with a defect planted in it: the checker must catch each.

`python -m tests.acceptance.chaos.defects NAME worker …` is `penstock worker …` with that defect.
The product knows nothing of this; its functions are replaced from here, in this process alone.
"""

import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from jobs.adapters.sql import batches, outbox, shards
from jobs.adapters.sql.tables import shards as table
from jobs.cli.main import main
from jobs.core.batch import State
from jobs.worker import finalize, leases, shard, validate

#: how long after its move an event is written, by who does not do it in the move's transaction
LATE_S = 1.0
#: how long leases last here, and how often they are renewed: a test has to wait for their ends
LEASE_S, RENEW_EVERY_S = 2.5, 0.3


def fencing_off() -> None:
    """Whoever had a shard once may renew and commit it, whoever has it now."""

    def held(batch: Any, first: Any, token: Any) -> tuple[Any, ...]:
        return (table.c.batch == batch, table.c.first == first)

    def renew(self: Any) -> None:
        while not self._end.wait(leases.RENEW_EVERY_S):
            with suppress(Exception):
                self._renew()

    shards._held_by = held
    shards._done.cache_clear()  # if it was made already, with the fence
    leases.Lease._run = renew  # type: ignore[method-assign]


def outbox_outside() -> None:
    """An event is written a little later, in a transaction of its own."""
    emit = outbox.emit

    def announce(self: Any, connection: Any, batch: Any, at: Any) -> None:
        event = batches.events.of_batch(batch, at)
        if event is None:
            return
        data = batches.wire.batch(batch, self._url)
        more = {"owner": batch.owner, "url": batch.webhook, "filter": batch.webhook_events}

        def later() -> None:
            with self._db.write() as own:
                emit(own, event, data, **more)

        threading.Timer(LATE_S, later).start()

    batches.Batches.announce = announce  # type: ignore[method-assign]


def renewal_off() -> None:
    """A lease is never renewed, and its holder does not notice."""
    leases.Lease._run = lambda self: None  # type: ignore[method-assign]


def coverage_off() -> None:
    """A batch is finalized once its last shard is cut, whatever became of the others."""

    def settle(self: Any, connection: Any, batch: Any, at: Any) -> Any:
        if batch.state is not State.IN_PROGRESS or batch.cursor < batch.rows:
            return batch
        new, _ = batch.to(State.FINALIZING, at)
        self.save(connection, batch, new)
        return new

    batches.Batches.settle = settle  # type: ignore[method-assign]
    finalize.covers = lambda parts, rows: True
    finalize._gaps = lambda done, rows: []


DEFECTS: dict[str, Callable[[], None]] = {
    "fencing_off": fencing_off,
    "outbox_outside": outbox_outside,
    "renewal_off": renewal_off,
    "coverage_off": coverage_off,
}

if __name__ == "__main__":
    for holder in (validate, shard, finalize):
        holder.LEASE_S = LEASE_S  # type: ignore[attr-defined]
    leases.RENEW_EVERY_S = RENEW_EVERY_S
    DEFECTS[sys.argv.pop(1)]()
    main()
