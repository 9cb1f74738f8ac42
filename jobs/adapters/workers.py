"""The workers of this installation as what scales: the bell is rung for what is missing."""

from collections.abc import Sequence

from jobs.core.deployment import Demand
from jobs.ports import Bell


class Workers:
    """A worker that hears and has room takes on one instance; who has one already does nothing."""

    def __init__(self, bell: Bell) -> None:
        self._bell = bell

    def scale(self, demands: Sequence[Demand]) -> None:
        """Ring once for each that is missing; idle ones are let go by those who have them."""
        for demand in demands:
            for _ in range(demand.wanted - demand.instances):
                self._bell.ring("deployment", demand.deployment, demand.hardware)
