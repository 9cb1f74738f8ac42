"""What is removed for good: its rows in one transaction, which also notes what objects must go."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from jobs.adapters.sql.database import Database, now
from jobs.adapters.sql.deployments import deployed
from jobs.adapters.sql.tables import (
    aliases,
    attempts,
    batches,
    deliveries,
    endpoints,
    events,
    files,
    models,
    predictions,
    removals,
    shards,
    versions,
)
from jobs.core import batch, outputs, prediction, training
from jobs.core.errors import Conflict, NotFound
from jobs.core.ids import earliest_id
from jobs.core.version import State as Version

_LIVE = [state.value for state in batch.State if state not in batch.FINISHED]
_ENDED = [state.value for state in batch.FINISHED]
_OPEN = [state.value for state in prediction.State if state not in prediction.FINISHED]


@dataclass(frozen=True)
class Removal:
    """A folder of the object store, and whether this is the last time that it is emptied."""

    prefix: str
    last: bool


class Removals:
    """Statements that forget; whoever looks afterwards finds nothing, though objects may lie."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def batch(self, id: str, owner: str | None = None) -> None:
        """Forget a batch that has ended, its shards, events and deliveries, also pending ones.

        Raises:
            NotFound: there is none, or it is another's.
            Conflict: it has not ended, or the batch that retries its rows has not.
        """
        with self._db.write() as connection:
            state = _locked(connection, batches, "batch", id, owner)
            if state not in _ENDED:
                raise Conflict(f"batch {id} is {state}; cancel it, or wait until it has ended")
            if (child := _child(connection, id)) is not None:
                raise Conflict(f"batch {child} retries its rows; cancel it, or wait for it")
            connection.execute(delete(shards).where(shards.c.batch == id))
            _forgotten(connection, batches, id, outputs.batch_prefix(id))

    def prediction(self, id: str, owner: str | None = None) -> None:
        """Forget a prediction that has ended, its events and deliveries, also pending ones.

        Raises:
            NotFound: there is none, or it is another's.
            Conflict: it has not ended.
        """
        with self._db.write() as connection:
            state = _locked(connection, predictions, "prediction", id, owner)
            if state not in prediction.FINISHED:
                raise Conflict(f"prediction {id} is {state}; cancel it, or wait until it has ended")
            _forgotten(connection, predictions, id, outputs.prediction_folder(id))

    def version(self, model: str, id: str, owner: str) -> None:
        """Let nobody find a version any more; what it gave stays, and a push brings it back.

        Raises:
            NotFound: there is none, or it is another's.
            Conflict: an alias or a deployment names it, it is being prepared, or something of it
                has not ended.
        """
        of = (versions.c.model == model, versions.c.id == id)
        with self._db.write() as connection:
            _model(connection, model, owner)
            query = select(versions.c.state).where(*of).with_for_update()
            state: str | None = connection.execute(query).scalar()
            if state in (None, Version.RETIRED):
                raise NotFound("version", id)
            if state not in (Version.READY, Version.FAILED):
                raise Conflict(
                    f"version {id[:12]} is {state}: wait until it is ready or has failed"
                )
            if (alias := _named(connection, model, id)) is not None:
                raise Conflict(f"{alias} of {model} names this version: move it first")
            if (through := deployed(connection, model, id)) is not None:
                raise Conflict(f"the deployment {through} is of this version: update it first")
            _idle(connection, model, id)
            connection.execute(update(versions).where(*of).values(state=Version.RETIRED.value))

    def model(self, name: str, owner: str) -> None:
        """Forget a model that has no versions, or has them removed.

        Raises:
            NotFound: there is none, or it is another's.
            Conflict: it has versions, or something of it has not ended.
        """
        mine = versions.c.model == name
        with self._db.write() as connection:
            _model(connection, name, owner)
            there = select(func.count()).where(mine, versions.c.state != Version.RETIRED.value)
            if count := connection.execute(there).scalar_one():
                raise Conflict(f"model {name} has {count} versions: remove them first")
            _idle(connection, name)
            connection.execute(delete(aliases).where(aliases.c.model == name))
            connection.execute(delete(versions).where(mine))
            connection.execute(delete(models).where(models.c.name == name))

    def file(self, id: str) -> None:
        """Forget an upload."""
        with self._db.write() as connection:
            gone = delete(files).where(files.c.id == id).returning(files.c.key)
            key = connection.execute(gone).scalar()
            if key is not None:
                _noted(connection, key)

    def old_batches(self, before: datetime, limit: int) -> list[str]:
        """Batches that ended before, of which no webhook is owed and no retry goes on."""
        child = batches.alias("child")
        retried = select(child.c.id).where(child.c.parent == batches.c.id, child.c.state.in_(_LIVE))
        ended = func.coalesce(*(batches.c.times[state].as_float() for state in _ENDED))
        query = _old(batches, "batch", before).where(
            batches.c.state.in_(_ENDED), ended < before.timestamp(), ~retried.exists()
        )
        return self._ids(query.where(~_owed(batches)), limit)

    def old_predictions(self, before: datetime, limit: int) -> list[str]:
        """Predictions that ended before, of which no webhook is owed."""
        query = _old(predictions, "pred", before).where(predictions.c.completed_at < before)
        return self._ids(query.where(~_owed(predictions)), limit)

    def old_trainings(self, before: datetime, limit: int) -> list[str]:
        """Trainings that ended before, of which no webhook is owed; what they made stays."""
        query = _old(predictions, training.KIND, before).where(
            predictions.c.destination.is_not(None), predictions.c.completed_at < before
        )
        return self._ids(query.where(~_owed(predictions)), limit)

    def old_files(self, before: datetime, limit: int) -> list[str]:
        """Uploads from before that no batch waits to read."""
        return self._ids(_old(files, "file", before).where(~_awaited()), limit)

    def expired_files(self, limit: int) -> list[str]:
        """Uploads whose time is over and that no batch waits to read."""
        over = select(files.c.id).where(files.c.expires_at < now(), ~_awaited())
        return self._ids(over, limit)

    def old_notices(self, before: datetime, limit: int) -> None:
        """Forget what endpoints' own events, tests most of all, left from before.

        One that is owed still stays, and so does each endpoint's last: the next is numbered by it.
        """
        later = events.alias("later")
        last = select(later.c.id).where(
            later.c.subject == events.c.subject, later.c.sequence > events.c.sequence
        )
        owed = select(deliveries.c.id).where(
            deliveries.c.subject == events.c.subject,
            deliveries.c.event == events.c.id,
            deliveries.c.state == "pending",
        )
        old = select(events.c.id).where(
            events.c.subject.in_(select(endpoints.c.id)),
            events.c.created_at < before,
            last.exists(),
            ~owed.exists(),
        )
        with self._db.write() as connection:
            ids = list(connection.execute(old.limit(limit)).scalars())
            if ids:
                _forgotten_events(connection, ids)

    def _ids(self, query: Select[str], limit: int) -> list[str]:
        with self._db.read() as connection:
            return list(connection.execute(query.limit(limit)).scalars())

    def due(self, again_s: float) -> Removal | None:
        """A folder to be emptied now; unless `emptied` is called it comes again after a while."""
        with self._db.write() as connection:
            query = select(removals).where(removals.c.due_at <= now()).order_by(removals.c.due_at)
            row = connection.execute(query.limit(1).with_for_update(skip_locked=True)).first()
            if row is None:
                return None
            held = update(removals).where(removals.c.prefix == row.prefix)
            connection.execute(held.values(due_at=now() + again_s))
            last = row.until <= connection.execute(select(now())).scalar_one()
            return Removal(row.prefix, last)

    def emptied(self, removal: Removal) -> None:
        """Nothing is left under it; once more later, if a stale worker could still write there."""
        of = removals.c.prefix == removal.prefix
        with self._db.write() as connection:
            if removal.last:
                connection.execute(delete(removals).where(of))
            else:
                connection.execute(update(removals).where(of).values(due_at=removals.c.until))


