"""Shards: cut at a batch's cursor, leased with a fencing token, committed once."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    and_,
    bindparam,
    insert,
    or_,
    select,
    update,
)

from jobs.adapters.sql import turns
from jobs.adapters.sql.batch_rows import from_row
from jobs.adapters.sql.batches import Batches
from jobs.adapters.sql.database import Database, now
from jobs.adapters.sql.prepared import Prepared, Row
from jobs.adapters.sql.tables import batches, open_shard, shards
from jobs.core.batch import (
    LOSSES_BEFORE_SPLIT,
    Batch,
    Shard,
    ShardState,
    State,
    expected_s,
    halves,
    rest,
    shard_rows,
)
from jobs.core.errors import Fenced, NotFound

#: what an attempt that is chosen says of itself
_COMMITTED = ("rows", "output", "succeeded", "failed", "seconds")


@dataclass(frozen=True)
class Claim:
    """A shard that this worker holds, and the batch it belongs to."""

    shard: Shard
    batch: Batch


def shard_from(row: Row) -> Shard:
    """A row as the value it keeps."""
    fields = {name: row[name] for name in Shard.__dataclass_fields__}
    return Shard(**fields | {"state": ShardState(row["state"])})


class Shards:
    """All statements about shards.

    Whoever changes a shard holds its batch's row, so that cutting, committing and stopping take
    turns; only a renewal does without, since it is frequent and the token is enough.
    """

    def __init__(self, database: Database, batch_store: Batches) -> None:
        self._db = database
        self._batches = batch_store

    def claim(self, batch_id: str, lease_s: float, seconds_per_item: float | None) -> Claim | None:
        """Lease one shard: a returned or lost one first, else the next rows at the cursor."""
        with self._db.write() as connection:
            try:
                batch = self._batches.locked(connection, batch_id)
            except NotFound:
                return None
            if batch.state is not State.IN_PROGRESS or batch.stop or batch.paused:
                return None
            shard = self._returned(connection, batch)
            shard = shard or self._cut(connection, batch, seconds_per_item)
            if shard is None:
                return None
            cost_s = expected_s(shard.rows, seconds_per_item)
            turns.charge(connection, batch.id, batch.owner, cost_s)
            return Claim(self._lease(connection, shard, lease_s, cost_s), batch)

    def _returned(self, connection: Connection, batch: Batch) -> Shard | None:
        found = _first_free().rows(connection, {"of": batch.id})
        if not found:
            return None
        shard = shard_from(found[0])
        return self._lost(connection, shard) if shard.state is ShardState.LEASED else shard

    def _lost(self, connection: Connection, shard: Shard) -> Shard:
        """Count the loss; after several, split the shard so that a poisonous row comes out."""
        connection.execute(
            update(batches)
            .where(batches.c.id == shard.batch)
            .values(shards_redone=batches.c.shards_redone + 1)
        )
        losses = shard.losses + 1
        if losses < LOSSES_BEFORE_SPLIT or shard.rows == 1:
            self._set(connection, shard, losses=losses)
            return replace(shard, losses=losses)
        head, tail = halves(shard)
        self._set(connection, shard, rows=head.rows, losses=0, attempts=0)
        _new().change(connection, _row(tail))
        return head

    def _cut(
        self, connection: Connection, batch: Batch, seconds_per_item: float | None
    ) -> Shard | None:
        remaining = batch.rows - batch.cursor
        if remaining <= 0:
            return None
        rows = shard_rows(remaining, seconds_per_item, is_first=not batch.cursor)
        shard = Shard(batch=batch.id, first=batch.cursor, rows=rows)
        _new().change(connection, _row(shard))
        _begun_up_to().change(connection, {"this": batch.id, "next": batch.cursor + rows})
        return shard

    def _set(self, connection: Connection, shard: Shard, **values: object) -> None:
        connection.execute(
            update(shards)
            .where(shards.c.batch == shard.batch, shards.c.first == shard.first)
            .values(**values)
        )

    def _lease(self, connection: Connection, shard: Shard, lease_s: float, cost_s: float) -> Shard:
        asked = {"of": shard.batch, "at": shard.first, "for_s": lease_s, "cost_s": cost_s}
        return shard_from(_leased().rows(connection, asked)[0])

    def renew(self, shard: Shard, lease_s: float, progress: int) -> str:
        """Hold on and say how far the attempt is; answers "go", "pause", "stop" or "lost"."""
        with self._db.write() as connection:
            done = connection.execute(
                update(shards)
                .where(*_held(shard))
                .values(lease_until=now() + lease_s, progress=progress)
            )
            if done.rowcount != 1:
                return "lost"
            batch = connection.execute(
                select(batches.c.stop, batches.c.paused).where(batches.c.id == shard.batch)
            ).one()
        if batch.stop:
            return "stop"
        return "pause" if batch.paused else "go"

    def commit(self, shard: Shard, done: Shard, at: datetime) -> Batch:
        """Choose this attempt's output; `done` may be a shorter prefix.

        The rest is queued again, unless the batch was stopped.

        Raises:
            Fenced: the lease was taken by someone else; nothing was changed.
        """
        with self._db.write() as connection:
            batch = self._batches.locked(connection, shard.batch)
            new = {f"new_{name}": getattr(done, name) for name in _COMMITTED}
            held = {"of": shard.batch, "at": shard.first, "by": shard.lease_token}
            if _done().change(connection, held | new) != 1:
                raise Fenced(f"shard {shard.first} of {shard.batch} was taken over")
            if done.rows < shard.rows and not batch.stop:
                _new().change(connection, _row(rest(shard, done.rows)))
            turns.correct(connection, batch.owner, done.seconds - shard.seconds)
            more = {"of": shard.batch, "good": done.succeeded, "bad": done.failed}
            batch = from_row(_counted().rows(connection, more)[0])
            return self._batches.settle(connection, batch, at)

    def lose(self, shard: Shard) -> None:
        """Count an attempt as lost now, as if its worker had died of it."""
        with self._db.write() as connection:
            connection.execute(update(shards).where(*_held(shard)).values(lease_until=0.0))

    def give_back(self, shard: Shard, at: datetime, *, failed: bool) -> None:
        """Hand an uncommitted shard back; `failed` counts an attempt."""
        with self._db.write() as connection:
            batch = self._batches.locked(connection, shard.batch)
            attempts = shard.attempts + (1 if failed else 0)
            connection.execute(
                update(shards)
                .where(*_held(shard))
                .values(state="queued", attempts=attempts, lease_until=None, progress=0)
            )
            self._batches.settle(connection, batch, at)

    def drop_lost(self, batch_id: str, at: datetime) -> None:
        """Take the lost shards of a stopped batch back, so that it can be finalized without."""
        with self._db.write() as connection:
            batch = self._batches.locked(connection, batch_id)
            if batch.stop and batch.state in (State.IN_PROGRESS, State.CANCELLING):
                connection.execute(
                    update(shards)
                    .where(shards.c.batch == batch_id, open_shard(), _lost())
                    .values(state="queued", lease_until=None, progress=0)
                )
                self._batches.settle(connection, batch, at)

    def done(self, batch_id: str) -> list[Shard]:
        """The committed shards in row order."""
        return [shard_from(row) for row in self._db.ask(_all_done(), of=batch_id)]

    def is_committed(self, batch_id: str, output: str) -> bool:
        """Whether the attempt that wrote under this prefix was chosen."""
        query = select(shards.c.first).where(
            shards.c.batch == batch_id, shards.c.output == output, shards.c.state == "done"
        )
        with self._db.read() as connection:
            return connection.execute(query.limit(1)).first() is not None


@cache
def _first_free() -> Prepared:
    return Prepared(
        select(shards)
        .where(shards.c.batch == bindparam("of"), open_shard())
        .where(or_(shards.c.state == "queued", _lost()))
        .order_by(shards.c.first)
        .limit(1)
        # a lost shard whose row is locked is being renewed at this moment
        .with_for_update(skip_locked=True)
    )


@cache
def _new() -> Prepared:
    return Prepared(insert(shards), [*Shard.__dataclass_fields__, "progress"])


@cache
def _begun_up_to() -> Prepared:
    this = batches.c.id == bindparam("this")
    return Prepared(update(batches).where(this).values(cursor=bindparam("next")))


@cache
def _leased() -> Prepared:
    return Prepared(
        update(shards)
        .where(shards.c.batch == bindparam("of"), shards.c.first == bindparam("at"))
        .values(
            state="leased",
            lease_token=shards.c.lease_token + 1,
            lease_until=now() + bindparam("for_s", type_=Float),
            progress=0,
            seconds=bindparam("cost_s"),
        )
        .returning(shards)
    )


@cache
def _done() -> Prepared:
    values: Row = {name: bindparam(f"new_{name}") for name in _COMMITTED}
    held = _held_by(bindparam("of"), bindparam("at"), bindparam("by"))
    over = {"state": "done", "lease_until": None, "progress": 0}
    return Prepared(update(shards).where(*held).values(**values, **over))


@cache
def _counted() -> Prepared:
    return Prepared(
        update(batches)
        .where(batches.c.id == bindparam("of"))
        .values(
            completed=batches.c.completed + bindparam("good"),
            failed=batches.c.failed + bindparam("bad"),
            shards_done=batches.c.shards_done + 1,
        )
        .returning(batches)
    )


@cache
def _all_done() -> Prepared:
    done = (shards.c.batch == bindparam("of"), shards.c.state == "done")
    return Prepared(select(shards).where(*done).order_by(shards.c.first))


def _row(shard: Shard) -> dict[str, object]:
    fields = {name: getattr(shard, name) for name in Shard.__dataclass_fields__}
    return fields | {"state": shard.state.value, "progress": 0}


def _lost() -> ColumnElement[bool]:
    return and_(shards.c.state == "leased", shards.c.lease_until < now())


def _held(shard: Shard) -> tuple[Any, ...]:
    return _held_by(shard.batch, shard.first, shard.lease_token)


def _held_by(batch: Any, first: Any, token: Any) -> tuple[Any, ...]:
    return (
        shards.c.batch == batch,
        shards.c.first == first,
        shards.c.state == "leased",
        shards.c.lease_token == token,
    )
