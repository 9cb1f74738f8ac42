"""Demand as numbers for Prometheus, by which an autoscaler outside (KEDA) adds workers."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from jobs.core.deployment import ANY_HARDWARE, Demand

#: a metric to its help, and to what of a demand it adds up
FAMILIES = {
    "penstock_deployment_queue": "Work that waits: predictions, and shards of batches",
    "penstock_deployment_running": "Predictions and shards that somebody runs",
    "penstock_deployment_instances": "Instances that are there",
    "penstock_deployment_instances_wanted": "Instances that there should be, within the bounds",
}


class DemandMetrics(Collector):
    """Tells what it was told last; the same from each of several processes, never to be added."""

    def __init__(self) -> None:
        self._demands: Sequence[Demand] = ()

    def scale(self, demands: Sequence[Demand]) -> None:
        """Kept until it is scraped."""
        self._demands = demands

    def collect(self) -> Iterator[Metric]:
        """Of each deployment and class of hardware, however many versions it has now."""
        sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * len(FAMILIES))
        for one in self._demands:
            row = sums[one.deployment, one.hardware or ANY_HARDWARE]
            told = (one.waiting, one.running, one.instances, one.wanted)
            row[:] = [old + new for old, new in zip(row, told, strict=True)]
        for at, (name, help) in enumerate(FAMILIES.items()):
            family = GaugeMetricFamily(name, help, labels=("deployment", "hardware"))
            for labels, row in sorted(sums.items()):
                family.add_metric(labels, row[at])
            yield family
