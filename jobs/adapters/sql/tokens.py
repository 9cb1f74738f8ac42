"""API tokens, kept as hashes, and each owner's webhook secret, kept sealed."""

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from jobs.adapters.sql.database import Database
from jobs.adapters.sql.tables import secrets, tokens
from jobs.core.caller import Caller


def hashed(token: str) -> str:
    """A token as it is kept: it is long and random, so one round of sha256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


class Tokens:
    """All statements about tokens and secrets."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def create(self, token: str, owner: str, name: str, buckets: list[str], at: datetime) -> None:
        """Keep a token's hash; the same token twice is fine."""
        values: dict[str, Any] = {"hash": hashed(token), "owner": owner, "name": name}
        values |= {"grants": {"buckets": buckets}, "created_at": at}
        try:
            with self._db.write() as connection:
                connection.execute(insert(tokens).values(**values))
        except IntegrityError:
            return

    def caller(self, token: str) -> Caller | None:
        """Who the token speaks for, if it is known."""
        query = select(tokens.c.owner, tokens.c.grants).where(tokens.c.hash == hashed(token))
        with self._db.read() as connection:
            row = connection.execute(query).first()
        return Caller(row.owner, tuple(row.grants.get("buckets", ()))) if row else None

    def all(self) -> list[dict[str, Any]]:
        """Every token's row, oldest first."""
        with self._db.read() as connection:
            rows = connection.execute(select(tokens).order_by(tokens.c.created_at)).mappings()
            return [dict(row) for row in rows]

    def revoke(self, start: str) -> bool:
        """Forget the one token whose hash begins so; False if none or several do."""
        query = select(tokens.c.hash).where(tokens.c.hash.startswith(start, autoescape=True))
        with self._db.write() as connection:
            found = connection.execute(query.limit(2)).scalars().all()
            if len(found) == 1:
                connection.execute(delete(tokens).where(tokens.c.hash == found[0]))
        return len(found) == 1

    def sealed_secret(self, owner: str) -> bytes | None:
        """The owner's webhook secret as it is kept."""
        query = select(secrets.c.sealed).where(secrets.c.owner == owner)
        with self._db.read() as connection:
            return connection.execute(query).scalar_one_or_none()

    def keep_secret(self, owner: str, sealed: bytes, at: datetime) -> bytes:
        """Keep a sealed secret unless the owner has one; answers with the one that counts."""
        try:
            with self._db.write() as connection:
                values = {"owner": owner, "sealed": sealed, "created_at": at}
                connection.execute(insert(secrets).values(**values))
        except IntegrityError:
            return self.sealed_secret(owner) or sealed
        return sealed
