"""Uploaded files: what is known of each; the bytes are in the object store."""

from collections.abc import Collection

from sqlalchemy import bindparam, delete, insert, select

from jobs.adapters.sql import pages
from jobs.adapters.sql.database import Database
from jobs.adapters.sql.tables import files
from jobs.core.errors import NotFound
from jobs.core.file import File
from jobs.core.page import Found, Page

#: made once, since making it costs more than running it
_KEYS = select(files.c.id, files.c.key).where(
    files.c.id.in_(bindparam("ids", expanding=True)), files.c.owner == bindparam("owner")
)
#: what databases take in one statement, and more
_AT_ONCE = 500


class Files:
    """All statements about files."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def create(self, file: File) -> None:
        """Keep what is known of a file whose bytes are stored."""
        with self._db.write() as connection:
            connection.execute(insert(files).values(**vars(file)))

    def get(self, id: str, owner: str | None = None) -> File:
        """One file; another owner's is not found."""
        query = select(files).where(files.c.id == id)
        if owner is not None:
            query = query.where(files.c.owner == owner)
        with self._db.read() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            raise NotFound("file", id)
        return File(**row)

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

    def newest(self, owner: str, page: Page) -> Found[File]:
        """The newest first."""
        query = select(files).where(files.c.owner == owner)
        return pages.fetch(self._db, query, (files.c.id,), page).map(lambda row: File(**row))

    def delete(self, id: str, owner: str) -> None:
        """Forget a file."""
        with self._db.write() as connection:
            query = delete(files).where(files.c.id == id, files.c.owner == owner)
            if connection.execute(query).rowcount != 1:
                raise NotFound("file", id)
