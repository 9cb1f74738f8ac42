"""OpenTelemetry, where it is configured: spans over OTLP/HTTP, and W3C Trace Context between us.

Nothing of it is imported otherwise.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jobs.core.errors import BadRequest

if TYPE_CHECKING:
    from opentelemetry.trace import Span

MISSING = (
    "an OTLP endpoint is set (OTEL_EXPORTER_OTLP_ENDPOINT), and OpenTelemetry is not installed:"
    ' pip install "penstock[telemetry]", or set OTEL_SDK_DISABLED=true'
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
        self._provider = TracerProvider(resource=resource)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
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
        """Send what is left."""
        self._provider.shutdown()


def _plain(value: object) -> Any:
    return value if isinstance(value, bool | int | float) else str(value)
