"""A small batch alone, and beside a large one of another owner: what it waits for the other."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.figures import MODEL, NOOP, manifest, middle, penstock, upload
from tests.benchmarks.report import say
from tests.ports.stores import new_database
from tests.servers.penstock import ROOT, Penstock, until
from tests.servers.processes import Box

LARGE, SMALL, TRIES = 1_000_000, 10, 5
HELLO = ROOT / "examples" / "models" / "hello"
SLOW = ROOT / "examples" / "models" / "chaos-monkey"


class Owner:
    """Requests with a token of its own."""

    def __init__(self, server: Penstock, name: str) -> None:
        done = server.cli("token", "create", name, "--owner", name)
        assert done.returncode == 0, done.stderr
        self.server, self.token = server, done.stdout.strip()

    def call(self, method: str, path: str, **options: Any) -> Any:
        """One request."""
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = self.server.http.request(
            method, f"{self.server.url}{path}", headers=headers, **options
        )
        assert answer.is_success, answer.text
        return answer.json()

    def push(self, folder: Path, name: str) -> str:
        """A model of this owner."""
        self.server.environment["PENSTOCK_TOKEN"] = self.token
        done = self.server.cli("push", str(folder), name)
        del self.server.environment["PENSTOCK_TOKEN"]
        assert done.returncode == 0, done.stderr
        return name

    def upload(self, path: Path) -> str:
        """A manifest of this owner."""
        with path.open("rb") as file:
            id: str = self.call("POST", "/v1/files", files={"content": (path.name, file)})["id"]
        return id

    def run(self, model: str, file: str) -> float:
        """Seconds from submit to completed."""
        began = time.perf_counter()
        body = {"model": model, "input_file_id": file}
        id = self.call("POST", "/v1/batches", json=body)["id"]
        until(lambda: self.call("GET", f"/v1/batches/{id}")["status"] == "completed", 300)
        return time.perf_counter() - began


@contextmanager
def fleet(folder: Path, postgres_url: str, redis_url: str) -> Iterator[Penstock]:
    """An API, a sweep and two workers."""
    with new_database(postgres_url) as database:
        box = Box(folder, database, redis_url)
        try:
            box.api.start()
            box.start("sweep")
            for name in ("one", "two"):
                box.start("worker-cpu", "--name", name)
            done = box.api.cli("push", str(NOOP), MODEL)
            assert done.returncode == 0, done.stderr
            yield box.api
        finally:
            box.stop()


def submitted(server: Penstock, model: str, file: str) -> str:
    id: str = server.call("POST", "/v1/batches", json={"model": model, "input_file_id": file})["id"]
    return id


def state(server: Penstock, id: str) -> dict[str, Any]:
    batch: dict[str, Any] = server.call("GET", f"/v1/batches/{id}")
    return batch


def measure(server: Penstock, folder: Path, where: str) -> None:
    """The small owner has a model of their own, so that the worker goes from one to the other."""
    owner = Owner(server, "small")
    model = owner.push(HELLO, "small/hello")
    small = owner.upload(manifest(folder / "small.jsonl", SMALL))
    large = upload(server, manifest(folder / "large.jsonl", LARGE))
    alone = [owner.run(model, small) for _ in range(TRIES)]
    began = time.perf_counter()
    id = submitted(server, MODEL, large)
    until(lambda: state(server, id)["request_counts"]["completed"], 120)
    beside = []
    while state(server, id)["status"] == "in_progress":
        beside.append(owner.run(model, small))
    until(lambda: state(server, id)["status"] == "completed", 300)
    took = time.perf_counter() - began
    tell(f"{where}, {LARGE:,} no-op rows ({took:.1f} s in all)", alone, beside)
    measure_slow(server, folder, owner, where)


def measure_slow(server: Penstock, folder: Path, owner: Owner, where: str) -> None:
    """Rows of a twentieth of a second, so that a shard takes half a minute."""
    done = server.cli("push", str(SLOW), "bench/slow")
    assert done.returncode == 0, done.stderr
    rows = ({"custom_id": str(number), "input": {"seconds": 0.05}} for number in range(LARGE))
    path = folder / "slow.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    id = submitted(server, "bench/slow", upload(server, path))
    until(lambda: state(server, id)["request_counts"]["completed"], 120)  # it is measured by now
    time.sleep(10)
    small = owner.upload(folder / "small.jsonl")
    beside = [owner.run("small/hello", small) for _ in range(TRIES)]
    assert state(server, id)["status"] == "in_progress"
    tell(f"{where}, {LARGE:,} rows of 50 ms, shards of 30 s", [], beside)
    server.call("POST", f"/v1/batches/{id}/cancel")


def tell(name: str, alone: list[float], beside: list[float]) -> None:
    figure = f"{len(beside)} times beside: middle {middle(beside):.2f} s, most {max(beside):.2f} s"
    if alone:
        figure = f"alone: middle {middle(alone):.2f} s; {figure}"
    say(f"{SMALL} rows beside {name}", figure, "a few seconds more than alone")


@pytest.mark.timeout(900)
def test_in_one_process(tmp_path: Path) -> None:
    with penstock(tmp_path) as server:
        measure(server, tmp_path, "penstock up")


@pytest.mark.timeout(900)
def test_with_two_workers(tmp_path: Path, postgres_url: str, redis_url: str) -> None:
    with fleet(tmp_path, postgres_url, redis_url) as server:
        measure(server, tmp_path, "PostgreSQL, Redis, two workers")
