"""The whole system's numbers for Prometheus: asked of database and broker when it scrapes."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from jobs.adapters.sql.facts import Fact
from jobs.core.errors import Unavailable
from jobs.services.readiness import Readiness

#: whoever scrapes, and however often: the database is asked no more than this
KEPT_S = 5.0

#: a fact's name to its metric, its help and its labels
FAMILIES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "batches": ("penstock_batches", "Batches that have not ended, by state", ("state",)),
    "predictions": ("penstock_predictions", "Predictions not ended, by state", ("state",)),
    "trainings": ("penstock_trainings", "Trainings that have not ended, by state", ("state",)),
    "deliveries": (
        "penstock_deliveries",
        "Deliveries that are owed (pending), and dead letters (exhausted)",
        ("state",),
    ),
    "endpoints": (
        "penstock_endpoints",
        "Standing webhook endpoints; given_up: disabled, and not by the owner",
        ("state",),
    ),
    "rows_pending": ("penstock_rows_pending", "Rows of running batches still to be committed", ()),
    "queue": ("penstock_queue_items", "Work that is due and that nobody is at", ("work",)),
    "queue_oldest": (
        "penstock_queue_oldest_seconds",
        "How long the first of the work that nobody is at has waited; 0 without any",
        ("work",),
    ),
    "leases": (
        "penstock_leases",
        "Work that somebody is at (held), or was when last heard of (lost)",
        ("work", "state"),
    ),
}


class Overview(Collector):
    """The same whoever is asked: one of several processes is enough, and its numbers are not to be
    added to another's."""

    def __init__(
        self,
        facts: Callable[[], Sequence[Fact]],
        readiness: Readiness,
        rings: Callable[[], int | None] | None,
    ) -> None:
        """`rings`: how many wait at the broker, if it is one outside this process."""
        self._facts = facts
        self._readiness = readiness
        self._rings = rings
        self._lock = threading.Lock()
        self._until = 0.0
        self._metrics: list[Metric] = []

    def collect(self) -> Iterator[Metric]:
        """What was found a moment ago, or is found now; without a database, that it is away."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._metrics = [*self._parts(), *self._asked()]
                self._until = time.monotonic() + KEPT_S
            yield from self._metrics

    def _parts(self) -> Iterator[Metric]:
        parts = self._readiness.report().parts
        family = GaugeMetricFamily(
            "penstock_part_up", "Whether a part can be reached", labels=["part"]
        )
        for name, word in parts.items():
            family.add_metric([name], float(word == "ok"))
        yield family
        if self._rings is not None and (rings := self._rings()) is not None:
            yield GaugeMetricFamily(
                "penstock_broker_rings", "Rings for any worker that none heard yet", rings
            )

    def _asked(self) -> Iterator[Metric]:
        try:
            facts = self._facts()
        except Unavailable:  # told by penstock_part_up
            return
        for kind, (name, help, labels) in FAMILIES.items():
            family = GaugeMetricFamily(name, help, labels=labels)
            for fact in facts:
                if fact.name == kind:
                    family.add_metric(fact.labels, fact.value)
            yield family
