"""Webhook secrets of owners, and what became of their deliveries."""

from typing import Any

from jobs.core.page import Found, Page
from jobs.core.wire import iso
from jobs.ports import Clock, Sealer, Store
from webhooks.signing import new_secret

#: an owner that no token can have
NOBODY = ""


class Webhooks:
    """One signing secret per owner, sealed at rest, made when it is first asked for."""

    def __init__(self, store: Store, sealer: Sealer, clock: Clock) -> None:
        self._store = store
        self._sealer = sealer
        self._clock = clock

    def secret(self, owner: str) -> str:
        """The owner's secret in `whsec_` form."""
        sealed: bytes | None = self._store.tokens.sealed_secret(owner)
        if sealed is None:
            fresh = self._sealer.seal(new_secret().encode())
            sealed = self._store.tokens.keep_secret(owner, fresh, self._clock())
        return self._sealer.unseal(sealed).decode()

    def check_keys(self) -> None:
        """Find out whether this process opens what the others of this database seal.

        The first one leaves a seal; raises BadRequest if our keys do not open it.
        """
        sealed: bytes | None = self._store.tokens.sealed_secret(NOBODY)
        if sealed is None:
            fresh = self._sealer.seal(b"penstock")
            sealed = self._store.tokens.keep_secret(NOBODY, fresh, self._clock())
        self._sealer.unseal(sealed)

    def deliveries(
        self, owner: str, subject: str | None, page: Page, *, endpoint: str | None = None
    ) -> Found[dict[str, Any]]:
        """The newest deliveries, with their attempts; `endpoint` is null where none stands."""
        newest = self._store.deliveries.newest
        found: Found[dict[str, Any]] = newest(owner, subject, page, endpoint=endpoint)
        return found.map(_told)


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"created_at": iso(row["created_at"]), "endpoint": row["endpoint"] or None}
