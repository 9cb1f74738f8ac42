"""Batches: created once per idempotency key, moved by compare-and-set, leased to be worked on."""

from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from jobs.adapters.sql import outbox, pages, quotas, tidying, turns, wishes
from jobs.adapters.sql.batch_rows import MOVED, from_row, in_state, to_row
from jobs.adapters.sql.database import Database, now
from jobs.adapters.sql.prepared import Prepared, Row
from jobs.adapters.sql.tables import batches, open_shard, shards
from jobs.core import events, wire
from jobs.core.batch import FINISHED, Batch, State
from jobs.core.errors import Conflict, Fenced, IllegalMove, NotFound
from jobs.core.limits import NO_LIMITS, Limits
from jobs.core.page import ALL, Found, Page, Which

_RUNNING = (State.IN_PROGRESS, State.CANCELLING)


class Batches:
    """All statements about batches; shards have their own file."""

    def __init__(self, database: Database, url: str) -> None:
        self._db = database
        self._url = url

    def create(
        self,
        batch: Batch,
        *,
        key: str | None,
        request_hash: str,
        limits: Limits = NO_LIMITS,
        expected_rows: int = 0,
    ) -> Batch:
        """Keep a new batch; the same key and request give back the one that is there.

        Its window begins now by the database's clock, by which it will also end: the clock of this
        host may be wrong.

        Args:
            expected_rows: counts against the limits until the manifest is checked.

        Raises:
            Conflict: the key was used for another request.
            TooMany: the token has too much under way.
        """
        row = to_row(batch) | {"idempotency_key": key, "request_hash": request_hash}
        window_s = (batch.expires_at - batch.created_at).total_seconds()
        row |= {"created_at": now(), "expires_at": now() + window_s}
        row["expected_rows"] = expected_rows
        query = insert(batches).values(**row).returning(batches)
        try:
            with self._db.write() as connection:
                quotas.admit_batch(connection, batch.token, limits, expected_rows)
                batch = from_row(connection.execute(query).mappings().one())
                self.announce(connection, batch, batch.created_at)
        except IntegrityError:
            kept = self.find(batch.owner, key, request_hash) if key is not None else None
            if kept is None:
                raise
            return kept
        return batch

    def get(self, id: str, owner: str | None = None) -> Batch:
        """One batch; another owner's is not found."""
        found = self._db.ask(_one(), this=id)
        if not found or owner not in (None, found[0]["owner"]):
            raise NotFound("batch", id)
        return from_row(found[0])

    def find(self, owner: str, key: str, request_hash: str) -> Batch | None:
        """The batch that this key made before, if it did.

        Raises:
            Conflict: the key was used for another request.
        """
        row = wishes.by_key(self._db, batches, owner, key, request_hash)
        return from_row(row) if row is not None else None

    def alike(self, owner: str, token: str, request_hash: str, since: datetime) -> Batch | None:
        """The newest batch since then that this token made by the same request."""
        who = {"owner": owner, "token": token, "request_hash": request_hash}
        row = wishes.newest_alike(self._db, batches, "batch", since, **who)
        return from_row(row) if row is not None else None

    def newest(
        self,
        owner: str,
        page: Page,
        which: Which = ALL,
        *,
        with_results: bool = False,
        oldest_first: bool = False,
    ) -> Found[Batch]:
        """Those that are asked for; the newest first, unless the oldest are wanted first."""
        query = select(batches).where(batches.c.owner == owner)
        query = pages.only(query, batches, "batch", which)
        if which.states:
            query = query.where(in_state(which.states))
        if with_results:
            query = query.where(batches.c.results.is_not(None))
        by = (batches.c.id,)
        found = pages.fetch(self._db, query, by, page, newest_first=not oldest_first)
        return found.map(from_row)

    def live(self, id: str, owner: str) -> tuple[Batch, int]:
        """A batch, and the rows that attempts have done beyond its counts, at one moment."""
        found = self._db.ask(_live(), this=id, whose=owner)
        if not found:
            raise NotFound("batch", id)
        return from_row(found[0]), int(found[0]["running"])

    def locked(self, connection: Connection, id: str) -> Batch:
        """The batch as it is now, held until the transaction ends.

        Whoever changes a batch and its shards locks the batch first, then the shards.
        """
        found = _locked().rows(connection, {"this": id})
        if not found:
            raise NotFound("batch", id)
        return from_row(found[0])

    def move(self, batch: Batch, state: State, at: datetime, **changes: Any) -> Batch:
        """Save a move made by whoever holds the lease, and its event.

        Raises:
            Fenced: the batch is in another state by now, or someone else holds it.
        """
        new, _ = batch.to(state, at, **changes)
        with self._db.write() as connection:
            self.save(connection, batch, new)
        return new

    def save(self, connection: Connection, old: Batch, new: Batch) -> None:
        """Compare-and-set on state and token, and the event of the move."""
        row = to_row(new)
        values = {f"new_{name}": row[name] for name in MOVED}
        held = {"this": old.id, "is_in": old.state.value, "by": old.lease_token}
        if _saved(ended=new.state in FINISHED).change(connection, held | values) != 1:
            raise Fenced(f"batch {old.id} moved on without this attempt")
        at = datetime.fromtimestamp(new.times[new.state.value], tz=new.created_at.tzinfo)
        self.announce(connection, new, at)

    def announce(self, connection: Connection, batch: Batch, at: datetime) -> None:
        """The event that the batch's state makes."""
        event = events.of_batch(batch, at)
        if event:
            data = wire.batch(batch, self._url)
            outbox.emit(
                connection,
                event,
                data,
                owner=batch.owner,
                url=batch.webhook,
                filter=batch.webhook_events,
                format=batch.webhook_format,
                traceparent=batch.traceparent,
            )

    def claim(self, id: str, lease_s: float) -> Batch | None:
        """Lease a batch that is to be validated or finalized; None if there is nothing to do."""
        with self._db.write() as connection:
            found = _claimed().rows(connection, {"this": id, "for_s": lease_s})
        return from_row(found[0]) if found else None

    def renew(self, batch: Batch, lease_s: float) -> bool:
        """Hold on to a batch, also one whose lease ran out but that nobody took."""
        with self._db.write() as connection:
            done = connection.execute(
                update(batches)
                .where(*_held(batch.id, batch.state.value, batch.lease_token))
                .values(lease_until=now() + lease_s)
            )
        return done.rowcount == 1

    def give_back(self, batch: Batch) -> None:
        """Let go of a batch that is being validated or finalized, so that another does it now."""
        with self._db.write() as connection:
            connection.execute(
                update(batches)
                .where(*_held(batch.id, batch.state.value, batch.lease_token))
                .values(lease_until=None)
            )

    def stop(self, id: str, why: str, at: datetime) -> Batch:
        """Begin to cancel or expire a batch; what is done is kept.

        Raises:
            IllegalMove: it is finalizing, or has ended.
        """
        with self._db.write() as connection:
            old = self.locked(connection, id)
            if old.state is State.CANCELLING:
                return old
            if old.state is State.VALIDATING:
                new, _ = old.to(State(why), at)
                self.save(connection, old, new)
                return new
            return self.settle(connection, self._stopping(connection, old, why, at), at)

    def _stopping(self, connection: Connection, old: Batch, why: str, at: datetime) -> Batch:
        if why == "cancelled":
            new, _ = old.to(State.CANCELLING, at, stop=why)
            self.save(connection, old, new)
            return new
        # a batch whose window is over has no state of its own while its attempts end
        if old.state is not State.IN_PROGRESS:
            raise IllegalMove(old.id, old.state.value, why)
        connection.execute(update(batches).where(batches.c.id == old.id).values(stop=why))
        return replace(old, stop=why)

    def settle(self, connection: Connection, batch: Batch, at: datetime) -> Batch:
        """Go on to finalizing once nothing is left to run or, if stopped, nothing is running.

        `batch` is locked by this transaction.
        """
        if batch.state not in _RUNNING or (not batch.stop and batch.cursor < batch.rows):
            return batch
        if _left(stopped=bool(batch.stop)).rows(connection, {"of": batch.id}):
            return batch
        new, _ = batch.to(State.FINALIZING, at)
        self.save(connection, batch, new)
        return new

    def pause(self, id: str, paused: bool) -> Batch:
        """Have no more of its rows run, or have them run again; what is under way hears of it.

        Raises:
            Conflict: its rows have all been run, or it is stopped.
        """
        with self._db.write() as connection:
            old = self.locked(connection, id)
            if old.stop or old.state not in (State.VALIDATING, State.IN_PROGRESS):
                verb = "paused" if paused else "resumed"
                raise Conflict(f"batch {id} is {old.state} and cannot be {verb}")
            flag = update(batches).where(batches.c.id == id).values(paused=int(paused))
            connection.execute(flag)
        return replace(old, paused=paused)

    def due(self, *, after: str = "", limit: int = 100, hardware: str | None = None) -> list[str]:
        """Ids, in their order and beyond `after`, of batches that a worker could do something for.

        They have rows that nobody runs and that ask for this class of hardware. Those to be
        validated or finalized ask for none.
        """
        asked = turns.asked_class(hardware)
        return self._db.ids(_due(classed=bool(asked)), after=after, limit=limit, **asked)

    def overdue(self) -> list[str]:
        """Batches whose window is over, by the database's clock, while rows are still to run."""
        return self._db.ids(_overdue())

    def stopping(self) -> list[str]:
        """Batches that wait for the last attempts at their shards to end."""
        return self._db.ids(_stopping())

    def untidy(self, again_s: float) -> Batch | None:
        """A batch that ended a while ago and was not tidied; None if there is none.

        Unless `tidied` is called it comes again after `again_s`.
        """
        with self._db.write() as connection:
            row = tidying.claim(connection, batches, again_s)
        return from_row(row) if row else None

    def tidied(self, id: str) -> None:
        """Nothing is left of it that nobody committed."""
        with self._db.write() as connection:
            tidying.done(connection, batches, id)