def _awaited() -> ColumnElement[bool]:
    """Whether a batch still has to read the upload."""
    waiting = batches.c.state == batch.State.VALIDATING
    return select(batches.c.id).where(batches.c.input_file_id == files.c.id, waiting).exists()


def _locked(connection: Connection, table: Table, kind: str, id: str, owner: str | None) -> str:
    query = select(table.c.state).where(table.c.id == id)
    if owner is not None:
        query = query.where(table.c.owner == owner)
    state: str | None = connection.execute(query.with_for_update()).scalar()
    if state is None:
        raise NotFound(kind, id)
    return state


def _model(connection: Connection, name: str, owner: str) -> None:
    """Hold a model, so that nobody pushes to it or moves an alias meanwhile; raises NotFound."""
    query = select(models.c.name).where(models.c.name == name, models.c.owner == owner)
    if connection.execute(query.with_for_update()).first() is None:
        raise NotFound("model", name)


def _named(connection: Connection, model: str, id: str) -> str | None:
    """The alias that names a version now."""
    later = aliases.alias("later")
    newer = select(later.c.number).where(
        later.c.model == aliases.c.model,
        later.c.alias == aliases.c.alias,
        later.c.number > aliases.c.number,
    )
    query = select(aliases.c.alias).where(
        aliases.c.model == model, aliases.c.version == id, ~newer.exists()
    )
    return connection.execute(query.limit(1)).scalar()


