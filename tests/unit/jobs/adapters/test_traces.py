"""Spans leave over OTLP/HTTP; a collector that is away holds nobody."""

import logging
import subprocess
import sys

import pytest
from prometheus_client import CollectorRegistry

from jobs import config
from jobs.adapters.metrics import Metrics
from jobs.adapters.telemetry import Watched
from jobs.adapters.traces import MISSING, Exporter, Traces, require
from jobs.core import context
from jobs.core.errors import BadRequest
from tests.servers.collector import Collector
from tests.servers.endpoint import silent

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_a_span_hangs_where_it_belongs(monkeypatch: pytest.MonkeyPatch) -> None:
    with Collector() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        traces = Traces("some-service", "1.2.3")
        watched = Watched(Metrics(CollectorRegistry()), traces)
        with watched.work("shard", parent=PARENT, batch="b1", shard=0) as shard:
            assert context.traceparent() == shard.traceparent
            with watched.work("compute"):
                pass
        assert context.traceparent() is None
        attempt = watched.delivery(parent=shard.traceparent, delivery="d1")
        attempt.end("unanswered")
        traces.close()
        spans = {span.name: span for span in collector.spans}

    assert {span.trace for span in spans.values()} == {PARENT.split("-")[1]}
    assert spans["shard"].parent == PARENT.split("-")[2]
    assert spans["compute"].parent == spans["delivery"].parent == spans["shard"].id
    assert spans["shard"].service == "some-service"
    assert spans["shard"].facts == {
        "penstock.batch": "b1",
        "penstock.shard": "0",
        "penstock.outcome": "ok",
    }
    assert spans["delivery"].facts["penstock.outcome"] == "unanswered"


def test_without_a_tracer_a_trace_is_handed_on() -> None:
    watched = Watched(Metrics(CollectorRegistry()), None)
    with watched.work("shard", parent=PARENT):
        assert context.traceparent() == PARENT, "events of this work belong to the trace"


def test_a_collector_that_is_away_holds_nobody() -> None:
    code = "from jobs.adapters.traces import Traces\n"
    code += "Traces('x', '1').begun('shard', None, {})[0].end()\nprint('done')"
    with silent() as port:
        endpoint = f"http://127.0.0.1:{port}"
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint, "OTEL_EXPORTER_OTLP_TIMEOUT": "100000"},
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout == "done\n"


class Flaky:
    """An exporter that answers what it is told to."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)

    def export(self, spans: object) -> object:
        answer = self.answers.pop(0)
        return type("Result", (), {"name": answer})


def test_a_collector_that_goes_and_comes_is_told_of_twice(
    caplog: pytest.LogCaptureFixture,
) -> None:
    exporter = Exporter(Flaky("SUCCESS", "FAILURE", "FAILURE", "SUCCESS", "SUCCESS"))
    with caplog.at_level(logging.WARNING):
        for _ in range(5):
            exporter.export([])
    assert [line.message for line in caplog.records] == [
        "the collector takes no spans: they are lost",
        "the collector takes spans",
    ]


def test_traces_are_on_where_a_collector_is_named() -> None:
    here = "http://127.0.0.1:4318"
    assert not config.load({}).traces
    assert config.load({"OTEL_EXPORTER_OTLP_ENDPOINT": here}).traces
    assert config.load({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": f"{here}/v1/traces"}).traces
    off = {"OTEL_EXPORTER_OTLP_ENDPOINT": here, "OTEL_SDK_DISABLED": "true"}
    assert not config.load(off).traces


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    require()
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(BadRequest, match=r"\.\[telemetry\]") as refused:
        require()
    assert str(refused.value) == MISSING