@cache
def _one() -> Prepared:
    return Prepared(select(batches).where(batches.c.id == bindparam("this")))


@cache
def _locked() -> Prepared:
    return Prepared(select(batches).where(batches.c.id == bindparam("this")).with_for_update())


@cache
def _claimed() -> Prepared:
    until = now() + bindparam("for_s", type_=Float)
    return Prepared(
        update(batches)
        .where(batches.c.id == bindparam("this"), turns.chore_waits())
        .values(lease_token=batches.c.lease_token + 1, lease_until=until)
        .returning(batches)
    )


@cache
def _saved(*, ended: bool) -> Prepared:
    values: Row = {name: bindparam(f"new_{name}") for name in MOVED}
    if ended:
        values["tidy_at"] = tidying.later()
    held = _held(bindparam("this"), bindparam("is_in"), bindparam("by"))
    return Prepared(update(batches).where(*held).values(**values, lease_until=None))


def _held(id: Any, state: Any, token: Any) -> tuple[ColumnElement[bool], ...]:
    return batches.c.id == id, batches.c.state == state, batches.c.lease_token == token


@cache
def _left(*, stopped: bool) -> Prepared:
    left = select(shards.c.first).where(shards.c.batch == bindparam("of"), open_shard())
    if stopped:
        left = left.where(shards.c.state == "leased")
    return Prepared(left.limit(1))


@cache
def _live() -> Prepared:
    """An owner's batch, and the rows that running attempts have done; all who watch ask it."""
    progress = select(func.coalesce(func.sum(shards.c.progress), 0)).where(
        shards.c.batch == batches.c.id, open_shard(), shards.c.state == "leased"
    )
    query = select(batches, progress.scalar_subquery().label("running"))
    mine = (batches.c.id == bindparam("this"), batches.c.owner == bindparam("whose"))
    return Prepared(query.where(*mine))


@cache
def _due(*, classed: bool) -> Prepared:
    ready = and_(turns.rows_wait(), turns.of_class(batches.c.hardware, classed))
    if not classed:
        ready = or_(turns.chore_waits(), ready)
    return turns.page(select(batches.c.id).where(ready), batches.c.id)


@cache
def _overdue() -> Prepared:
    return Prepared(
        select(batches.c.id).where(
            batches.c.expires_at < now(),
            batches.c.state.in_((State.VALIDATING, State.IN_PROGRESS)),
            batches.c.stop.is_(None),
        )
    )


@cache
def _stopping() -> Prepared:
    stopped = (batches.c.state.in_(_RUNNING), batches.c.stop.is_not(None))
    return Prepared(select(batches.c.id).where(*stopped))
