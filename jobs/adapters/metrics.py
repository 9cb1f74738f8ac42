"""The numbers that a process counts as it works, for Prometheus.

A label holds words of ours: a kind of work, a route, an outcome. Never an id, an owner, a model.
"""

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics

#: from a quick request to a finalizing of hours; deliveries are cut off at 15 s
_WORK_S = (0.01, 0.05, 0.1, 0.5, 1, 5, 10, 20, 30, 45, 60, 120, 300, 1800, 7200)
_REQUEST_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60)
_ATTEMPT_S = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15)
_ROWS = (1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536)
#: every code that a row's error has; a model host could make up others, without end
ROW_ERRORS = frozenset(
    {
        "worker_crashed",
        "timeout",
        "setup_failed",
        "input_unavailable",
        "invalid_output",
        "out_of_memory",
        "disk_full",
        "prediction_failed",
    }
)


disable_created_metrics()  # type: ignore[no-untyped-call]  # a series more for each, unused


class Metrics:
    """What there is to count; processes that share files (`scrape.py`) count each their own."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.work = Histogram(
            "penstock_work_seconds",
            "Time of a piece of work, by kind and outcome",
            ["work", "outcome"],
            buckets=_WORK_S,
            registry=registry,
        )
        self.requests = Counter(
            "penstock_http_requests",
            "Requests, by route and status",
            ["method", "route", "status"],
            registry=registry,
        )
        self.request_s = Histogram(
            "penstock_http_request_seconds",
            "Time until an answer began, waiting for a prediction included",
            ["method", "route"],
            buckets=_REQUEST_S,
            registry=registry,
        )
        self.deliveries = Histogram(
            "penstock_delivery_attempt_seconds",
            "Time of an attempt at a webhook, by outcome",
            ["outcome"],
            buckets=_ATTEMPT_S,
            registry=registry,
        )
        self._rows(registry)

    def _rows(self, registry: CollectorRegistry) -> None:
        self.micro_batch = Histogram(
            "penstock_micro_batch_rows",
            "Rows that went to a model together; the sum is rows done, also those done again",
            buckets=_ROWS,
            registry=registry,
        )
        self.rows = Counter(
            "penstock_rows",
            "Rows of committed shards, by outcome",
            ["outcome"],
            registry=registry,
        )
        self.row_errors = Counter(
            "penstock_row_errors",
            "Rows of committed shards that gave no output, by error code",
            ["code"],
            registry=registry,
        )
        self.busy = Counter(
            "penstock_model_busy_seconds",
            "Time that models have computed; its rate is the share of a worker's GPU in use",
            registry=registry,
        )
