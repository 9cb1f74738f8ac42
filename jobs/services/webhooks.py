"""Webhook secrets of owners, and what became of their deliveries."""

from datetime import UTC, datetime
from typing import Any

from jobs.core.errors import BadRequest
from jobs.core.page import Found, Page
from jobs.core.replay import Lot, asked
from jobs.core.seals import NOBODY
from jobs.core.wire import iso
from jobs.ports import Clock, Sealer, Store
from webhooks.deliveries import State
from webhooks.signing import new_secret

#: deliveries that one request of a range has sent again, at most
LOT = 500


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

    def try_keys(self) -> None:
        """The same, and leave nothing."""
        sealed: bytes | None = self._store.tokens.sealed_secret(NOBODY)
        if sealed is not None:
            self._sealer.unseal(sealed)

    def deliveries(
        self,
        owner: str,
        subject: str | None,
        page: Page,
        *,
        endpoint: str | None = None,
        state: str | None = None,
    ) -> Found[dict[str, Any]]:
        """The newest deliveries, with their attempts; `endpoint` is null where none stands.

        Dead letters are those of the state `exhausted`.

        Raises:
            BadRequest: a delivery has no such state.
        """
        if state is not None and state not in set(State):
            raise BadRequest(f"state is one of {', '.join(State)}", field="state")
        newest = self._store.deliveries.newest
        found: Found[dict[str, Any]] = newest(owner, subject, page, endpoint=endpoint, state=state)
        return found.map(_shape)

    def replay(self, owner: str, id: str) -> dict[str, Any]:
        """Send one delivery again, with the same id and bytes; raises NotFound."""
        self._store.replays.one(id, owner)
        return _shape(self._store.deliveries.get(id, owner))

    def replay_some(self, owner: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send the next lot of a range again; asked on with its `until` and `after` to the end.

        Raises:
            BadRequest: the range cannot be read.
        """
        lot: Lot = self._store.replays.some(owner, asked(body), LOT)
        until = iso(datetime.fromtimestamp(lot.until, UTC))
        after = None if lot.after is None else str(lot.after)
        return {"replayed": lot.replayed, "until": until, "after": after}


def _shape(row: dict[str, Any]) -> dict[str, Any]:
    times = {name: iso(row[name]) for name in ("created_at", "next_attempt_at")}
    return row | times | {"endpoint": row["endpoint"] or None}
