"""What attempts say of standing endpoints: one that is gone, or fails for long, is disabled."""

import logging
from collections import Counter
from collections.abc import Sequence
from typing import Any

from jobs.core.endpoint import DAY_S, Reason
from jobs.core.errors import NotFound
from jobs.ports import Clock, Store
from webhooks.deliveries import GONE, Outcome

#: how long an endpoint may fail without one success: longer than one event is tried for
FAILING_S = 5 * DAY_S
#: so many attempts at least: two that are days apart say little of what is between them
LEAST = 10
log = logging.getLogger(__name__)
#: a delivery and what came of an attempt at it
Ended = tuple[Any, Outcome]


class Health:
    """Notes how endpoints fare, and disables those that will not come back by themselves."""

    def __init__(self, store: Store, clock: Clock, failing_s: float = FAILING_S) -> None:
        self._store = store
        self._clock = clock
        self._failing_s = failing_s

    def note(self, ended: Sequence[Ended]) -> None:
        """What became of some attempts; trouble in here is logged, and the next one tells again."""
        standing = [(due, outcome) for due, outcome in ended if due.endpoint]
        try:
            self._note(standing)
        except Exception:
            log.exception("how endpoints fare is not noted")

    def _note(self, ended: Sequence[Ended]) -> None:
        took = {due.endpoint for due, outcome in ended if outcome.delivered}
        if took:
            self._store.endpoints.took(took)
        gone = {due.endpoint: due for due, outcome in ended if outcome.status == GONE}
        for due in gone.values():
            self._disable(due, Reason.GONE)
        failed = [due for due, _ in ended if due.endpoint not in took and due.endpoint not in gone]
        by_endpoint = {due.endpoint: due for due in failed}
        for id, times in Counter(due.endpoint for due in failed).items():
            trouble = self._store.endpoints.failed(id, times)
            if trouble.failing_s >= self._failing_s and trouble.failures >= LEAST:
                self._disable(by_endpoint[id], Reason.FAILING)

    def _disable(self, due: Any, reason: Reason) -> None:
        try:
            disable = self._store.endpoints.disable
            new = disable(due.endpoint, due.owner, reason, self._clock(), url=due.url)
        except NotFound:  # deleted meanwhile
            return
        if new.reason is reason:
            log.warning("endpoint %s of %s is disabled: %s", new.id, new.owner, WORDS[reason])


WORDS = {
    Reason.GONE: "it answered 410",
    Reason.FAILING: "for days it took nothing that was sent to it",
}
