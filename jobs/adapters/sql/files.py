"""Uploaded files: what is known of each; the bytes are in the object store."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import RowMapping, bindparam, delete, insert, or_, select
from sqlalchemy.exc import IntegrityError

from jobs.adapters.sql import pages, wishes
from jobs.adapters.sql.database import Database, now
from jobs.adapters.sql.tables import files
from jobs.core.errors import NotFound
from jobs.core.file import ANY, File
from jobs.core.page import Found, Page

#: made once, since making it costs more than running it
_KEYS = select(files.c.id, files.c.key).where(
    files.c.id.in_(bindparam("ids", expanding=True)), files.c.owner == bindparam("owner")
)
#: what databases take in one statement, and more
_AT_ONCE = 500
_FIELDS = tuple(File.__dataclass_fields__)


def from_row(row: RowMapping) -> File:
    """A row as the value it keeps."""
    return File(**{name: row[name] for name in _FIELDS})


class Files:
    """All statements about files."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def create(
        self, file: File, *, key: str | None = None, request_hash: str | None = None
    ) -> File:
        """Keep what is known of a file whose bytes are stored.

        The same key and request give back the one that is there; then these bytes are nobody's.

        Raises:
            Conflict: the key was used for another request.
        """
        row = vars(file) | {"idempotency_key": key, "request_hash": request_hash}
        if file.expires_at is not None:  # by whose clock it will go: that of this host may be wrong
            row["expires_at"] = now() + (file.expires_at - file.created_at).total_seconds()
        try:
            with self._db.write() as connection:
                connection.execute(insert(files).values(**row))
        except IntegrityError:
            kept = self.find(file.owner, key, request_hash) if key is not None else None
            if kept is None:
                raise
            return kept
        return file

    def find(self, owner: str, key: str, request_hash: str | None) -> File | None:
        """The file that this key made before, if it did and is there still.

        Raises:
            Conflict: the key was used for another request.
        """
        row = wishes.by_key(self._db, files, owner, key, request_hash)
        return from_row(row) if row is not None else None

    def alike(self, owner: str, request_hash: str, since: datetime) -> File | None:
        """The owner's newest file since then of the same bytes and the same words about them."""
        who = {"owner": owner, "request_hash": request_hash}
        row = wishes.newest_alike(self._db, files, "file", since, **who)
        return from_row(row) if row is not None else None

    def get(self, id: str, owner: str | None = None) -> File:
        """One file; another owner's is not found."""
        query = select(files).where(files.c.id == id)
        if owner is not None:
            query = query.where(files.c.owner == owner)
        with self._db.read() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            raise NotFound("file", id)
        return from_row(row)

    def keys(self, ids: Collection[str], owner: str) -> dict[str, str]:
        """Where the bytes of files are, by id; those that are not there, or another's, are not."""
        found: dict[str, str] = {}
        wanted = list(ids)
        while wanted:
            some, wanted = wanted[:_AT_ONCE], wanted[_AT_ONCE:]
            with self._db.read() as connection:
                rows = connection.execute(_KEYS, {"ids": some, "owner": owner})
                found |= {row.id: row.key for row in rows}
        return found

    def newest(
        self, owner: str, page: Page, *, purpose: str | None = None, oldest_first: bool = False
    ) -> Found[File]:
        """The newest first, unless the oldest are wanted first; `purpose`: of these alone."""
        query = select(files).where(files.c.owner == owner)
        if purpose is not None:
            mine = files.c.purpose == purpose
            unsaid = files.c.purpose.is_(None)
            query = query.where(or_(mine, unsaid) if purpose == ANY else mine)
        by = (files.c.id,)
        found = pages.fetch(self._db, query, by, page, newest_first=not oldest_first)
        return found.map(from_row)

    def delete(self, id: str, owner: str) -> None:
        """Forget a file."""
        with self._db.write() as connection:
            query = delete(files).where(files.c.id == id, files.c.owner == owner)
            if connection.execute(query).rowcount != 1:
                raise NotFound("file", id)
