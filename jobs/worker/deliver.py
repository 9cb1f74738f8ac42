"""Send what is due: claim a lot, sign each with its owner's secret, record what came of it."""

import random
import threading
import time
from collections.abc import Callable
from typing import Any

from jobs.ports import Store
from webhooks.deliveries import next_step
from webhooks.sender import Request, Sender
from webhooks.signing import Signer

LOT = 200
LEASE_S = 60.0


class Deliver:
    """Drives the deliveries that are due; several processes may do so at once."""

    def __init__(self, store: Store, sender: Sender, secret: Callable[[str], str]) -> None:
        self._store = store
        self._sender = sender
        self._secret = secret
        self._lock = threading.Lock()

    def run(self) -> int:
        """One lot; answers with how many were sent."""
        with self._lock:
            lot = self._store.deliveries.claim(LOT, LEASE_S)
            if not lot:
                return 0
            signers = {due.owner: Signer([self._secret(due.owner)]) for due in lot}
            requests = [self._request(due, signers[due.owner]) for due in lot]
            self._sender.send(requests, self._record(lot))
        return len(lot)

    def _request(self, due: Any, signer: Signer) -> Request:
        headers = signer.headers(due.event_id, int(time.time()), due.body)
        return Request(due.id, due.url, due.body, headers)

    def _record(self, lot: list[Any]) -> Callable[[str, Any], None]:
        by_id = {due.id: due for due in lot}

        def record(id: str, outcome: Any) -> None:
            due = by_id[id]
            step = next_step(due.attempts + 1, outcome, random.random())  # noqa: S311 - jitter
            attempt = {
                "status": outcome.status,
                "error": outcome.error,
                "duration_s": outcome.duration_s,
                "body_start": outcome.body_start,
            }
            self._store.deliveries.record(due, step.state.value, step.after_s, attempt)

        return record
