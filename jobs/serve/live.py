"""A prediction under way: what it was given, what it gave so far, and who listens."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from jobs.core.prediction import State
from jobs.core.printed import news
from jobs.core.secret_inputs import STARS
from jobs.core.wire import iso
from jobs.host.scope import Metrics

#: events that a listener may be behind; older ones are dropped
KEPT_EVENTS = 4096
#: how often it is looked whether the client is still there
LOOK_S = 0.25
#: how Cog's events say what becomes of a metric, where it is not the model's word
MODES = {"incr": "increment"}


@dataclass(frozen=True, kw_only=True)
class Order:
    """What somebody asked for."""

    id: str
    input: dict[str, Any]
    #: what its log begins with
    note: str = ""
    #: the inputs that are not to be shown
    secrets: frozenset[str] = frozenset()
    webhook: str | None = None
    webhook_events: frozenset[str] = frozenset()
    #: where output files are put; they come as data: URIs without it
    upload_url: str | None = None
    #: to be passed on with webhooks (W3C Trace Context)
    trace: dict[str, str] = field(default_factory=dict)
    #: what the model finds in its scope; it may hold what nobody is to see
    context: dict[str, str] = field(default_factory=dict)
    #: whether its parts are to be told while they come
    in_parts: bool = False


class Live:
    """Written by the thread that has the model, read by any other."""

    def __init__(self, order: Order, is_gone: Callable[[], bool] = bool) -> None:
        """`is_gone`: whether whoever asked for it has closed the connection."""
        self.order = order
        self.is_gone = is_gone
        #: whether the request that made it is answered with its end
        self.is_waited_for = False
        self._looked_at = time.monotonic()
        self.cancel = threading.Event()
        self.done = threading.Event()
        self._changed = threading.Condition()
        self._events: list[tuple[str, dict[str, Any]]] = []
        self._dropped = 0
        self._readers = 0
        self._state = State.STARTING
        self._parts: list[Any] = []
        self._output: Any = None
        self._error: str | None = None
        self._logs = ""
        self._metrics: dict[str, Any] = {}
        self._noted = Metrics(recording=True)
        self._created_at = datetime.now(UTC)
        self._started_at: datetime | None = None
        self._completed_at: datetime | None = None

    @property
    def id(self) -> str:
        """Its id."""
        return self.order.id

    def is_cancelled(self) -> bool:
        """Whether somebody said so, or whoever waited for it has gone."""
        now = time.monotonic()
        if now - self._looked_at >= LOOK_S:
            self._looked_at = now
            if self.is_waited_for and self.is_gone():
                self.cancel.set()
        return self.cancel.is_set()

    def began(self) -> None:
        """The model has it now."""
        with self._changed:
            self._state, self._started_at = State.PROCESSING, datetime.now(UTC)
            self._tell("start", {"id": self.id, "status": "processing"})
            if self.order.note:
                self._tell("log", {"source": "stdout", "data": self.order.note})

    def part(self, value: Any) -> None:
        """One more part of an iterator output."""
        with self._changed:
            self._parts.append(value)
            self._tell("output", {"chunk": value, "index": len(self._parts) - 1})

    def noted(self, name: str, value: Any, mode: str) -> None:
        """The model recorded a metric."""
        with self._changed:
            self._noted.record(name, value, mode)
            self._tell("metric", {"name": name, "value": value, "mode": MODES.get(mode, mode)})

    def printed(self, text: str) -> str:
        """All that the model printed so far; answers with what is new."""
        with self._changed:
            new = news(self._logs, text)
            self._logs = text
            if new:
                self._tell("log", {"source": "stdout", "data": new})
        return new

    def ended(
        self,
        state: State,
        *,
        output: Any = None,
        error: str | None = None,
        metrics: dict[str, Any] | None = None,
    ) -> None:
        """How it ended; what is said first counts."""
        with self._changed:
            if self.done.is_set():
                return
            self._state, self._output, self._error = state, output, error
            self._completed_at = datetime.now(UTC)
            began = self._started_at or self._completed_at
            took_s = (self._completed_at - began).total_seconds()
            self._metrics = {"predict_time": took_s, **(metrics or {})}
            self._tell("completed", self._shape())
            self.done.set()

    def shape(self) -> dict[str, Any]:
        """The prediction as it is now, as Cog's PredictionResponse."""
        with self._changed:
            return self._shape()

    def processing(self) -> dict[str, Any]:
        """The prediction as it was before it ended."""
        with self._changed:
            output = self._parts if self._output is None else self._output
            shape = self._shape() | {
                "status": State.PROCESSING.value,
                "output": list(output) if isinstance(output, list) else [output],
            }
        return {name: shape[name] for name in shape if name not in ("error", "completed_at")}

    def _shape(self) -> dict[str, Any]:
        output = self._output
        if output is None and self._parts:
            output = list(self._parts)
        shape = {
            "id": self.id,
            "status": self._state.value,
            "output": output,
            "error": self._error,
            "logs": self.order.note + self._logs,
            "metrics": self._metrics or self._noted.nested(),
            "created_at": iso(self._created_at),
            "started_at": iso(self._started_at),
            "completed_at": iso(self._completed_at),
        }
        # Cog leaves out what there is not, and its document knows no null
        return {name: value for name, value in shape.items() if value is not None}

    @contextmanager
    def listened(self) -> Iterator[None]:
        """While somebody reads its events; it is cancelled when the last reader leaves early."""
        with self._changed:
            self._readers += 1
        try:
            yield
        finally:
            with self._changed:
                self._readers -= 1
                if not self._readers and not self.done.is_set():
                    self.cancel.set()

    def snapshot(self) -> dict[str, Any]:
        """The same with its input, secrets apart."""
        given = self.order.input
        shown = {name: STARS if name in self.order.secrets else given[name] for name in given}
        return {"input": shown, **self.shape()}

    def amount(self) -> tuple[int, int]:
        """How much output and log there is; a change says that there is news."""
        with self._changed:
            return len(self._parts) + (self._output is not None), len(self._logs)

    def _tell(self, name: str, data: dict[str, Any]) -> None:
        self._events.append((name, data))
        if len(self._events) > KEPT_EVENTS:
            del self._events[0]
            self._dropped += 1
        self._changed.notify_all()

    def events(self, wait_s: float) -> Iterator[tuple[str, dict[str, Any]] | None]:
        """Every event from the first one to the end; None whenever `wait_s` passes without one."""
        at = 0
        while True:
            with self._changed:
                if at >= len(self._events) + self._dropped:
                    self._changed.wait(wait_s)
                missed = self._dropped - at
                news = None if missed > 0 else self._events[at - self._dropped :]
            if news is None:
                yield "error", {"error": "events were dropped", "skipped": missed}
                return
            if not news:
                yield None
            for event in news:
                yield event
                if event[0] == "completed":
                    return
            at += len(news)
