"""API tokens, kept as hashes, and each owner's webhook secret, kept sealed."""

import hashlib
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from jobs.adapters.sql.database import Database, now
from jobs.adapters.sql.prepared import Prepared, Row
from jobs.adapters.sql.tables import endpoint_secrets, secrets, tokens
from jobs.core.caller import Caller
from jobs.core.limits import NO_LIMITS, Limits, Number

#: how long a token is let in as it was, whatever another process does with it
KNOWN_S = 1.0
MOST_KNOWN = 1024
_WHOSE = Prepared(
    select(tokens.c.owner, tokens.c.grants, tokens.c.limits, tokens.c.name).where(
        tokens.c.hash == bindparam("hash")
    )
)


def hashed(token: str) -> str:
    """A token as it is kept: it is long and random, so one round of sha256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


class Tokens:
    """All statements about tokens and secrets."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._known: dict[str, tuple[float, Row]] = {}

    def create(
        self,
        token: str,
        owner: str,
        name: str,
        buckets: list[str],
        at: datetime,
        limits: Mapping[str, Number] | None = None,
        *,
        promotes: bool = True,
    ) -> None:
        """Keep a token's hash; the same token twice is fine. `limits`: those of its own."""
        values: dict[str, Any] = {"hash": hashed(token), "owner": owner, "name": name}
        grants = {"buckets": buckets} | ({} if promotes else {"promotes": False})
        values |= {"grants": grants, "created_at": at, "limits": limits or {}}
        try:
            with self._db.write() as connection:
                connection.execute(insert(tokens).values(**values))
        except IntegrityError:
            return

    def caller(self, token: str, limits: Limits = NO_LIMITS) -> Caller | None:
        """Who the token speaks for, if it is known; its own limits are laid over `limits`."""
        hash = hashed(token)
        row = self._row(hash)
        if row is None:
            return None
        buckets = tuple(row["grants"].get("buckets", ()))
        promotes = row["grants"].get("promotes", True)
        limited = limits.under(row["limits"])
        return Caller(row["owner"], buckets, hash, limited, promotes, row["name"])

    def _row(self, hash: str) -> Row | None:
        """As it was a second ago at most, if it was there: each client asks again and again."""
        at, row = self._known.get(hash, (-KNOWN_S, None))
        now_s = time.monotonic()
        if row is not None and now_s - at < KNOWN_S:
            return row
        found = next(iter(self._db.ask(_WHOSE, hash=hash)), None)
        if found is None:
            self._known.pop(hash, None)
        else:
            self._known[hash] = now_s, found
            for old in list(self._known)[:-MOST_KNOWN]:
                self._known.pop(old, None)
        return found

    def admit(self, hash: str, per_s: float, burst_s: float) -> float | None:
        """Let one request in, or say in how many seconds one would be.

        One number is kept: when the last request would have come, had they come evenly. It may
        lie so much ahead of the clock as `burst_s`, and one request, allow.
        """
        last = case((tokens.c.rate_at > now(), tokens.c.rate_at), else_=now())
        taken = update(tokens).where(tokens.c.hash == hash, last <= now() + burst_s)
        with self._db.write() as connection:
            if connection.execute(taken.values(rate_at=last + 1 / per_s)).rowcount:
                return None
            wait = select(tokens.c.rate_at - now() - burst_s).where(tokens.c.hash == hash)
            return float(connection.execute(wait).scalar() or 0.0)

    def limit(self, start: str, change: Callable[[dict[str, Number]], dict[str, Number]]) -> bool:
        """Change the own limits of the one token whose hash begins so; False as in `revoke`."""
        query = select(tokens.c.hash, tokens.c.limits)
        query = query.where(tokens.c.hash.startswith(start, autoescape=True)).limit(2)
        with self._db.write() as connection:
            found = connection.execute(query.with_for_update()).all()
            if len(found) == 1:
                one = update(tokens).where(tokens.c.hash == found[0].hash)
                connection.execute(one.values(limits=change(found[0].limits)))
        self._known.clear()
        return len(found) == 1

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
        self._known.clear()
        return len(found) == 1

    def sealed_secret(self, owner: str) -> bytes | None:
        """The owner's webhook secret as it is kept."""
        query = select(secrets.c.sealed).where(secrets.c.owner == owner)
        with self._db.read() as connection:
            return connection.execute(query).scalar_one_or_none()

    def any_sealed(self) -> bool:
        """Whether a secret is kept that a new key could not open."""
        kept = (select(table.c.sealed).limit(1) for table in (secrets, endpoint_secrets))
        with self._db.read() as connection:
            return any(connection.execute(query).first() for query in kept)

    def keep_secret(self, owner: str, sealed: bytes, at: datetime) -> bytes:
        """Keep a sealed secret unless the owner has one; answers with the one that counts."""
        try:
            with self._db.write() as connection:
                values = {"owner": owner, "sealed": sealed, "created_at": at}
                connection.execute(insert(secrets).values(**values))
        except IntegrityError:
            return self.sealed_secret(owner) or sealed
        return sealed
