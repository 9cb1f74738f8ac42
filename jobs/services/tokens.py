"""API tokens: who may ask, and which buckets they may name."""

import secrets
from collections.abc import Sequence
from typing import Any

from jobs.core.caller import check_grant
from jobs.core.errors import BadRequest, NotFound
from jobs.core.wire import iso
from jobs.ports import Clock, Store

SHOWN_DIGITS = 12
MAX_NAME = 200


class Tokens:
    """Make, list and revoke; only hashes are kept."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def create(self, name: str, owner: str, buckets: Sequence[str]) -> str:
        """A new token; it cannot be had again.

        Raises:
            BadRequest: a grant is not BUCKET or BUCKET/PREFIX, or a name is unusable.
        """
        for field, text in (("name", name), ("owner", owner)):
            if not 0 < len(text) <= MAX_NAME or not text.isprintable():
                raise BadRequest(f"{field} must be 1 to {MAX_NAME} printable characters")
        grants = [check_grant(bucket) for bucket in buckets]
        token = f"pst_{secrets.token_urlsafe(32)}"
        self._store.tokens.create(token, owner, name, grants, self._clock())
        return token

    def all(self) -> list[dict[str, Any]]:
        """Every token by the first digits of its hash."""
        return [
            {
                "id": row["hash"][:SHOWN_DIGITS],
                "owner": row["owner"],
                "name": row["name"],
                "buckets": row["grants"].get("buckets", []),
                "created_at": iso(row["created_at"]),
            }
            for row in self._store.tokens.all()
        ]

    def revoke(self, id: str) -> None:
        """Forget a token; what it started goes on."""
        if len(id) < SHOWN_DIGITS or not self._store.tokens.revoke(id):
            raise NotFound("token", id)
