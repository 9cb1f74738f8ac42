"""What watches the work of a process: its log lines, its numbers, and its spans if configured."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from jobs.adapters.metrics import ROW_ERRORS, Metrics
from jobs.adapters.traces import Traces
from jobs.core import context
from jobs.core.errors import Fenced

log = logging.getLogger(__name__)
#: called with the outcome and the seconds that it took
Kept = Callable[[str, float], None]
_GOOD = frozenset({"ok", "lost", "delivered", "succeeded", "canceled"})


class Piece:
    """A piece of work under way."""

    def __init__(self, name: str, kept: Kept, said: Mapping[str, object]) -> None:
        """`said`: the ids for its last log line that this thread's context has not."""
        self.traceparent: str | None = None
        self._name = name
        self._kept = kept
        self._said = said
        self._began = time.monotonic()
        self._span: Any = None
        self._traces: Traces | None = None
        self._over = False

    def traced(self, traces: Traces, parent: str | None, facts: Mapping[str, object]) -> None:
        """Begin a span for it; one that works for requests and deliveries says where it goes."""
        kind = self._name.partition(" ")[0]
        parent = parent or context.traceparent()
        self._traces = traces
        self._span, self.traceparent = traces.begun(self._name, parent, facts, kind)

    def end(self, outcome: str = "ok") -> None:
        """Keep its time and its outcome; once."""
        if self._over:
            return
        self._over = True
        seconds = time.monotonic() - self._began
        self._kept(outcome, seconds)
        if self._traces is not None:
            self._traces.ended(self._span, outcome, _failed(outcome))
        if log.isEnabledFor(logging.INFO):
            log.info("%s: %s after %.3f s", self._name, outcome, seconds, extra=self._said)


def _failed(outcome: str) -> bool:
    return outcome >= "500" if outcome.isdigit() else outcome not in _GOOD


class Watched:
    """Telemetry for real."""

    def __init__(self, metrics: Metrics, traces: Traces | None) -> None:
        self._metrics = metrics
        self._traces = traces
        self._series: dict[tuple[Any, tuple[str, ...]], Any] = {}

    @contextmanager
    def work(self, name: str, *, parent: str | None = None, **ids: object) -> Iterator[Piece]:
        """Work of this thread."""
        piece = self._begun(Piece(name, self._timed(name), {}), parent, ids)
        with context.entered(ids, piece.traceparent or parent):
            try:
                yield piece
            except Fenced:
                piece.end("lost")
                raise
            except BaseException:
                piece.end("failed")
                raise
            else:
                piece.end()

    def begin(self, name: str, *, parent: str | None, **ids: object) -> Piece:
        """Work that is done together with other work."""
        return self._begun(Piece(name, self._timed(name), ids), parent, ids)

    def _timed(self, name: str) -> Kept:
        def kept(outcome: str, seconds: float) -> None:
            self._of(self._metrics.work, name, outcome).observe(seconds)

        return kept

    def request(self, method: str, route: str, *, parent: str | None, id: str) -> Piece:
        """A request; its outcome is the status."""

        def kept(outcome: str, seconds: float) -> None:
            self._of(self._metrics.requests, method, route, outcome).inc()
            self._of(self._metrics.request_s, method, route).observe(seconds)

        ids = {"request": id}
        return self._begun(Piece(f"request {method} {route}", kept, ids), parent, ids)

    def _of(self, metric: Any, *words: str) -> Any:
        """The series of a metric with these labels, each looked up once."""
        found = self._series.get((metric, words))
        if found is None:
            found = self._series[metric, words] = metric.labels(*words)
        return found

    def delivery(self, *, parent: str | None, **ids: object) -> Piece:
        """An attempt at a delivery."""

        def kept(outcome: str, seconds: float) -> None:
            self._metrics.deliveries.labels(outcome).observe(seconds)

        return self._begun(Piece("delivery", kept, ids), parent, ids)

    def _begun(self, piece: Piece, parent: str | None, ids: Mapping[str, object]) -> Piece:
        if self._traces is not None:
            piece.traced(self._traces, parent, ids)
        return piece

    def micro_batch(self, rows: int) -> None:
        """So many rows went through the model together."""
        self._metrics.micro_batch.observe(rows)

    def committed(self, succeeded: int, errors: Mapping[str, int]) -> None:
        """Rows of a committed shard."""
        self._metrics.rows.labels("succeeded").inc(succeeded)
        self._metrics.rows.labels("failed").inc(sum(errors.values()))
        for code, rows in errors.items():
            known = code if code in ROW_ERRORS else "other"
            self._metrics.row_errors.labels(known).inc(rows)

    def busy(self, seconds: float) -> None:
        """A model has computed for so much longer."""
        self._metrics.busy.inc(seconds)
