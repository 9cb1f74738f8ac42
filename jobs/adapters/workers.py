"""The workers of this installation as what scales: the bell is rung for what is missing."""

from collections.abc import Sequence

from jobs.core.deployment import Demand
from jobs.ports import Bell

#: so many rings a round for one version: whoever hears one takes on one
MOST_RINGS = 10
#: with so many rings unheard nobody of that class listens, and more would only fill the broker
MOST_WAITING = 100


class Workers:
    """A worker that hears and has room takes on one instance; who has one already does nothing."""

    def __init__(self, bell: Bell) -> None:
        self._bell = bell

    def scale(self, demands: Sequence[Demand]) -> None:
        """Ring once for each that is missing; idle ones are let go by those who have them."""
        missing = [demand for demand in demands if demand.instances < demand.wanted]
        heard = {hardware: self._heard(hardware) for hardware in {one.hardware for one in missing}}
        for demand in missing:
            rings = min(demand.wanted - demand.instances, MOST_RINGS)
            for _ in range(rings if heard[demand.hardware] else 0):
                self._bell.ring("deployment", demand.deployment, demand.hardware)

    def _heard(self, hardware: str | None) -> bool:
        waiting = self._bell.waiting(hardware)
        return waiting is not None and waiting < MOST_WAITING
