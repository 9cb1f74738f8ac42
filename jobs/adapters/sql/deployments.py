"""Deployments and their releases: a release is only ever added, and `serving` follows it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    String,
    cast,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from jobs.adapters.sql import pages
from jobs.adapters.sql.database import Database, now
from jobs.adapters.sql.deployment_tables import deployments, instances, releases
from jobs.adapters.sql.prepared import Prepared
from jobs.adapters.sql.tables import batches, predictions
from jobs.core import batch, prediction
from jobs.core.deployment import Deployment, Release
from jobs.core.errors import Conflict, NotFound
from jobs.core.instance import UP
from jobs.core.page import Found, Page

#: as `jobs.core.deployment.earlier` wants them: a step back beyond so many releases is not found
MOST_RELEASES = 1000
_OPEN = (
    (predictions, [state for state in prediction.State if state not in prediction.FINISHED]),
    (batches, [state for state in batch.State if state not in batch.FINISHED]),
)


class Deployments:
    """All statements about deployments and releases."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def create(self, owner: str, first: Release) -> Deployment:
        """Keep a new deployment; Conflict if there is one of that name."""
        row: dict[str, Any] = {
            "id": first.deployment,
            "owner": owner,
            "created_at": first.created_at,
        }
        try:
            with self._db.write() as connection:
                connection.execute(
                    insert(deployments).values(**row, current=first.number, serving=first.number)
                )
                connection.execute(insert(releases).values(**vars(first)))
        except IntegrityError as error:
            raise Conflict(f"there is a deployment {first.deployment!r} already") from error
        return Deployment(**row, current=first, serving=first)

    def get(self, id: str, owner: str) -> Deployment:
        """One deployment; another owner's is not found."""
        mine = (deployments.c.id == id, deployments.c.owner == owner)
        with self._db.read() as connection:
            row = connection.execute(select(deployments).where(*mine)).mappings().first()
            if row is None:
                raise NotFound("deployment", id)
            return _deployment(connection, row)

    def newest(self, owner: str, page: Page) -> Found[Deployment]:
        """An owner's deployments, by name."""
        query = select(deployments).where(deployments.c.owner == owner)
        found = pages.fetch(self._db, query, (deployments.c.id,), page, newest_first=False)
        with self._db.read() as connection:
            return found.map(lambda row: _deployment(connection, row))

    def release(
        self, id: str, owner: str, make: Callable[[Sequence[Release]], Release]
    ) -> Deployment:
        """Add the release that `make` gives, shown all there are, newest first; raises NotFound.

        New work goes to it at once, unless it is to be kept warm and is not yet, and the one
        before it is: see `settle`.
        """
        with self._db.write() as connection:
            row = _locked(connection, id, owner)
            new = make(_releases(connection, id))
            connection.execute(insert(releases).values(**vars(new)))
            to_new = update(deployments).where(deployments.c.id == id).values(current=new.number)
            connection.execute(to_new)
            settled(connection, id)
            row = _locked(connection, id, owner)
            return _deployment(connection, row)

    def releases(self, id: str, page: Page) -> Found[Release]:
        """Every release, newest first."""
        query = select(releases).where(releases.c.deployment == id)
        by, name = (releases.c.number,), cast(releases.c.number, String)
        return pages.fetch(self._db, query, by, page, name=name).map(_release)

    def settle(self, id: str) -> None:
        """Have new work go to the release that was asked for last, if the time has come."""
        with self._db.write() as connection:
            settled(connection, id)

    def rolling(self) -> list[str]:
        """Deployments whose new work goes to an earlier release still."""
        return self._db.ids(_rolling())

    def delete(self, id: str, owner: str) -> None:
        """Forget a deployment and its releases; its instances stop.

        Raises:
            Conflict: something that came through it has not ended.
        """
        with self._db.write() as connection:
            _locked(connection, id, owner)
            for table, states in _OPEN:
                query = select(table.c.id).where(
                    table.c.deployment == id,
                    table.c.deployment.is_not(None),
                    table.c.state.in_([state.value for state in states]),
                )
                waits = connection.execute(query.limit(1)).scalar()
                if waits is not None:
                    raise Conflict(f"{waits} has not ended; cancel it, or wait for it")
            connection.execute(delete(releases).where(releases.c.deployment == id))
            connection.execute(delete(deployments).where(deployments.c.id == id))

    def pace(self, id: str, since: datetime) -> dict[str, Any]:
        """How the predictions since then went: how many by state, and mean seconds.

        `predict_s` is from a worker's beginning to the end, `total_s` with the time in the queue.
        """
        took = predictions.c.completed_at - predictions.c.started_at
        total = predictions.c.completed_at - predictions.c.created_at
        query = select(
            predictions.c.state,
            func.count().label("count"),
            func.avg(took).label("took"),
            func.avg(total).label("total"),
        ).where(
            predictions.c.deployment == id,
            predictions.c.deployment.is_not(None),
            predictions.c.created_at >= since,
        )
        with self._db.read() as connection:
            rows = connection.execute(query.group_by(predictions.c.state)).mappings().all()
        good = next((row for row in rows if row["state"] == prediction.State.SUCCEEDED), None)
        return {
            "predictions": {row["state"]: row["count"] for row in rows},
            "predict_s": good and good["took"],
            "total_s": good and good["total"],
        }


