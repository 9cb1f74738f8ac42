"""A collector of OpenTelemetry: the OTLP/HTTP receiver of traces, and what it was sent."""

import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True)
class Span:
    """One span: whose it is, and where it hangs."""

    service: str
    name: str
    trace: str
    id: str
    parent: str
    facts: dict[str, str]
    seconds: float


class Collector:
    """Listens on loopback and decodes the protobuf of every export."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.bodies: list[bytes] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.take(self.path, body)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def take(self, path: str, body: bytes) -> None:
        """Keep what one export holds."""
        assert path == "/v1/traces"
        self.bodies.append(body)
        for of in ExportTraceServiceRequest.FromString(body).resource_spans:
            names = {one.key: one.value.string_value for one in of.resource.attributes}
            for scope in of.scope_spans:
                self.spans += [_span(names["service.name"], span) for span in scope.spans]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _span(service: str, span: Any) -> Span:
    facts = {one.key: _text(one.value) for one in span.attributes}
    seconds = (span.end_time_unix_nano - span.start_time_unix_nano) / 1e9
    ids = (span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex())
    return Span(service, span.name, *ids, facts, seconds)


def _text(value: Any) -> str:
    return str(getattr(value, value.WhichOneof("value")))
