"""What a prediction gives, as it gives it: from the beginning, or from where somebody was."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jobs.core import tickets
from jobs.core.caller import Caller
from jobs.core.errors import NotFound
from jobs.core.prediction import FINISHED, Prediction, State
from jobs.ports import Clock, Notices, Store
from jobs.services.predictions import Predictions

#: how often the store is asked: at first, and after a minute, when nobody counts milliseconds
POLL_S, SLOW_POLL_S, EAGER_S = 0.01, 0.1, 60.0
#: the same where one is told of what is new: a notice may be lost
CHECK_S = 1.0
#: how long a listener hears nothing at most
QUIET_S = 10.0


@dataclass(frozen=True)
class News:
    """`number` of the outputs were told by then."""

    kind: str
    number: int
    #: an output, or what the end was
    data: Any


class Streams:
    """Follows predictions; what a worker in this process tells may be ahead of the store."""

    def __init__(
        self, store: Store, predictions: Predictions, notices: Notices, clock: Clock
    ) -> None:
        self._store = store
        self._predictions = predictions
        self._notices = notices
        self._clock = clock

    def by_ticket(self, id: str, ticket: str) -> Prediction:
        """The prediction whose stream somebody has the address of; raises NotFound, Forbidden."""
        value: Prediction = self._store.predictions.get(id)
        tickets.check(ticket, value.secret, f"{id} stream", self._clock())
        return value

    def of(self, caller: Caller, id: str) -> Prediction:
        """One of the caller's."""
        return self._predictions.get(caller, id)

    def news(self, value: Prediction, told: int = 0) -> Iterator[News | None]:
        """Each output beyond the first `told`, and the end; None where it is quiet for long.

        It goes on until the prediction has ended, or was removed.
        """
        begun = spoke = time.monotonic()
        with self._notices.follow(value.id) as heard:
            value = self._predictions.fresh(value)  # from here on one is told
            while True:
                for output in self._outputs(value)[told:]:
                    told += 1
                    spoke = time.monotonic()
                    yield News("output", told, output)
                if value.state in FINISHED:
                    yield from _end(value, told)
                    return
                if time.monotonic() - spoke > QUIET_S:
                    spoke = time.monotonic()
                    yield None
                try:
                    value = heard(self._pause_s(begun)) or self._predictions.fresh(value)
                except NotFound:
                    return

    def _pause_s(self, begun: float) -> float:
        if self._notices.hears_all:
            return CHECK_S
        return POLL_S if time.monotonic() - begun < EAGER_S else SLOW_POLL_S

    def _outputs(self, value: Prediction) -> list[Any]:
        """What there is by now; a single value only at the end."""
        output = self._predictions.shape(value)["output"] if value.output is not None else []
        if isinstance(output, list):
            return output
        return [output] if value.state is State.SUCCEEDED else []


def _end(value: Prediction, told: int) -> Iterator[News]:
    if value.state is State.FAILED:
        yield News("error", told, {"detail": value.error})
        yield News("done", told, {"reason": "error"})
    elif value.state is State.CANCELED:
        yield News("done", told, {"reason": "canceled"})
    else:
        yield News("done", told, {})
