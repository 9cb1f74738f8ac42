"""Send what is due: claim what there is room for, sign it, record what came of it."""

import logging
import random
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from jobs.ports import Store, Telemetry, Work
from jobs.worker.health import Health
from jobs.worker.unwatched import UNWATCHED
from webhooks.deliveries import Outcome, State, next_step
from webhooks.endpoints import EACH, Endpoints
from webhooks.keys import Key
from webhooks.sender import Request, Sender
from webhooks.signing import Signer

#: the most that is claimed at once, and what a claim begins with
LOT, LOT_FIRST = 256, 64
#: twice the sender's timeout: what is claimed is begun at once, and its end recorded at once
LEASE_S = 30.0
#: how often the store is asked: after it had something, and else, whether or not attempts are under
#: way: who waits for a server that hangs is not to be seen later, and not sooner, than otherwise
AGAIN_S = 0.005
LOOK_S = 0.02
#: a delivery, the state it is in now, seconds until it is tried again, and the attempt
End = tuple[Any, str, float | None, dict[str, Any]]
log = logging.getLogger(__name__)


class Deliver:
    """Drives the deliveries that are due; several processes may do so at once.

    New ones are begun while others are still under way, so that a slow receiver delays nobody.
    """

    def __init__(
        self,
        store: Store,
        sender: Sender,
        secret: Callable[[str], str],
        telemetry: Telemetry = UNWATCHED,
        *,
        keys: Callable[[str], Sequence[Key]] = lambda endpoint: (),
        health: Health | None = None,
    ) -> None:
        """`secret` is an owner's, `keys` are a standing endpoint's; `health` is told of these."""
        self._telemetry = telemetry
        self._store = store
        self._sender = sender
        self._secret = secret
        self._keys = keys
        self._health = health
        self._endpoints = Endpoints()
        self._flying: dict[str, tuple[Any, Work]] = {}
        self._lot = LOT_FIRST
        self._found_nothing = False
        self._lock = threading.Lock()

    def run(self, ended: Callable[[], bool] = bool) -> int:
        """Send until nothing is due or under way; answers with how many attempts were begun.

        Once `ended` is true none is begun, and those under way are made to their end.
        """
        total = 0
        with self._lock:
            while True:
                begun = 0 if ended() else self._claim()
                if not (begun or self._flying):
                    return total
                total += begun
                self._drive(AGAIN_S if begun else LOOK_S)

    def _drive(self, seconds: float) -> None:
        """Move on what is under way, for so long or until nothing is."""
        end = time.monotonic() + seconds
        while self._flying and (left_s := end - time.monotonic()) > 0:
            ended = [(*self._flying.pop(id), how) for id, how in self._sender.turn(left_s)]
            for due, work, outcome in ended:
                self._endpoints.end(due.url, outcome, time.monotonic())
                work.end(outcome.word)
            outcomes = [(due, outcome) for due, _, outcome in ended]
            self._record(outcomes)
            if self._health is not None:
                self._health.note(outcomes)

    def _claim(self) -> int:
        room = min(self._lot, self._sender.room)
        if room <= 0:
            return 0
        full = self._endpoints.full(time.monotonic())
        if self._found_nothing and not self._store.deliveries.any_due(full):
            return 0
        claimed = self._store.deliveries.claim(room, LEASE_S, apart=full)
        lot = [due for due in claimed if not self._goes_on(due)]
        self._found_nothing = not claimed
        # a lot may hold more for one server than it may have; the next claim leaves it out
        begun = [due for due in lot if self._endpoints.begin(due.url, time.monotonic())]
        ids = {due.id for due in begun}
        self._store.deliveries.release([due for due in lot if due.id not in ids])
        self._lot = _next_lot(self._lot, room, len(lot), len(begun))
        signs = {whose: self._signer(*whose) for whose in {_whose(due) for due in begun}}
        for due in begun:
            self._begin(due, signs[_whose(due)])
        return len(begun)

    def _goes_on(self, due: Any) -> bool:
        """Whether it is under way here: its lease ran out while this process stood still.

        It is not sent once more beside that, and what comes of it is recorded under the new lease.
        """
        if due.id not in self._flying:
            return False
        _, work = self._flying[due.id]
        self._flying[due.id] = due, work
        return True

    def _signer(self, owner: str, endpoint: str) -> Signer | None:
        """None if these secrets cannot be had: the others' deliveries go on."""
        try:
            return Signer(self._keys(endpoint) if endpoint else [self._secret(owner)])
        except Exception:
            log.exception("a webhook secret could not be used", extra={"owner": owner})
            return None

    def _begin(self, due: Any, signer: Signer | None) -> None:
        if signer is None:
            self._endpoints.drop(due.url)
            reason = "the signing secret could not be used; see the server's log"
            self._record([(due, Outcome(None, reason, 0.0))])
            return
        headers = signer.headers(due.event_id, int(time.time()), due.body)
        work = self._telemetry.delivery(
            parent=due.traceparent, delivery=due.id, event=due.event_id, subject=due.subject
        )
        if work.traceparent:
            headers |= {"traceparent": work.traceparent}
        self._flying[due.id] = due, work
        self._sender.launch(Request(due.id, due.url, due.body, headers))

    def _record(self, ended: list[tuple[Any, Outcome]]) -> None:
        """In one transaction; if that fails one by one, so that none takes others with it."""
        ends = [_end(due, outcome) for due, outcome in ended]
        try:
            self._write(ends)
        except Exception:
            for end in ends:
                try:
                    self._write([end])
                except Exception:
                    # its lease runs out, and it is sent again under the same id
                    log.exception("an attempt is not recorded", extra={"delivery": end[0].id})

    def _write(self, ends: list[End]) -> None:
        if ends:
            self._store.deliveries.record_all(ends)
        for due, state, _, _ in ends:
            if state == State.CANCELLED and not due.endpoint:
                self._store.deliveries.cancel(due.owner, due.url)


def _next_lot(lot: int, room: int, claimed: int, begun: int) -> int:
    """How many to claim next: twice as many while all can be begun, half as many once some cannot.

    Where thousands wait for one server a large lot would be claimed for each that it takes.
    """
    if begun < claimed:
        return max(EACH, lot // 2)
    return min(LOT, 2 * lot) if claimed == room else lot


def _whose(due: Any) -> tuple[str, str]:
    """Whose secrets sign: an owner's, or those of an endpoint of its."""
    return due.owner, due.endpoint


def _end(due: Any, outcome: Outcome) -> End:
    step = next_step(due.attempts + 1, outcome, random.random())  # noqa: S311 - jitter
    attempt = {
        "status": outcome.status,
        "error": outcome.error,
        "duration_s": outcome.duration_s,
        "body_start": outcome.body_start,
    }
    return due, step.state.value, step.after_s, attempt
