"""Standing endpoints of an owner: made, changed, tried, and their secrets."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from jobs.core.caller import Caller
from jobs.core.endpoint import Endpoint, Reason, asked, overlap_s
from jobs.core.errors import BadRequest, NotFound
from jobs.core.ids import new_id
from jobs.core.page import Found, Page
from jobs.ports import Clock, Sealer, Store
from webhooks.addresses import Network
from webhooks.keys import Key, new_secret


class Endpoints:
    """Create, list, change, rotate, test. `allow`: private ranges that they may be in."""

    def __init__(
        self, store: Store, sealer: Sealer, clock: Clock, allow: Sequence[Network] = ()
    ) -> None:
        self._store = store
        self._sealer = sealer
        self._clock = clock
        self._allow = tuple(allow)

    def create(self, caller: Caller, body: dict[str, Any]) -> tuple[Endpoint, str]:
        """A new endpoint, enabled, and its secret.

        Raises:
            BadRequest: a field cannot be, or webhooks may not go to that address.
            Conflict: the owner has too many.
        """
        fields = asked(body, self._allow)
        if "url" not in fields:
            raise BadRequest("give the address to send to", field="url")
        at, secret = self._clock(), new_secret()
        value = Endpoint(id=new_id("ep", at), owner=caller.owner, created_at=at, **fields)
        self._store.endpoints.create(value, self._sealer.seal(secret.encode()))
        return value, secret

    def get(self, caller: Caller, id: str) -> Endpoint:
        """One endpoint."""
        value: Endpoint = self._store.endpoints.get(id, caller.owner)
        return value

    def newest(self, caller: Caller, page: Page) -> Found[Endpoint]:
        """The newest first."""
        found: Found[Endpoint] = self._store.endpoints.newest(caller.owner, page)
        return found

    def change(self, caller: Caller, id: str, body: dict[str, Any]) -> Endpoint:
        """Change the fields that are given; raises BadRequest."""
        fields = asked(body, self._allow)
        value: Endpoint = self._store.endpoints.change(id, caller.owner, fields)
        return value

    def delete(self, caller: Caller, id: str) -> None:
        """Forget it; what waits for it is cancelled."""
        self._store.endpoints.delete(id, caller.owner)

    def enable(self, caller: Caller, id: str) -> Endpoint:
        """Send to it from now on."""
        value: Endpoint = self._store.endpoints.enable(id, caller.owner)
        return value

    def disable(self, caller: Caller, id: str) -> Endpoint:
        """Send nothing to it any more; what waits for it is cancelled."""
        disable = self._store.endpoints.disable
        value: Endpoint = disable(id, caller.owner, Reason.OWNER, self._clock())
        return value

    def rotate(
        self, caller: Caller, id: str, body: dict[str, Any]
    ) -> tuple[Endpoint, str, datetime | None]:
        """A new secret, and until when an older one signs too.

        Raises:
            BadRequest: the overlap cannot be.
            Conflict: too many old ones sign still.
        """
        overlap, secret = overlap_s(body), new_secret()
        sealed = self._sealer.seal(secret.encode())
        rotate = self._store.endpoint_secrets.rotate
        old = rotate(id, caller.owner, sealed, overlap, self._clock())[1:]
        ends = [one.until for one in old]
        return self.get(caller, id), secret, _at(max(ends)) if ends else None

    def secret(self, caller: Caller, id: str) -> str:
        """The newest secret."""
        self.get(caller, id)
        keys = self.keys(id)
        if not keys:  # it was deleted meanwhile
            raise NotFound("endpoint", id)
        return keys[0].value

    def test(self, caller: Caller, id: str) -> tuple[str, str]:
        """Owe it a `webhook.test`; the ids of the event and of the delivery."""
        ids: tuple[str, str] = self._store.endpoints.test(id, caller.owner, self._clock())
        return ids

    def keys(self, id: str) -> list[Key]:
        """What signs for it now, the newest first."""
        return [
            Key(self._sealer.unseal(one.sealed).decode(), until=_at(one.until))
            for one in self._store.endpoint_secrets.signing(id)
        ]


def _at(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
