"""Instances: claimed within a deployment's bounds, leased while a worker has them, and demand."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, case, delete, func, insert, select, update

from jobs.adapters.sql import turns
from jobs.adapters.sql.database import Database, now
from jobs.adapters.sql.deployment_tables import deployments, instances, releases
from jobs.adapters.sql.deployments import live, of, settled
from jobs.adapters.sql.prepared import Prepared
from jobs.adapters.sql.tables import batches, open_shard, predictions, shards, versions
from jobs.core.batch import State as Batch
from jobs.core.deployment import Demand, shards_left
from jobs.core.errors import NotFound
from jobs.core.instance import MOVES, Instance, Reason, State

#: for how long it is known that there was one
KEPT_S = 86_400.0
#: a deployment, a model, a version
Key = tuple[str, str, str]


class Instances:
    """All statements about instances; taking one on and letting one go hold their deployment."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def claim(self, new: Instance, lease_s: float, most: int | None = None) -> bool:
        """Take on an instance for a worker, unless the version has as many as it may.

        Args:
            most: fewer than the deployment allows: as many as are wanted.

        Raises:
            NotFound: the deployment was deleted.
        """
        mine = of(new.deployment, new.model, new.version)
        with self._db.write() as connection:
            release = _current(connection, new.deployment)
            if release is None:
                raise NotFound("deployment", new.deployment)
            bound = release["max_instances"]
            bound = bound if most is None else min(most, bound)
            count = select(func.count()).select_from(instances).where(mine, live())
            if connection.execute(count).scalar_one() >= bound:
                return False
            old = instances.c.stopped_at < now() - KEPT_S
            connection.execute(
                delete(instances).where(instances.c.deployment == new.deployment, old)
            )
            row = vars(new) | {"state": new.state.value, "created_at": now()}
            connection.execute(insert(instances).values(**row, lease_until=now() + lease_s))
            return True

    def renew(self, states: dict[str, State], lease_s: float) -> set[str]:
        """Hold on to instances, and say how they are; those that are nobody else's by now."""
        held: set[str] = set()
        with self._db.write() as connection:
            for id, state in states.items():
                one = update(instances).where(
                    instances.c.id == id, instances.c.state.in_(_before(state))
                )
                kept = one.values(state=state.value, lease_until=now() + lease_s)
                if connection.execute(kept).rowcount:
                    held.add(id)
        return held

    def ready(self, id: str) -> None:
        """Its model is loaded; new work may go to it from now on."""
        mine = (instances.c.id == id, instances.c.state == State.SETTING_UP.value)
        with self._db.write() as connection:
            query = select(instances.c.deployment).where(*mine)
            deployment: str | None = connection.execute(query).scalar()
            if deployment is None:
                return
            _current(connection, deployment)  # held first by whoever writes both
            up = update(instances).where(*mine)
            connection.execute(up.values(state=State.IDLE.value, ready_at=now()))
            settled(connection, deployment)

    def stop(self, ids: Iterable[str], reason: Reason) -> None:
        """Their worker lets them go, whatever is wanted."""
        with self._db.write() as connection:
            _stopped(connection, list(ids), reason)

    def retire(self, id: str, keep: int, reason: Reason) -> bool:
        """Let one go if more than `keep` of its version are there; whether it was let go."""
        with self._db.write() as connection:
            query = select(instances).where(instances.c.id == id)
            row = connection.execute(query).mappings().first()
            if row is None or row["stopped_at"] is not None:
                return True
            if _current(connection, row["deployment"]) is None:
                _stopped(connection, [id], Reason.DELETED)
                return True
            mine = of(row["deployment"], row["model"], row["version"])
            count = select(func.count()).select_from(instances).where(mine, live())
            surplus = connection.execute(count).scalar_one() > keep
            if surplus:
                _stopped(connection, [id], reason)
            return surplus

    def lost(self) -> list[str]:
        """Instances whose worker has not been heard of for as long as a lease lasts."""
        return self._db.ids(_lost())

    def bury(self, ids: Iterable[str]) -> None:
        """Note that they are lost, those that still are."""
        with self._db.write() as connection:
            gone = instances.c.lease_until < now()
            query = select(instances.c.id).where(instances.c.id.in_(list(ids)), gone)
            lost = list(connection.execute(query.with_for_update()).scalars())
            _stopped(connection, lost, Reason.WORKER_LOST)

    def newest(self, deployment: str, limit: int = 100) -> list[Instance]:
        """Those that are there, and those that were of late; the newest first."""
        query = select(instances).where(instances.c.deployment == deployment)
        with self._db.read() as connection:
            rows = connection.execute(query.order_by(instances.c.id.desc()).limit(limit))
            return list(map(_from_row, rows.mappings()))

    def demands(self, deployment: str | None = None) -> list[Demand]:
        """What there is to do for each version that a deployment serves, is to, or still has work.

        All deployments, unless one is named.
        """
        if not self._db.ids(_some()):  # mostly there is none, and it is asked each second
            return []
        with self._db.read() as connection:
            rows = connection.execute(_releases(deployment)).mappings().all()
            if not rows:
                return []
            found: dict[Key, dict[str, Any]] = {}
            for row in rows:
                _asked(found, row)
            known = {row["deployment"]: row for row in rows}
            _work(connection, found, known, deployment)
            for key, count in _counted(connection, deployment):
                if key in found:
                    found[key]["instances"] = count
        return [_demand(key, told) for key, told in sorted(found.items())]


