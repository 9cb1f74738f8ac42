"""Predictions: one row each, leased while a worker runs them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from jobs.adapters.notices import NoNotices
from jobs.adapters.sql import outbox, pages, quotas, tidying, turns, wishes
from jobs.adapters.sql import prediction_rows as rows
from jobs.adapters.sql.database import Database, now
from jobs.adapters.sql.prediction_rows import from_row, to_row
from jobs.adapters.sql.tables import predictions
from jobs.core import events, training, wire
from jobs.core.errors import Fenced, NotFound
from jobs.core.events import Event
from jobs.core.limits import NO_LIMITS, Limits
from jobs.core.page import ALL, Found, Page, Which
from jobs.core.prediction import FINISHED, Prediction, State, Wanted
from jobs.ports import Notices

#: a prediction as it is held, when it ended and how, and what is changed with that
End = tuple[Prediction, datetime, State, dict[str, Any]]


class Predictions:
    """All statements about predictions; what they change is told once it is committed."""

    def __init__(self, database: Database, url: str, notices: Notices | None = None) -> None:
        self._db = database
        self._url = url
        self._notices = notices or NoNotices()

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

        def write(connection: Connection) -> None:
            quotas.admit_prediction(connection, value.token, limits)
            rows.keep(connection, row)

        try:
            self._db.joined(write)
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
        row = wishes.by_key(self._db, predictions, owner, key, request_hash)
        return from_row(row) if row is not None else None

    def alike(
        self, owner: str, token: str, request_hash: str, since: datetime, kind: str = "pred"
    ) -> Prediction | None:
        """The newest since then, of those whose ids begin so, by the same token and request."""
        who = {"owner": owner, "token": token, "request_hash": request_hash}
        row = wishes.newest_alike(self._db, predictions, kind, since, **who)
        return from_row(row) if row is not None else None

    def get(self, id: str, owner: str | None = None) -> Prediction:
        """One prediction; another owner's is not found."""
        row = next(iter(self._db.ask(rows.ONE, this=id)), None)
        if row is None or owner not in (None, row["owner"]):
            raise NotFound("prediction", id)
        return from_row(row)

    def newest(self, owner: str, page: Page, which: Which = ALL) -> Found[Prediction]:
        """The newest first, of those that are asked for."""
        query = pages.only(rows.listed(owner, which.states), predictions, "pred", which)
        return pages.fetch(self._db, query, (predictions.c.id,), page).map(from_row)

    def claim(
        self, id: str, lease_s: float, at: datetime, served: Collection[str] | None = None
    ) -> Prediction | None:
        """Lease a prediction and move it to processing; None if there is nothing to run.

        `served`: the classes of hardware that the worker serves; None: all.
        """
        due = select(*rows.WAITING).where(
            predictions.c.id == id,
            turns.prediction_waits(),
            turns.fits(predictions.c.hardware, served),
        )

        def write(connection: Connection) -> list[Prediction]:
            found = connection.execute(due.with_for_update(skip_locked=True)).mappings().all()
            return self._lease_all(connection, found, lease_s, at)

        return next(iter(self._db.joined(write)), None)

    def claim_alike(self, wanted: Wanted) -> list[Prediction]:
        """Lease the oldest that are due of a kind.

        One that has lost a worker is leased alone: should it take this one down as well, no other
        pays for it.
        """
        return self._db.joined(lambda connection: self._claimed(connection, wanted))

    def _claimed(self, connection: Connection, wanted: Wanted) -> list[Prediction]:
        alike = rows.alike(None if wanted.served is None else tuple(sorted(wanted.served)))
        asked = dict(zip(("owner", "model", "version", "deployment"), wanted.kind, strict=True))
        found = alike.rows(connection, asked | {"most": wanted.most})
        alone = [row for row in found if row["attempts"]][:1]
        fresh = [row for row in found if not row["attempts"]]
        these = alone if found and found[0]["attempts"] else fresh
        return self._lease_all(connection, these, wanted.lease_s, wanted.at)

    def _lease_all(
        self,
        connection: Connection,
        waiting: Sequence[Mapping[Any, Any]],
        lease_s: float,
        at: datetime,
    ) -> list[Prediction]:
        if not waiting:
            return []
        leased = rows.leased(connection, [row["id"] for row in waiting], lease_s, at)
        held = sorted(map(from_row, leased), key=attrgetter("id"))
        for one in held:
            if one.cancel_asked:  # of a worker that was lost before it heard
                self.save_end(connection, one, one.to(State.CANCELED, at)[0])
        began = {row["id"] for row in waiting if row["state"] == State.STARTING.value}
        going = [one for one in held if not one.cancel_asked]
        self._announce(connection, [one for one in going if one.id in began])
        return going

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
        [new] = self.finish_all([(value, at, state, changes)])
        if new is None:
            raise Fenced(f"prediction {value.id} moved on without this attempt")
        return new

    def finish_all(self, ends: Sequence[End]) -> list[Prediction | None]:
        """Save the ends of several in one transaction; None for each that was fenced."""
        pairs = [(old, old.to(state, at, **changes)[0]) for old, at, state, changes in ends]
        return self._told_all(self._db.joined(lambda connection: self._end_all(connection, pairs)))

    def keep_ended(self, ends: Sequence[End], hashes: Sequence[str]) -> list[Prediction]:
        """Keep new predictions that ended by now, all events, and the hashes of their requests."""
        pairs = [(old, old.to(state, at, **changes)[0]) for old, at, state, changes in ends]

        def write(connection: Connection) -> None:
            rows.keep_ended(connection, pairs, hashes)
            self._announce(connection, [one for pair in pairs for one in pair], fresh=True)

        self._db.joined(write)
        return [new for _, new in pairs]  # nobody follows one that was not there

    def keep_begun(self, value: Prediction, lease_s: float, request_hash: str) -> None:
        """Keep a new prediction that runs already, and hold it for so long."""

        def write(connection: Connection) -> None:
            rows.keep_begun(connection, value, lease_s, request_hash)
            self._announce(connection, [value], fresh=True)

        self._db.joined(write)

    def finish_and_claim(
        self, ends: Sequence[End], wanted: Wanted
    ) -> tuple[list[Prediction | None], list[Prediction]]:
        """The same, and what `claim_alike` gives, in one transaction."""
        pairs = [(old, old.to(state, at, **changes)[0]) for old, at, state, changes in ends]

        def write(connection: Connection) -> tuple[list[Prediction | None], list[Prediction]]:
            return self._end_all(connection, pairs), self._claimed(connection, wanted)

        saved, claimed = self._db.joined(write)
        return self._told_all(saved), claimed

    def _end_all(
        self, connection: Connection, pairs: Iterable[tuple[Prediction, Prediction]]
    ) -> list[Prediction | None]:
        saved = [rows.end(connection, old, new) for old, new in pairs]
        self._announce(connection, [new for new in saved if new is not None])
        return saved

    def _told_all(self, saved: list[Prediction | None]) -> list[Prediction | None]:
        for new in saved:
            if new is not None:
                self.told_end(new)
        return saved

    def save_end(self, connection: Connection, old: Prediction, new: Prediction) -> None:
        """The same in a transaction that does more; whoever waits is then told by `told_end`."""
        if rows.end(connection, old, new) is None:
            raise Fenced(f"prediction {old.id} moved on without this attempt")
        self._announce(connection, [new])

    def told_end(self, ended: Prediction) -> None:
        """Whoever waits hears of an end that is committed."""
        self._notices.tell(ended.id, ended)

    def tell(self, value: Prediction, type: str, at: datetime, **changes: Any) -> bool:
        """Save what a running prediction has given so far, and an event for it; False if fenced."""
        with self._db.write() as connection:
            done = connection.execute(
                update(predictions).where(*_held(value)).values(**changes).returning(predictions)
            )
            row = done.mappings().first()
            if row is None:
                return False
            told = self._news(Event(type, value.id, at), from_row(row))
            outbox.emit_all(connection, [told])
        self._notices.tell(value.id)
        return True

    def show(self, value: Prediction, output: Sequence[Any]) -> None:
        """Let those who listen in this process see what a running one has given; it is not kept."""
        if self._notices.is_followed(value.id):
            self._notices.tell(value.id, replace(value, output=list(output)))

    def save(self, value: Prediction, **changes: Any) -> None:
        """Save what a running prediction has given so far, without an event; nothing if fenced."""
        with self._db.write() as connection:
            connection.execute(update(predictions).where(*_held(value)).values(**changes))
        self._notices.tell(value.id)

    def cancel(
        self, id: str, owner: str | None, at: datetime, error: str | None = None
    ) -> Prediction:
        """Cancel at once what has not begun; ask the worker to stop what has.

        `error`: why, where it was not asked for.
        """
        value = self._cancel(id, owner, at, error)
        if value.state in FINISHED:
            self._notices.tell(id, value)
        return value

    def _cancel(self, id: str, owner: str | None, at: datetime, error: str | None) -> Prediction:
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
                self.save_end(connection, old, new)
                return new
            connection.execute(
                update(predictions).where(predictions.c.id == id).values(cancel_asked=1)
            )
            return old

    def overdue(self, limit: int = 100) -> list[str]:
        """Predictions that have not ended by their deadline, by the database's clock."""
        return self._db.ids(rows.overdue(), most=limit)

    def _announce(
        self, connection: Connection, moved: Iterable[Prediction], *, fresh: bool = False
    ) -> None:
        """The events of what has just moved, at the time of its move.

        `fresh`: there are none of them yet.
        """
        told = [(events.of_prediction(value, _moved_at(value)), value) for value in moved]
        news = [self._news(event, value) for event, value in told if event]
        outbox.emit_all(connection, news, fresh=fresh)

    def _news(self, event: Event, value: Prediction) -> outbox.News:
        return outbox.News(
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
        asked = turns.asked_class(hardware)
        due = rows.due(training=False, classed=bool(asked))
        return self._db.ids(due, after=after, limit=limit, **asked)

    def waiting(self, deployment: str, model: str, version: str) -> str | None:
        """The oldest that nobody runs of one version of a deployment."""
        query = select(predictions.c.id).where(
            predictions.c.deployment.concat("") == deployment,  # by those that are open: see alike
            predictions.c.model == model,
            predictions.c.version == version,
            turns.prediction_waits(),
        )
        with self._db.glance() as connection:
            oldest = query.order_by(predictions.c.id.concat("")).limit(1)
            id: str | None = connection.execute(oldest).scalar()
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


def _moved_at(value: Prediction) -> datetime:
    return value.completed_at or value.started_at or value.created_at


def _held(value: Prediction) -> tuple[Any, ...]:
    return (
        predictions.c.id == value.id,
        predictions.c.state == value.state.value,
        predictions.c.lease_token == value.lease_token,
    )
