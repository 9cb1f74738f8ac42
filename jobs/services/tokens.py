"""API tokens: who may ask, and which buckets they may name."""

import secrets
from collections.abc import Sequence
from typing import Any

from jobs.core.caller import Caller, check_grant
from jobs.core.errors import BadRequest, NotFound, TooMany, Unauthorized
from jobs.core.limits import NO_LIMITS, Limits, changed
from jobs.core.wire import iso
from jobs.ports import Clock, Store

SHOWN_DIGITS = 12
MAX_NAME = 200
#: requests that come at once count as if they had come within so long
BURST_S = 1.0


class Tokens:
    """Make, list, limit and revoke; only hashes are kept. `limits`: of tokens without their own."""

    def __init__(self, store: Store, clock: Clock, limits: Limits = NO_LIMITS) -> None:
        self._store = store
        self._clock = clock
        self._limits = limits

    def caller(self, token: str) -> Caller:
        """Who sends a request with this token.

        Raises:
            Unauthorized: it is not known.
            TooMany: it has sent too many of late.
        """
        caller: Caller | None = self._store.tokens.caller(token, self._limits) if token else None
        if caller is None:
            raise Unauthorized(
                "send a token this server knows as 'Authorization: Bearer TOKEN'"
                " (embedded: it is in DATA/token)"
            )
        per_s = caller.limits.requests_per_s
        if per_s is not None:
            wait_s = self._store.tokens.admit(caller.token, per_s, BURST_S)
            if wait_s is not None:
                raise TooMany(f"this token may send {per_s:g} requests a second", wait_s)
        return caller

    def create(
        self,
        name: str,
        owner: str,
        buckets: Sequence[str],
        limits: Sequence[str] = (),
        *,
        promotes: bool = True,
    ) -> str:
        """A new token; it cannot be had again. `limits`: its own, as `NAME=NUMBER`.

        `promotes`: whether it may say what `live` names.

        Raises:
            BadRequest: a grant is not BUCKET or BUCKET/PREFIX, a limit is none, or a name is
                unusable.
        """
        for field, text in (("name", name), ("owner", owner)):
            if not 0 < len(text) <= MAX_NAME or not text.isprintable():
                raise BadRequest(f"{field} must be 1 to {MAX_NAME} printable characters")
        grants = [check_grant(bucket) for bucket in buckets]
        token = f"pst_{secrets.token_urlsafe(32)}"
        own = changed({}, limits)
        self._store.tokens.create(token, owner, name, grants, self._clock(), own, promotes=promotes)
        return token

    def id(self, token: str) -> str:
        """What `all` lists a token as; empty if it is not known."""
        caller: Caller | None = self._store.tokens.caller(token)
        return caller.token[:SHOWN_DIGITS] if caller else ""

    def all(self) -> list[dict[str, Any]]:
        """Every token by the first digits of its hash."""
        return [
            {
                "id": row["hash"][:SHOWN_DIGITS],
                "owner": row["owner"],
                "name": row["name"],
                "buckets": row["grants"].get("buckets", []),
                "promotes": row["grants"].get("promotes", True),
                "limits": vars(self._limits.under(row["limits"])),
                "created_at": iso(row["created_at"]),
            }
            for row in self._store.tokens.all()
        ]

    def limit(self, id: str, limits: Sequence[str]) -> None:
        """Change a token's own limits: `NAME=NUMBER`, `NAME=none`, `NAME=default`."""
        known = len(id) >= SHOWN_DIGITS
        if not known or not self._store.tokens.limit(id, lambda own: changed(own, limits)):
            raise NotFound("token", id)

    def revoke(self, id: str) -> None:
        """Forget a token; what it started goes on."""
        if len(id) < SHOWN_DIGITS or not self._store.tokens.revoke(id):
            raise NotFound("token", id)