def _idle(connection: Connection, model: str, version: str | None = None) -> None:
    """Raise Conflict if a batch or a prediction of it has not ended."""
    for table, live, kind in (
        (predictions, _OPEN, "prediction"),
        (batches, _LIVE, "batch"),
    ):
        query = select(table.c.id).where(table.c.state.in_(live))
        if version is not None:
            query = query.where(table.c.model == model, table.c.version == version)
        elif table is predictions:  # a training's version is to come to its destination
            query = query.where(or_(table.c.model == model, table.c.destination == model))
        else:
            query = query.where(table.c.model == model)
        id: str | None = connection.execute(query.limit(1)).scalar()
        if id is not None:
            raise Conflict(f"{kind} {id} has not ended; cancel it, or wait for it")


def _child(connection: Connection, id: str) -> str | None:
    query = select(batches.c.id).where(batches.c.parent == id, batches.c.state.in_(_LIVE))
    return connection.execute(query.limit(1)).scalar()


def _forgotten(connection: Connection, table: Table, id: str, prefix: str) -> None:
    mine = select(deliveries.c.id).where(deliveries.c.subject == id)
    connection.execute(mine.with_for_update())  # whoever logs an attempt has done so, or finds none
    connection.execute(delete(attempts).where(attempts.c.delivery.in_(mine)))
    connection.execute(delete(deliveries).where(deliveries.c.subject == id))
    connection.execute(delete(events).where(events.c.subject == id))
    connection.execute(delete(table).where(table.c.id == id))
    _noted(connection, prefix)


def _forgotten_events(connection: Connection, ids: list[str]) -> None:
    subjects = select(events.c.subject).where(events.c.id.in_(ids))
    of = and_(deliveries.c.subject.in_(subjects), deliveries.c.event.in_(ids))
    mine = select(deliveries.c.id).where(of)
    connection.execute(mine.with_for_update())
    connection.execute(delete(attempts).where(attempts.c.delivery.in_(mine)))
    connection.execute(delete(deliveries).where(of))
    connection.execute(delete(events).where(events.c.id.in_(ids)))


def _noted(connection: Connection, prefix: str) -> None:
    until = now() + outputs.LEFTOVERS_KEPT_S
    connection.execute(insert(removals).values(prefix=prefix, until=until, due_at=now()))


def _old(table: Table, kind: str, before: datetime) -> Select[str]:
    """The oldest first: ids sort by time, so that the primary key leads there."""
    return select(table.c.id).where(table.c.id < earliest_id(kind, before)).order_by(table.c.id)


def _owed(table: Table) -> ColumnElement[bool]:
    pending = deliveries.c.state == "pending"
    return select(deliveries.c.id).where(deliveries.c.subject == table.c.id, pending).exists()
