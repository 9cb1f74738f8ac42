"""Predictions: one row each, leased while a worker runs them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from jobs.adapters.sql import outbox, pages, quotas, tidying, turns
from jobs.adapters.sql.database import Database, now
from jobs.adapters.sql.tables import predictions
from jobs.core import events, training, wire
from jobs.core.errors import Conflict, Fenced, NotFound
from jobs.core.events import Event
from jobs.core.ids import earliest_id
from jobs.core.limits import NO_LIMITS, Limits
from jobs.core.page import Found, Page
from jobs.core.prediction import FINISHED, Prediction, State

#: trainings lie here too, and are others' to list: see trainings.py
_NO_TRAINING = predictions.c.destination.is_(None)


def from_row(row: RowMapping) -> Prediction:
    """A row as the value it keeps."""
    fields = {name: row[name] for name in Prediction.__dataclass_fields__}
    fields["state"] = State(row["state"])
    fields["webhook_events"] = tuple(row["webhook_events"])
    fields["grants"] = tuple(row["grants"])
    fields["cancel_asked"] = bool(row["cancel_asked"])
    return Prediction(**fields)


def to_row(value: Prediction) -> dict[str, Any]:
    """The value as a row."""
    fields = {name: getattr(value, name) for name in Prediction.__dataclass_fields__}
    fields["state"] = value.state.value
    fields["webhook_events"] = list(value.webhook_events)
    fields["grants"] = list(value.grants)
    fields["cancel_asked"] = int(value.cancel_asked)
    return fields


class Predictions:
    """All statements about predictions."""

    def __init__(self, database: Database, url: str) -> None:
        self._db = database
        self._url = url

    def create(
        self,
        value: Prediction,
        limits: Limits = NO_LIMITS,
        *,
        key: str | None = None,
        request_hash: str | None = None,
    ) -> Prediction:
        """Keep a new prediction; the same key and request give back the one that is there.

        Raises:
            Conflict: the key was used for another request.
            TooMany: the token has too many under way.
        """
        row = to_row(value) | {"idempotency_key": key, "request_hash": request_hash}
        if (
            value.deadline is not None
        ):  # by whose clock it will pass: that of this host may be wrong
            row["deadline"] = now() + (value.deadline - value.created_at).total_seconds()
        try:
            with self._db.write() as connection:
                quotas.admit_prediction(connection, value.token, limits)
                connection.execute(insert(predictions).values(**row))
        except IntegrityError:
            kept = self.find(value.owner, key, request_hash) if key is not None else None
            if kept is None:
                raise
            return kept
        return value

    def find(self, owner: str, key: str, request_hash: str | None) -> Prediction | None:
        """The prediction that this key made before, if it did.

        Raises:
            Conflict: the key was used for another request.
        """
        mine = (predictions.c.owner == owner, predictions.c.idempotency_key == key)
        with self._db.read() as connection:
            row = connection.execute(select(predictions).where(*mine)).mappings().first()
        if row is not None and row["request_hash"] != request_hash:
            raise Conflict("this Idempotency-Key was used for another request; choose a new key")
        return from_row(row) if row is not None else None

    def alike(
        self, owner: str, token: str, request_hash: str, since: datetime
    ) -> Prediction | None:
        """The newest prediction since then that this token made by the same request."""
        query = select(predictions).where(
            predictions.c.owner == owner,
            predictions.c.id >= earliest_id("pred", since),
            predictions.c.token == token,
            predictions.c.request_hash == request_hash,
        )
        with self._db.read() as connection:
            newest = query.order_by(predictions.c.id.desc()).limit(1)
            row = connection.execute(newest).mappings().first()
        return from_row(row) if row is not None else None

    def get(self, id: str, owner: str | None = None) -> Prediction:
        """One prediction; another owner's is not found."""
        query = select(predictions).where(predictions.c.id == id)
        if owner is not None:
            query = query.where(predictions.c.owner == owner)
        with self._db.read() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            raise NotFound("prediction", id)
        return from_row(row)

    def newest(self, owner: str, page: Page) -> Found[Prediction]:
        """The newest first."""
        query = select(predictions).where(predictions.c.owner == owner, _NO_TRAINING)
        return pages.fetch(self._db, query, (predictions.c.id,), page).map(from_row)

    def claim(
        self, id: str, lease_s: float, at: datetime, served: Collection[str] | None = None
    ) -> Prediction | None:
        """Lease a prediction and move it to processing; None if there is nothing to run.

        `served`: the classes of hardware that the worker serves; None: all.
        """
        fits = turns.fits(predictions.c.hardware, served)
        with self._db.write() as connection:
            row = (
                connection.execute(
                    update(predictions)
                    .where(predictions.c.id == id, turns.prediction_waits(), fits)
                    .values(
                        lease_token=predictions.c.lease_token + 1,
                        lease_until=now() + lease_s,
                        attempts=predictions.c.attempts + 1,
                    )
                    .returning(predictions)
                )
                .mappings()
                .first()
            )
            return self._begun(connection, from_row(row), at) if row else None

    def claim_alike(
        self,
        like: Prediction,
        most: int,
        lease_s: float,
        at: datetime,
        served: Collection[str] | None = None,
    ) -> list[Prediction]:
        """Lease the oldest that are due of the same owner, version and deployment, so many at most.

        One that has lost a worker is leased alone: should it take this one down as well, no other
        pays for it. `served` is as in `claim`.
        """
        with self._db.write() as connection:
            rows = connection.execute(_alike(like, most, served)).all()
            alone = [row.id for row in rows if row.attempts][:1]
            fresh = [row.id for row in rows if not row.attempts]
            ids = alone if rows and rows[0].attempts else fresh
            return self._lease_all(connection, ids, lease_s, at)

    def _lease_all(
        self, connection: Connection, ids: list[str], lease_s: float, at: datetime
    ) -> list[Prediction]:
        taken = (
            update(predictions)
            .where(predictions.c.id.in_(ids))
            .values(
                lease_token=predictions.c.lease_token + 1,
                lease_until=now() + lease_s,
                attempts=predictions.c.attempts + 1,
            )
            .returning(predictions)
        )
        held = sorted(map(from_row, connection.execute(taken).mappings()), key=attrgetter("id"))
        begun = (self._begun(connection, one, at) for one in held)
        return [one for one in begun if one is not None]

    def _begun(self, connection: Connection, held: Prediction, at: datetime) -> Prediction | None:
        if held.cancel_asked:  # of a worker that was lost before it heard
            new, _ = held.to(State.CANCELED, at)
            self._save(connection, held, new, at)
            return None
        if held.state is State.PROCESSING:
            return held
        new, _ = held.to(State.PROCESSING, at)
        self._save(connection, held, new, at, keep_lease=True)
        return new

    def renew(self, value: Prediction, lease_s: float) -> str:
        """Hold on; answers "go", "stop" or "lost"."""
        with self._db.write() as connection:
            row = connection.execute(
                update(predictions)
                .where(*_held(value))
                .values(lease_until=now() + lease_s)
                .returning(predictions.c.cancel_asked)
            ).first()
        if row is None:
            return "lost"
        return "stop" if row[0] else "go"

    def renew_all(self, values: Sequence[Prediction], lease_s: float) -> dict[str, str]:
        """Hold on to several; "go", "stop" or "lost" of each id."""
        held = tuple_(predictions.c.id, predictions.c.lease_token)
        with self._db.write() as connection:
            rows = connection.execute(
                update(predictions)
                .where(
                    held.in_([(value.id, value.lease_token) for value in values]),
                    predictions.c.state == State.PROCESSING.value,
                )
                .values(lease_until=now() + lease_s)
                .returning(predictions.c.id, predictions.c.cancel_asked)
            ).all()
        known = {id: "stop" if asked else "go" for id, asked in rows}
        return {value.id: known.get(value.id, "lost") for value in values}

    def give_back(self, value: Prediction) -> None:
        """Leave it to another worker; the attempt does not count."""
        with self._db.write() as connection:
            connection.execute(
                update(predictions)
                .where(*_held(value), predictions.c.lease_until.is_not(None))
                .values(lease_until=None, attempts=predictions.c.attempts - 1)
            )

    def finish(self, value: Prediction, state: State, at: datetime, **changes: Any) -> Prediction:
        """Save the end of a prediction and its event.

        Raises:
            Fenced: it ended otherwise, or someone else runs it by now.
        """
        new, _ = value.to(state, at, **changes)
        with self._db.write() as connection:
            self.save_end(connection, value, new, at)
        return new

    def save_end(
        self, connection: Connection, old: Prediction, new: Prediction, at: datetime
    ) -> None:
        """The same in a transaction that does more."""
        self._save(connection, old, new, at)

    def tell(self, value: Prediction, type: str, at: datetime, **changes: Any) -> bool:
        """Save what a running prediction has given so far, and an event for it; False if fenced."""
        with self._db.write() as connection:
            done = connection.execute(
                update(predictions).where(*_held(value)).values(**changes).returning(predictions)
            )
            row = done.mappings().first()
            if row is None:
                return False
            self._announce(connection, from_row(row), Event(type, value.id, at))
        return True

    def save(self, value: Prediction, **changes: Any) -> None:
        """Save what a running prediction has given so far, without an event; nothing if fenced."""
        with self._db.write() as connection:
            connection.execute(update(predictions).where(*_held(value)).values(**changes))

    def cancel(
        self, id: str, owner: str | None, at: datetime, error: str | None = None
    ) -> Prediction:
        """Cancel at once what has not begun; ask the worker to stop what has.

        `error`: why, where it was not asked for.
        """
        with self._db.write() as connection:
            query = select(predictions).where(predictions.c.id == id)
            if owner is not None:
                query = query.where(predictions.c.owner == owner)
            row = connection.execute(query.with_for_update()).mappings().first()
            if row is None:
                raise NotFound("prediction", id)
            old = from_row(row)
            if old.state in FINISHED:
                return old
            if old.state is State.STARTING:
                new, _ = old.to(State.CANCELED, at, error=error)
                self._save(connection, old, new, at)
                return new
            connection.execute(
                update(predictions).where(predictions.c.id == id).values(cancel_asked=1)
            )
            return old

    def overdue(self, limit: int = 100) -> list[str]:
        """Predictions that have not ended by their deadline, by the database's clock."""
        query = select(predictions.c.id).where(
            predictions.c.deadline < now(),
            predictions.c.deadline.is_not(None),
            predictions.c.completed_at.is_(None),
            predictions.c.cancel_asked == 0,
        )
        with self._db.read() as connection:
            return list(connection.execute(query.limit(limit)).scalars())

    def _save(
        self,
        connection: Connection,
        old: Prediction,
        new: Prediction,
        at: datetime,
        *,
        keep_lease: bool = False,
    ) -> None:
        row = to_row(new)
        for column in ("cancel_asked", "attempts", "lease_token"):
            del row[column]
        if not keep_lease:
            row["lease_until"] = None
        if _leaves_something(new):
            row["tidy_at"] = tidying.later()
        done = connection.execute(update(predictions).where(*_held(old)).values(**row))
        if done.rowcount != 1:
            raise Fenced(f"prediction {old.id} moved on without this attempt")
        event = events.of_prediction(new, at)
        if event:
            self._announce(connection, new, event)

    def _announce(self, connection: Connection, value: Prediction, event: Event) -> None:
        outbox.emit(
            connection,
            event,
            self._told(value, event.at),
            owner=value.owner,
            url=value.webhook,
            filter=value.webhook_events,
            traceparent=value.traceparent,
        )

    def _told(self, value: Prediction, at: datetime) -> dict[str, Any]:
        tell = wire.training if training.is_training(value.id) else wire.prediction
        return tell(value, self._url, at)

    def due(self, *, after: str = "", limit: int = 100, hardware: str | None = None) -> list[str]:
        """Ids, in their order and beyond `after`, of predictions that nobody runs now.

        They ask for this class of hardware.
        """
        query = select(predictions.c.id).where(
            turns.prediction_waits(),
            _NO_TRAINING,
            turns.of_class(predictions.c.hardware, hardware),
            predictions.c.id > after,
        )
        with self._db.read() as connection:
            return list(connection.execute(query.order_by(predictions.c.id).limit(limit)).scalars())

    def waiting(self, deployment: str, model: str, version: str) -> str | None:
        """The oldest that nobody runs of one version of a deployment."""
        query = select(predictions.c.id).where(
            predictions.c.deployment == deployment,
            predictions.c.deployment.is_not(None),
            predictions.c.model == model,
            predictions.c.version == version,
            turns.prediction_waits(),
        )
        with self._db.glance() as connection:
            id: str | None = connection.execute(query.order_by(predictions.c.id).limit(1)).scalar()
            return id

    def untidy(self, again_s: float) -> Prediction | None:
        """A prediction that ended a while ago and was not tidied; None if there is none.

        Unless `tidied` is called it comes again after `again_s`.
        """
        with self._db.write() as connection:
            row = tidying.claim(connection, predictions, again_s)
        return from_row(row) if row else None

    def tidied(self, id: str) -> None:
        """Nothing is left of it that nobody committed."""
        with self._db.write() as connection:
            tidying.done(connection, predictions, id)


def _leaves_something(value: Prediction) -> bool:
    """Whether an attempt may have stored files that the end of the prediction did not choose."""
    chosen = 1 if value.state is State.SUCCEEDED else 0
    return value.state in FINISHED and value.lease_token > chosen


def _held(value: Prediction) -> tuple[Any, ...]:
    return (
        predictions.c.id == value.id,
        predictions.c.state == value.state.value,
        predictions.c.lease_token == value.lease_token,
    )


def _alike(like: Prediction, most: int, served: Collection[str] | None) -> Select[Any]:
    """The oldest that wait of the same owner, model, version and deployment."""
    query = select(predictions.c.id, predictions.c.attempts).where(
        predictions.c.owner == like.owner,
        predictions.c.model == like.model,
        predictions.c.version == like.version,
        predictions.c.deployment.is_not_distinct_from(like.deployment),
        turns.prediction_waits(),
        _NO_TRAINING,
        turns.fits(predictions.c.hardware, served),
    )
    return query.order_by(predictions.c.id).limit(most).with_for_update(skip_locked=True)
