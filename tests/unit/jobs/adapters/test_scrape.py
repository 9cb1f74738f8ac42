"""A process's numbers on a port of its own."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from prometheus_client import CollectorRegistry

from jobs.adapters import scrape
from jobs.adapters.metrics import Metrics
from jobs.adapters.overview import Overview
from jobs.adapters.sql.facts import Fact
from jobs.adapters.telemetry import Watched
from jobs.core.errors import Fenced, Unavailable
from jobs.services.readiness import Readiness
from tests.servers.penstock import until


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def watched(registry: CollectorRegistry) -> Watched:
    return Watched(Metrics(registry), None)


def text(port: int) -> str | None:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/metrics").raise_for_status().text
    except httpx.TransportError:
        return None


def test_a_port_that_is_taken_is_waited_for(
    registry: CollectorRegistry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(scrape, "AGAIN_S", 0.05)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        other.listen()
        place = scrape.Place("sweep", "1.2.3", tmp_path)
        scrape.serve([place, registry], "127.0.0.1", port)
    told = until(lambda: text(port))
    assert 'penstock_process{role="sweep",version="1.2.3"} 1.0' in told
    assert "penstock_disk_free_bytes " in told


def test_how_work_ends_is_counted_in_a_few_words(
    watched: Watched, registry: CollectorRegistry
) -> None:
    with watched.work("shard", batch="b"):
        pass
    with watched.work("shard") as work:
        work.end("lost")
    with pytest.raises(Fenced), watched.work("shard"):
        raise Fenced("gone")
    with pytest.raises(ZeroDivisionError), watched.work("shard"):
        _ = 1 / 0

    def count(outcome: str) -> float | None:
        labels = {"work": "shard", "outcome": outcome}
        return registry.get_sample_value("penstock_work_seconds_count", labels)

    assert [count(word) for word in ("ok", "lost", "failed")] == [1, 2, 1]


def test_a_code_that_a_model_made_up_is_no_label(
    watched: Watched, registry: CollectorRegistry
) -> None:
    watched.committed(3, {"timeout": 1, "user's secret": 2})

    def of(name: str, **labels: str) -> float | None:
        return registry.get_sample_value(name, labels)

    assert of("penstock_rows_total", outcome="succeeded") == 3
    assert of("penstock_rows_total", outcome="failed") == 3
    assert of("penstock_row_errors_total", code="timeout") == 1
    assert of("penstock_row_errors_total", code="other") == 2
    assert of("penstock_row_errors_total", code="user's secret") is None


class Asked:
    """A database that counts how often it is asked."""

    def __init__(self) -> None:
        self.times = 0
        self.away = False

    def __call__(self) -> list[Fact]:
        self.times += 1
        if self.away:
            raise Unavailable("away")
        return [Fact("queue", ("shard",), 4.0)]


@pytest.fixture
def asked() -> Iterator[Asked]:
    return Asked()


def names(overview: Overview) -> list[str]:
    return [one.name for one in overview.collect()]


def test_the_database_is_asked_no_oftener_than_its_answer_is_kept(asked: Asked) -> None:
    overview = Overview(asked, Readiness({"database": bool}, {}), lambda: 2)
    assert names(overview) == names(overview)
    assert asked.times == 1
    assert {"penstock_part_up", "penstock_broker_rings", "penstock_queue_items"} < set(
        names(overview)
    )


def test_without_a_database_the_scrape_says_so(asked: Asked) -> None:
    def away() -> None:
        raise Unavailable("away")

    asked.away = True
    overview = Overview(asked, Readiness({"database": away}, {}), lambda: None)
    [part] = overview.collect()
    assert part.samples[0].labels == {"part": "database"}
    assert part.samples[0].value == 0


def test_processes_add_up_in_one_folder(tmp_path: Path) -> None:
    (tmp_path / "counter_1.db").write_bytes(b"of an earlier run")
    code = f"""
import os
from pathlib import Path
from prometheus_client import CollectorRegistry
from jobs.adapters import scrape
from jobs.adapters.metrics import Metrics
from jobs.adapters.telemetry import Watched
numbers = scrape.shared(Path({str(tmp_path)!r}))
for _ in range(3):
    if os.fork() == 0:
        Watched(Metrics(CollectorRegistry()), None).busy(2.0)
        os._exit(0)
    os.wait()
[busy] = [one for one in numbers.collect() if one.name == "penstock_model_busy_seconds"]
print(busy.samples[0].value)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "6.0"