def deployed(connection: Connection, model: str, version: str) -> str | None:
    """A deployment whose work goes to this version now, or is to."""
    numbers = (deployments.c.current, deployments.c.serving)
    query = (
        select(deployments.c.id)
        .join(releases, releases.c.deployment == deployments.c.id)
        .where(releases.c.number.in_(numbers))
        .where(releases.c.model == model, releases.c.version == version)
    )
    return connection.execute(query.limit(1)).scalar()


def settled(connection: Connection, id: str) -> None:
    """Move `serving` to `current`, if nothing is lost by it.

    It waits only where the new version is to be kept warm and is not up yet, while the one that
    serves is up.
    """
    query = select(deployments).where(deployments.c.id == id).with_for_update()
    row = connection.execute(query).mappings().first()
    if row is None or row["current"] == row["serving"]:
        return
    now_serving = _numbered(connection, id, row["serving"])
    new = _numbered(connection, id, row["current"])
    waits = (
        new.min_instances
        and new.max_instances
        and _is_up(connection, now_serving)
        and not _is_up(connection, new)
    )
    if not waits:
        done = update(deployments).where(deployments.c.id == id)
        connection.execute(done.values(serving=new.number))


def _is_up(connection: Connection, release: Release) -> bool:
    query = select(instances.c.id).where(
        of(release.deployment, release.model, release.version),
        live(),
        instances.c.state.in_([state.value for state in UP]),
    )
    return connection.execute(query.limit(1)).first() is not None


def of(deployment: str, model: str, version: str) -> ColumnElement[bool]:
    """Instances of one version of a deployment."""
    mine: ColumnElement[bool] = instances.c.deployment == deployment
    return mine & (instances.c.model == model) & (instances.c.version == version)


def live() -> ColumnElement[bool]:
    """Instances whose worker was heard of lately."""
    return instances.c.stopped_at.is_(None) & (instances.c.lease_until >= now())


def _locked(connection: Connection, id: str, owner: str) -> RowMapping:
    query = select(deployments).where(deployments.c.id == id, deployments.c.owner == owner)
    row = connection.execute(query.with_for_update()).mappings().first()
    if row is None:
        raise NotFound("deployment", id)
    return row


def _deployment(connection: Connection, row: RowMapping) -> Deployment:
    return Deployment(
        id=row["id"],
        owner=row["owner"],
        created_at=row["created_at"],
        current=_numbered(connection, row["id"], row["current"]),
        serving=_numbered(connection, row["id"], row["serving"]),
    )


def _numbered(connection: Connection, id: str, number: int) -> Release:
    query = select(releases).where(releases.c.deployment == id, releases.c.number == number)
    return _release(connection.execute(query).mappings().one())


def _releases(connection: Connection, id: str) -> list[Release]:
    query = select(releases).where(releases.c.deployment == id)
    newest = query.order_by(releases.c.number.desc()).limit(MOST_RELEASES)
    return list(map(_release, connection.execute(newest).mappings()))


def _release(row: RowMapping) -> Release:
    return Release(**row)


@cache
def _rolling() -> Prepared:
    return Prepared(select(deployments.c.id).where(deployments.c.current != deployments.c.serving))
