"""One batch on a team's processes, seen from outside: a trace, a scrape of each, and the logs."""

import json
import re
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.ports.stores import new_database
from tests.servers.collector import Collector, Span
from tests.servers.endpoint import Endpoint, status
from tests.servers.penstock import ROOT, until
from tests.servers.process import free_ports
from tests.servers.processes import Box, Process, children, running, signal_to

#: what nobody but its owner may read anywhere
SECRET = "penstock-planted-secret"
ROWS = 12


@dataclass(frozen=True)
class Seen:
    """What a batch left behind where one looks at it."""

    batch: str
    box: Box
    processes: dict[str, Process]
    collector: Collector
    hook: Endpoint
    metrics_port: int

    def scrape(self, at: int) -> str:
        """What a process tells Prometheus."""
        url = f"http://127.0.0.1:{self.metrics_port + at}/metrics"
        return httpx.get(url, timeout=30).raise_for_status().text

    def logs(self) -> str:
        """All that every process said."""
        paths = [one.log for one in self.processes.values()] + [Path(self.box.api.log.name)]
        return "\n".join(path.read_text() for path in paths)


AT = {"api": 0, "deliver": 1, "sweep": 2, "worker-cpu": 10}


@pytest.fixture(scope="module")
def seen(
    tmp_path_factory: pytest.TempPathFactory, postgres_url: str, redis_url: str
) -> Iterator[Seen]:
    port = free_ports(16)
    watched = {
        "PENSTOCK_METRICS_PORT": str(port),
        "PENSTOCK_LOG": "json",
        "PENSTOCK_LOG_LEVEL": "info",
        "OTEL_BSP_SCHEDULE_DELAY": "200",
    }
    with new_database(postgres_url) as database, Collector() as collector:
        watched["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.url
        box = Box(tmp_path_factory.mktemp("box"), database, redis_url, **watched)
        with Endpoint(status(204)) as hook:
            try:
                yield _ran(box, collector, hook, port)
            finally:
                box.stop()


def _ran(box: Box, collector: Collector, hook: Endpoint, port: int) -> Seen:
    box.api.start()
    started = {name: box.start(name) for name in AT if name != "api"}
    box.api.push("chaos-monkey", "demo/chaos")
    rows: list[dict[str, Any]] = [
        {"custom_id": f"r{n}", "input": {"text": SECRET}} for n in range(ROWS)
    ]
    rows[3]["input"]["do"] = "fail"
    id = box.api.submit("demo/chaos", rows, webhook=f"{hook.url}?key={SECRET}")
    assert box.api.ended(id)["status"] == "completed"
    misused(box, hook.url)
    until(lambda: len(hook.requests) >= 3, 60)
    return Seen(id, box, started, collector, hook, port)


def misused(box: Box, hook: str) -> None:
    """Secrets where they do not belong: in a path, as a token, in what is refused."""
    http, url = box.api.http, box.api.url
    http.get(f"{url}/v1/{SECRET}", headers={"Authorization": f"Bearer {SECRET}"})
    mine = {"Authorization": f"Bearer {box.api.environment['PENSTOCK_TOKEN']}"}
    with_user = hook.replace("http://", f"http://user:{SECRET}@")
    for body in (
        {"version": "demo/chaos", "input": {"text": "x"}, "webhook": with_user},
        {"version": "demo/chaos", "input": {"seconds": SECRET}},
        {"version": f"demo/{SECRET}", "input": {}},
        {"version": "demo/chaos", "input": {}, SECRET: 1},
    ):
        answer = http.post(f"{url}/v1/predictions", json=body, headers=mine)
        assert answer.status_code in (404, 422), answer.text
    waits = mine | {"Prefer": "wait=30"}
    body = {"version": "demo/chaos", "input": {"do": "fail", "text": SECRET}}
    assert http.post(f"{url}/v1/predictions", json=body, headers=waits).json()["error"]


def spans_of_batch(seen: Seen, names: set[str]) -> list[Span]:
    """The spans of the trace in which the batch was submitted, once all of these are there."""

    def whole() -> list[Span] | None:
        asked = [s for s in seen.collector.spans if s.name == "request POST /v1/batches"]
        trace = asked[0].trace if asked else ""
        spans = [span for span in seen.collector.spans if span.trace == trace]
        return spans if names <= {span.name for span in spans} else None

    found: list[Span] = until(whole, 60)
    return found


def test_one_trace_leads_from_the_request_to_the_webhook(seen: Seen) -> None:
    steps = {"validate", "shard", "compute", "store", "finalize", "delivery"}
    spans = spans_of_batch(seen, steps)

    by_id = {span.id: span for span in spans}
    roots = [span.name for span in spans if span.parent not in by_id]
    assert roots == ["request POST /v1/batches"], "the trace falls apart"
    assert {span.service for span in spans} == {
        "penstock-api",
        "penstock-worker",
        "penstock-deliver",
    }
    above = {span.name: by_id[span.parent].name for span in spans if span.parent}
    assert above["shard"] == "request POST /v1/batches"
    assert above["compute"] == above["store"] == "shard"
    shard = next(span for span in spans if span.name == "shard")
    assert shard.facts["penstock.batch"] == seen.batch
    assert shard.facts["penstock.shard"] == "0"


def test_a_prediction_has_a_trace_too(seen: Seen) -> None:
    def found() -> list[Span]:
        ran = (span for span in seen.collector.spans if span.name == "prediction")
        return [span for span in ran if span.facts["penstock.outcome"] == "failed"]

    [ran] = until(found, 60)
    # the request ends after what it waited for
    by_id = until(lambda: {s.id: s for s in seen.collector.spans if s.id == ran.parent}, 60)
    assert by_id[ran.parent].name == "request POST /v1/predictions"
    assert ran.facts["penstock.prediction"].startswith("pred_")


def test_the_webhook_tells_its_receiver_where_in_the_trace_it_is(seen: Seen) -> None:
    until(lambda: len(seen.hook.requests) >= 3)
    for request in seen.hook.requests:
        header = re.search(
            rb"(?im)^traceparent: 00-([0-9a-f]{32})-([0-9a-f]{16})-0[13]\r$", request
        )
        assert header is not None, request
        id = header[2].decode()
        until(lambda id=id: any(span.id == id for span in seen.collector.spans))


#: what only some set-ups have: a name that Prometheus gives itself
PROMETHEUS_OWN = {"up"}
NAME = re.compile(r"\b(?:penstock_[a-z_]+|up)\b")


def samples(text: str) -> dict[str, float]:
    """Every sample's name and labels, as one text, and its value."""
    found = {}
    for family in text_string_to_metric_families(text):
        for one in family.samples:
            labels = ",".join(f"{key}={value}" for key, value in sorted(one.labels.items()))
            found[f"{one.name}{{{labels}}}"] = one.value
    return found


def test_every_process_tells_what_it_did(seen: Seen) -> None:
    api, worker = samples(seen.scrape(AT["api"])), samples(seen.scrape(AT["worker-cpu"]))
    posted = "penstock_http_requests_total{method=POST,route=/v1/batches,status=201}"
    assert api[posted] == 1, "the sum over the API's processes"
    assert worker["penstock_rows_total{outcome=succeeded}"] == ROWS - 1
    assert worker["penstock_rows_total{outcome=failed}"] == 1
    assert worker["penstock_row_errors_total{code=prediction_failed}"] == 1
    # and a prediction; more where a machine stood still for longer than a lease
    assert worker["penstock_micro_batch_rows_sum{}"] >= ROWS + 1
    assert worker["penstock_work_seconds_count{outcome=ok,work=shard}"] == 1
    assert worker["penstock_model_busy_seconds_total{}"] > 0

    def delivered() -> bool:
        told = samples(seen.scrape(AT["deliver"]))
        return told.get("penstock_delivery_attempt_seconds_count{outcome=delivered}", 0) >= 3

    until(delivered)


def test_the_sweep_tells_how_the_whole_is(seen: Seen) -> None:
    def told() -> dict[str, float] | None:
        found = samples(seen.scrape(AT["sweep"]))
        return found if found["penstock_leases{state=held,work=delivery}"] == 0 else None

    found = until(told, 90)
    assert found["penstock_part_up{part=database}"] == 1
    assert found["penstock_part_up{part=broker}"] == 1
    assert found["penstock_batches{state=in_progress}"] == 0
    assert found["penstock_queue_items{work=delivery}"] == 0
    assert found["penstock_rows_pending{}"] == 0


def test_the_rules_ask_for_numbers_that_there_are(seen: Seen) -> None:
    folder = ROOT / "infra" / "prometheus"
    rules = yaml.safe_load((folder / "rules.yaml").read_text())
    asks = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    panels = json.loads((folder / "grafana.json").read_text())["panels"]
    asks += [one["expr"] for panel in panels for one in panel["targets"]]
    asked = {name for text in asks for name in NAME.findall(text)}
    told = {
        name.partition("{")[0] for at in AT.values() for name in samples(seen.scrape(at))
    } | PROMETHEUS_OWN
    assert len(asked) > 15
    assert asked <= told


def test_a_log_line_says_what_it_is_about(seen: Seen) -> None:
    lines = [json.loads(line) for line in seen.logs().splitlines() if line]
    assert all(line["time"] and line["level"] and line["role"] for line in lines)
    shard = next(line for line in lines if line["message"].startswith("shard: ok"))
    assert (shard["role"], shard["batch"], shard["shard"]) == ("worker", seen.batch, 0)
    asked = next(line for line in lines if "POST /v1/batches: 201" in line["message"])
    assert asked["request"].startswith("req_")
    sent = next(line for line in lines if line["message"].startswith("delivery: delivered"))
    assert sent["subject"] == seen.batch
    assert sent["delivery"].startswith("dlv_")


def test_what_users_gave_is_nowhere(seen: Seen) -> None:
    token = seen.box.api.environment["PENSTOCK_TOKEN"]
    places = {f"scrape {name}": seen.scrape(at) for name, at in AT.items()}
    places |= {"logs": seen.logs(), "traces": repr(seen.collector.bodies)}
    for name, text in places.items():
        assert SECRET not in text, name
        assert token not in text, name
        assert seen.hook.url not in text, name


def test_what_a_killed_process_of_the_api_counted_is_not_forgotten(seen: Seen) -> None:
    posted = "penstock_http_requests_total{method=POST,route=/v1/batches,status=201}"
    master = seen.box.api.process
    assert master is not None
    for pid in children(master.pid):
        signal_to(pid, signal.SIGKILL)
        until(lambda pid=pid: not running(pid), 60)

        def told() -> dict[str, float]:
            try:
                return samples(seen.scrape(AT["api"]))
            except httpx.TransportError:  # nobody has the port at this moment
                return {}

        assert until(told, 60)[posted] == 1
