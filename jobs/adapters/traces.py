"""OpenTelemetry, where it is configured: spans over OTLP/HTTP, and W3C Trace Context between us.

Nothing of it is imported otherwise.
"""

import atexit
import logging
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jobs.core.errors import BadRequest

if TYPE_CHECKING:
    from opentelemetry.trace import Span

#: what a process that ends gives the collector for its last spans
LAST_S = 2.0
log = logging.getLogger(__name__)

MISSING = (
    "an OTLP endpoint is set (OTEL_EXPORTER_OTLP_ENDPOINT), and OpenTelemetry is not installed:"
    ' pip install ".[telemetry]" in a checkout of Penstock, or set OTEL_SDK_DISABLED=true'
)
#: what opens a trace's way into or out of our processes
_KINDS = {"request": "SERVER", "delivery": "CLIENT"}


def require() -> None:
    """Raise BadRequest unless OpenTelemetry is installed."""
    try:
        import opentelemetry.exporter.otlp.proto.http.trace_exporter
        import opentelemetry.sdk.trace  # noqa: F401
    except ImportError as error:
        raise BadRequest(MISSING, field="OTEL_EXPORTER_OTLP_ENDPOINT") from error


class Traces:
    """Spans of one process; the SDK reads its own settings (OTEL_...) from the environment."""

    def __init__(self, service: str, version: str) -> None:
        """`service` is the name under which this process's spans are shown.

        Raises:
            BadRequest: OpenTelemetry is not installed.
        """
        require()
        from opentelemetry import trace
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        resource = Resource.create({"service.name": service, "service.version": version})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        exporter: Any = Exporter(OTLPSpanExporter())
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._ending, self._ended = threading.Event(), threading.Event()
        threading.Thread(target=self._end, daemon=True, name="traces").start()
        atexit.register(self.close)
        self._tracer = self._provider.get_tracer("penstock", version)
        self._propagator = TraceContextTextMapPropagator()
        self._trace = trace

    def begun(
        self, name: str, parent: str | None, facts: Mapping[str, object], kind: str = ""
    ) -> tuple["Span", str | None]:
        """A span that has begun, and how whoever goes on elsewhere names it."""
        span = self._tracer.start_span(
            name,
            context=self._propagator.extract({"traceparent": parent} if parent else {}),
            kind=getattr(self._trace.SpanKind, _KINDS.get(kind, "INTERNAL")),
            attributes={f"penstock.{key}": _plain(value) for key, value in facts.items()},
        )
        carrier: dict[str, str] = {}
        self._propagator.inject(carrier, self._trace.set_span_in_context(span))
        return span, carrier.get("traceparent")

    def ended(self, span: "Span", outcome: str, failed: bool) -> None:
        """Close a span; an error's own text stays here, since it may hold what a user gave."""
        span.set_attribute("penstock.outcome", outcome)
        if failed:
            span.set_status(self._trace.StatusCode.ERROR)
        span.end()

    def close(self) -> None:
        """Send what is left; a collector that is away does not hold who ends."""
        self._ending.set()
        self._ended.wait(LAST_S)

    def _end(self) -> None:
        self._ending.wait()
        self._provider.shutdown()
        self._ended.set()


class Exporter:
    """The SDK's exporter, which says a thing at every try, with one line when it goes wrong."""

    def __init__(self, exporter: Any) -> None:
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
        self._exporter = exporter
        self._away = False

    def export(self, spans: Sequence[Any]) -> Any:
        """Send some spans; what cannot be sent is dropped."""
        result = self._exporter.export(spans)
        away = result.name != "SUCCESS"
        if away != self._away:
            log.warning("the collector takes %s", "no spans: they are lost" if away else "spans")
        self._away = away
        return result

    def shutdown(self) -> None:
        """End it."""
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Nothing is kept here."""
        return True


def _plain(value: object) -> Any:
    return value if isinstance(value, bool | int | float) else str(value)
