"""Begins anew where the key that sealed secrets is lost for good."""

from collections.abc import Callable
from typing import cast

from jobs.core.errors import BadRequest
from jobs.core.seals import Lost
from jobs.ports import Clock, Sealer, Store
from webhooks.signing import new_secret


class Seals:
    """`sealer`: the keys that are there, if any are; `make` makes one where there is none."""

    def __init__(
        self, store: Store, sealer: Sealer | None, make: Callable[[], Sealer], clock: Clock
    ) -> None:
        self._store = store
        self._sealer = sealer
        self._make = make
        self._clock = clock

    @property
    def has_key(self) -> bool:
        """Whether none has to be made."""
        return self._sealer is not None

    def lost(self) -> Lost:
        """What none of our keys opens."""
        return cast(Lost, self._store.seals.lost(self._opens))

    def renew(self) -> Lost:
        """Give each owner and endpoint a new secret whose own cannot be opened any more.

        The key is there before anything is sealed with it: what is cut off is done again.
        """
        sealer = self._sealer or self._make()

        def fresh() -> bytes:
            return sealer.seal(new_secret().encode())

        return cast(Lost, self._store.seals.renew(self._opens, fresh, self._clock()))

    def _opens(self, sealed: bytes) -> bool:
        if self._sealer is None:
            return False
        try:
            self._sealer.unseal(sealed)
        except BadRequest:
            return False
        return True