def _before(state: State) -> list[str]:
    """The states from which there is a move to this one, and itself."""
    return [old.value for old, new in MOVES.items() if state in new or old is state]


def _current(connection: Connection, deployment: str) -> RowMapping | None:
    """The release that was asked for last; whoever takes on or lets go waits for others here."""
    held = select(deployments.c.current).where(deployments.c.id == deployment)
    number = connection.execute(held.with_for_update()).scalar()
    query = select(releases).where(releases.c.deployment == deployment, releases.c.number == number)
    return connection.execute(query).mappings().first()


def _stopped(connection: Connection, ids: list[str], reason: Reason) -> None:
    if not ids:
        return
    those = update(instances).where(instances.c.id.in_(ids), instances.c.stopped_at.is_(None))
    done = {"state": State.STOPPED.value, "reason": reason.value}
    connection.execute(those.values(**done, stopped_at=now(), lease_until=None))


def _from_row(row: RowMapping) -> Instance:
    fields = {name: row[name] for name in Instance.__dataclass_fields__}
    fields["state"] = State(row["state"])
    fields["reason"] = Reason(row["reason"]) if row["reason"] else None
    return Instance(**fields)


def _releases(deployment: str | None) -> Select[Any]:
    """Of each deployment the release that serves, and the one that is to; the latter last."""
    query = select(
        releases,
        (releases.c.number == deployments.c.current).label("is_current"),
    ).join(deployments, deployments.c.id == releases.c.deployment)
    numbers = (deployments.c.current, deployments.c.serving)
    query = query.where(releases.c.number.in_(numbers))
    if deployment is not None:
        query = query.where(deployments.c.id == deployment)
    return query.order_by(releases.c.deployment, releases.c.number)


def _key(row: Any) -> Key:
    return row["deployment"], row["model"], row["version"]


def _asked(found: dict[Key, dict[str, Any]], row: RowMapping) -> None:
    """The bounds of the newest release of a version count."""
    bounds = {"least": row["min_instances"], "most": row["max_instances"]}
    found[_key(row)] = {"hardware": row["hardware"], **bounds}


def _work(
    connection: Connection,
    found: dict[Key, dict[str, Any]],
    known: dict[str, RowMapping],
    deployment: str | None,
) -> None:
    """Add what waits and what runs; a version that nothing new goes to is kept for that alone."""
    for row in connection.execute(_predictions(deployment)).mappings():
        _add(found, known, row, row["waiting"], row["running"])
    for row in connection.execute(_batches(deployment)).mappings():
        left = shards_left(row["rows"] - row["cursor"], row["seconds_per_item"])
        _add(found, known, row, left + row["queued"], row["running"])


def _add(
    found: dict[Key, dict[str, Any]],
    known: dict[str, RowMapping],
    row: RowMapping,
    waiting: int,
    running: int,
) -> None:
    release = known.get(row["deployment"])
    if release is None:  # the deployment is gone: nobody keeps instances for it
        return
    bounds = {"hardware": row["hardware"], "least": 0, "most": release["max_instances"]}
    told = found.setdefault(_key(row), bounds)
    told["waiting"] = told.get("waiting", 0) + waiting
    told["running"] = told.get("running", 0) + running


def _predictions(deployment: str | None) -> Select[Any]:
    waits = case((turns.free(predictions), 1), else_=0)
    columns = [predictions.c[name] for name in ("deployment", "model", "version")]
    query = select(
        *columns,
        func.max(predictions.c.hardware).label("hardware"),
        func.sum(waits).label("waiting"),
        func.sum(1 - waits).label("running"),
    ).where(predictions.c.deployment.is_not(None), predictions.c.state.in_(turns.OPEN))
    if deployment is not None:
        query = query.where(predictions.c.deployment == deployment)
    return query.group_by(*columns)


def _batches(deployment: str | None) -> Select[Any]:
    held = shards.c.lease_until >= now()
    mine = select(func.count()).where(shards.c.batch == batches.c.id, open_shard())
    query = (
        select(
            *(batches.c[name] for name in ("deployment", "model", "version", "hardware")),
            batches.c.rows,
            batches.c.cursor,
            versions.c.seconds_per_item,
            mine.where(held).scalar_subquery().label("running"),
            mine.where(turns.free(shards)).scalar_subquery().label("queued"),
        )
        .outerjoin(
            versions, (versions.c.model == batches.c.model) & (versions.c.id == batches.c.version)
        )
        .where(
            batches.c.deployment.is_not(None),
            batches.c.state == Batch.IN_PROGRESS,
            batches.c.stop.is_(None),
            batches.c.paused == 0,
        )
    )
    return query if deployment is None else query.where(batches.c.deployment == deployment)


def _counted(connection: Connection, deployment: str | None) -> Iterable[tuple[Key, int]]:
    columns = [instances.c[name] for name in ("deployment", "model", "version")]
    query = select(*columns, func.count().label("count")).where(live()).group_by(*columns)
    if deployment is not None:
        query = query.where(instances.c.deployment == deployment)
    for row in connection.execute(query).mappings():
        yield _key(row), row["count"]


def _demand(key: Key, told: dict[str, Any]) -> Demand:
    deployment, model, version = key
    return Demand(deployment=deployment, model=model, version=version, **told)


@cache
def _some() -> Prepared:
    return Prepared(select(deployments.c.id).limit(1))


@cache
def _lost() -> Prepared:
    gone = (instances.c.stopped_at.is_(None), instances.c.lease_until < now())
    return Prepared(select(instances.c.id).where(*gone))
