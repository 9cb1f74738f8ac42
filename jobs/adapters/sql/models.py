"""Models, their versions, and the aliases that move between versions."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, insert, select, update
from sqlalchemy.exc import IntegrityError

from jobs.adapters.sql import pages, turns, version_rows
from jobs.adapters.sql.database import Database, now
from jobs.adapters.sql.tables import aliases, models, versions
from jobs.adapters.sql.version_rows import VersionRows, from_row
from jobs.core.errors import Conflict, Fenced, NotFound
from jobs.core.model import Model
from jobs.core.page import Found, Page
from jobs.core.version import Ref, State, Version


class Models:
    """All statements about models, versions and aliases."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._rows = VersionRows(database)

    def create(
        self, name: str, owner: str, at: datetime, about: Mapping[str, Any] | None = None
    ) -> None:
        """Keep a new model; Conflict if there is one of that name."""
        try:
            with self._db.write() as connection:
                values = {"name": name, "owner": owner, "about": about, "created_at": at}
                connection.execute(insert(models).values(**values))
        except IntegrityError as error:
            raise Conflict(f"there is a model {name!r} already") from error

    def get(self, name: str, owner: str) -> Model:
        """One model; another owner's is not found."""
        query = select(models).where(models.c.name == name, models.c.owner == owner)
        with self._db.read() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            raise NotFound("model", name)
        return _model(row)

    def newest(self, owner: str, page: Page) -> Found[Model]:
        """An owner's models, by name."""
        query = select(models).where(models.c.owner == owner)
        found = pages.fetch(self._db, query, (models.c.name,), page, newest_first=False)
        return found.map(_model)

    def change(self, name: str, owner: str, about: Mapping[str, Any]) -> None:
        """Say something else of it; what is not named stays."""
        mine = (models.c.name == name, models.c.owner == owner)
        with self._db.write() as connection:
            query = select(models.c.about).where(*mine).with_for_update()
            row = connection.execute(query).first()
            if row is None:
                raise NotFound("model", name)
            kept = {
                key: text for key, text in {**(row[0] or {}), **about}.items() if text is not None
            }
            connection.execute(update(models).where(*mine).values(about=kept))

    def check(self, name: str, owner: str) -> None:
        """Raise NotFound if there is no such model; another owner's is not found."""
        query = select(models.c.name).where(models.c.name == name, models.c.owner == owner)
        with self._db.read() as connection:
            if connection.execute(query).first() is None:
                raise NotFound("model", name)

    def push(self, version: Version) -> Version:
        """Keep a version, or answer with the one that is there; a failed one is tried again."""
        row = {name: getattr(version, name) for name in Version.__dataclass_fields__}
        row |= {"state": version.state.value, "files": list(version.files)}
        try:
            with self._db.write() as connection:
                connection.execute(insert(versions).values(**row))
        except IntegrityError:
            return self._again(version)
        return version

    def _again(self, version: Version) -> Version:
        old = self.version(version.id, version.model)
        if old.state not in (State.FAILED, State.RETIRED):
            return old
        try:
            return self.move(old, State.PUSHED, version.created_at, error=None, attempts=0)
        except Fenced:  # another push of it was first
            return self.version(version.id, version.model)

    def version(self, id: str, model: str | None = None) -> Version:
        """A version by digest, of the model that had it first if none is named; raises NotFound."""
        if model is not None:
            found = self._rows.first(version_rows.ONE, {"of": model, "this": id})
        else:
            query = select(versions).where(versions.c.id == id).order_by(versions.c.created_at)
            with self._db.read() as connection:
                row = connection.execute(query).mappings().first()
            found = from_row(row) if row is not None else None
        if found is None:
            raise NotFound("version", id)
        return found

    def versions(self, model: str, page: Page) -> Found[Version]:
        """A model's versions, newest first."""
        query = select(versions).where(versions.c.model == model, _there())
        by = (versions.c.created_at, versions.c.id)
        return pages.fetch(self._db, query, by, page, name=versions.c.id).map(from_row)

    def resolve(self, ref: Ref, owner: str) -> Version:
        """The version that a caller means, of a model of theirs; raises NotFound."""
        if ref.digest:
            return self._owned(ref.digest, ref.model, owner)
        model, alias = ref.model or "", ref.alias or "live"
        asked = {"of": model, "whose": owner, "called": alias}
        named = self._rows.first(version_rows.NAMED, asked)
        if named is not None:
            return named
        self.check(model, owner)
        digest = self.alias(model, alias)
        if digest is None:
            raise NotFound("version", f"{model}:{ref.alias}")
        return self.version(digest, model)

    def _owned(self, id: str, model: str | None, owner: str) -> Version:
        asked = {"this": id, "whose": owner}
        if model is None:
            found = self._rows.first(version_rows.OWNED, asked)
        else:
            found = self._rows.first(version_rows.OWNED_OF, asked | {"of": model})
        if found is None:
            raise NotFound("version", id)
        return found

    def move(self, old: Version, state: State, at: datetime, **changes: Any) -> Version:
        """Save a move of whoever holds the version; raises Fenced."""
        new, _ = old.to(state, at, **changes)
        moved = update(versions).values(state=state.value, lease_until=None, **changes)
        with self._db.write() as connection:
            if connection.execute(moved.where(*_held(old))).rowcount != 1:
                raise Fenced(f"version {old.id[:12]} moved on without this attempt")
        return new

    def claim(
        self, id: str, lease_s: float, served: Collection[str] | None = None
    ) -> Version | None:
        """Lease a version that is to be prepared, of one model; None if there is nothing to do.

        `served`: the classes of hardware that the worker serves; None: all.
        """
        fits = turns.fits(versions.c.hardware, served)
        free = (
            select(versions.c.model)
            .where(versions.c.id == id, turns.version_waits(), fits)
            .order_by(versions.c.model)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        with self._db.write() as connection:
            model = connection.execute(free).scalar()
            if model is None:
                return None
            claimed = (
                update(versions)
                .where(versions.c.model == model, versions.c.id == id)
                .values(
                    state=State.PREPARING.value,
                    lease_token=versions.c.lease_token + 1,
                    lease_until=now() + lease_s,
                    attempts=versions.c.attempts + 1,
                )
                .returning(versions)
            )
            return from_row(connection.execute(claimed).mappings().one())

    def keep_ready(self, connection: Connection, version: Version) -> None:
        """Keep a version that was prepared by whoever made it; one that is there becomes ready too.

        Raises:
            NotFound: its model was removed.
        """
        self._lock(connection, version.model)
        of = (versions.c.model == version.model, versions.c.id == version.id)
        row = connection.execute(select(versions).where(*of).with_for_update()).mappings().first()
        ready = {"state": State.READY.value, "schema": version.schema, "error": None}
        if row is None:
            told = {name: getattr(version, name) for name in Version.__dataclass_fields__}
            told |= {"files": list(version.files), **ready}
            connection.execute(insert(versions).values(**told))
        elif row["state"] != State.READY.value:
            # whoever prepares it now comes too late
            held = {"lease_token": row["lease_token"] + 1, "lease_until": None}
            connection.execute(update(versions).where(*of).values(**ready, **held))

    def begin_live(self, connection: Connection, version: Version, at: datetime) -> None:
        """Make a version live whose model never had a live one; the model is locked by now."""
        if _current(connection, version.model, "live") is None:
            values = {"model": version.model, "alias": "live", "version": version.id}
            connection.execute(insert(aliases).values(number=1, moved_at=at, **values))

    def renew(self, value: Version, lease_s: float) -> bool:
        """Hold on to a version that is being prepared."""
        held = update(versions).where(*_held(value)).values(lease_until=now() + lease_s)
        with self._db.write() as connection:
            return connection.execute(held).rowcount == 1

    def give_back(self, value: Version) -> None:
        """Let go of a version that is being prepared; another prepares it now."""
        back, _ = value.to(State.PUSHED, value.created_at)
        with self._db.write() as connection:
            connection.execute(
                update(versions)
                .where(
                    versions.c.model == value.model,
                    versions.c.id == value.id,
                    versions.c.state == value.state.value,
                    versions.c.lease_token == value.lease_token,
                )
                .values(
                    state=back.state.value,
                    lease_until=None,
                    attempts=versions.c.attempts - 1,
                )
            )

    def due(self, hardware: str | None = None) -> list[str]:
        """Versions to prepare that ask for this class of hardware."""
        asked = turns.asked_class(hardware)
        return self._db.ids(version_rows.due(classed=bool(asked)), **asked)

    def measured(self, model: str, id: str, seconds_per_item: float) -> None:
        """Remember how long one row takes."""
        with self._db.write() as connection:
            connection.execute(
                update(versions)
                .where(versions.c.model == model, versions.c.id == id)
                .values(seconds_per_item=seconds_per_item)
            )

    def ask_for(self, model: str, id: str, hardware: str) -> None:
        """Have what is made of the version from now on ask for another class of hardware."""
        one = update(versions).where(versions.c.model == model, versions.c.id == id)
        with self._db.write() as connection:
            connection.execute(one.values(hardware=hardware))

    def alias(self, model: str, alias: str) -> str | None:
        """The digest an alias names now."""
        with self._db.read() as connection:
            row = _current(connection, model, alias)
        return str(row["version"]) if row else None

    def history(self, model: str, alias: str) -> list[dict[str, Any]]:
        """Every move of an alias, newest first."""
        query = (
            select(aliases.c.version, aliases.c.moved_at)
            .where(aliases.c.model == model, aliases.c.alias == alias)
            .order_by(aliases.c.number.desc())
        )
        with self._db.read() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def promote(
        self, model: str, alias: str, digest: str, at: datetime, expected: Sequence[str | None]
    ) -> str | None:
        """Move an alias if it still names one of `expected` (anything, if empty).

        Returns the digest it named before.

        Raises:
            Conflict: the alias has moved since.
        """
        with self._db.write() as connection:
            self._lock(connection, model)
            row = _current(connection, model, alias)
            before = str(row["version"]) if row else None
            if expected and before not in expected:
                raise Conflict(
                    f"{alias} of {model} has moved since: it names {before or 'nothing'} now"
                )
            if before != digest:
                number = row["number"] + 1 if row else 1
                values = {"model": model, "alias": alias, "number": number, "version": digest}
                connection.execute(insert(aliases).values(moved_at=at, **values))
        return before

    def _lock(self, connection: Connection, model: str) -> None:
        """Moves of a model's aliases take turns; pushing versions of it goes on."""
        query = select(models.c.name).where(models.c.name == model)
        if connection.execute(query.with_for_update(key_share=True)).first() is None:
            raise NotFound("model", model)


def _model(row: RowMapping) -> Model:
    about = row["about"] or {}
    return Model(name=row["name"], owner=row["owner"], created_at=row["created_at"], about=about)


def _there() -> ColumnElement[bool]:
    """Versions that were not removed."""
    return versions.c.state != State.RETIRED.value


def _current(connection: Connection, model: str, alias: str) -> RowMapping | None:
    query = (
        select(aliases)
        .where(aliases.c.model == model, aliases.c.alias == alias)
        .order_by(aliases.c.number.desc())
        .limit(1)
    )
    return connection.execute(query).mappings().first()


def _held(value: Version) -> tuple[ColumnElement[bool], ...]:
    return (
        versions.c.model == value.model,
        versions.c.id == value.id,
        versions.c.state == value.state.value,
        versions.c.lease_token == value.lease_token,
    )
