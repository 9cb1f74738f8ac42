"""Many batches at once: a small one is done while large ones run; a batch rests and goes on."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from safepush.version import read_bundle
from tests.ports.stores import new_database
from tests.servers import redis
from tests.servers.penstock import ROOT, Penstock, until
from tests.servers.process import free_port
from tests.servers.processes import Box

#: more batches than a worker has threads, which together take minutes
LARGE, LARGE_ROWS, ROW_S = 10, 600, 0.05
MODELS = ROOT / "examples" / "models"


@pytest.fixture(scope="module")
def penstock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Penstock]:
    server = Penstock(tmp_path_factory.mktemp("fairness"))
    server.start()
    server.push("chaos-monkey", "demo/chaos")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory, postgres_url: str) -> Iterator[Box]:
    """An API, a sweep and two workers: one serves the class `big`, the other none but its own."""
    port, folder = free_port(), tmp_path_factory.mktemp("box")
    server = redis.started(folder, port)
    with new_database(postgres_url) as database:
        made = Box(folder, database, f"redis://127.0.0.1:{port}/0")
        try:
            made.api.start()
            made.start("sweep")
            made.start("worker-cpu", "--name", "plain", "--hardware", "cpu")
            made.start("worker-cpu", "--name", "big", "--hardware", "big")
            yield made
        finally:
            made.stop()
            server.stop()


def rows(count: int, seconds: float) -> list[dict[str, Any]]:
    return [{"custom_id": f"row-{n}", "input": {"seconds": seconds}} for n in range(count)]


def counts(server: Penstock, id: str) -> dict[str, int]:
    found: dict[str, int] = server.call("GET", f"/v1/batches/{id}")["request_counts"]
    return found


class Other:
    """Somebody else on the same server, with a model of their own."""

    def __init__(self, server: Penstock, folder: Path, name: str, *limits: str) -> None:
        words = [word for limit in limits for word in ("--limit", limit)]
        made = server.cli("token", "create", name, "--owner", name, *words)
        assert made.returncode == 0, made.stderr
        self.server, self.name, self.folder = server, name, folder
        self.token = made.stdout.strip()

    def cli(self, *words: str) -> str:
        """A command of theirs, and what it prints."""
        environment = self.server.environment
        environment["PENSTOCK_TOKEN"] = self.token
        try:
            done = self.server.cli(*words)
        finally:
            del environment["PENSTOCK_TOKEN"]
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def manifest(self, count: int) -> str:
        """A file of so many rows for the model `hello`."""
        path = self.folder / f"{count}.jsonl"
        lines = (json.dumps({"custom_id": f"r{n}", "input": {"text": "x"}}) for n in range(count))
        path.write_text("\n".join(lines))
        return str(path)


@pytest.mark.timeout(240)
def test_a_small_batch_is_done_while_many_large_ones_run(
    penstock: Penstock, tmp_path: Path
) -> None:
    large = [penstock.submit("demo/chaos", rows(LARGE_ROWS, ROW_S)) for _ in range(LARGE)]
    other = Other(penstock, tmp_path, "small")
    other.cli("push", str(MODELS / "hello"), "small/hello")
    until(lambda: counts(penstock, large[0])["completed"], 90)

    submitted = ["batch", "submit", "small/hello", other.manifest(10), "--watch", "--json"]
    told = json.loads(other.cli(*submitted))
    # of the same owner too
    mine = penstock.submit("demo/chaos", rows(10, 0.0))
    penstock.ended(mine, 90)

    assert (told["status"], told["request_counts"]["completed"]) == ("completed", 10)
    found = [penstock.call("GET", f"/v1/batches/{id}") for id in large]
    assert {one["status"] for one in found} == {"in_progress"}
    for id in large:
        penstock.call("POST", f"/v1/batches/{id}/cancel")
    for id in large:
        assert penstock.ended(id, 90)["status"] == "cancelled"


@pytest.mark.timeout(240)
def test_a_paused_batch_rests_and_then_goes_on(penstock: Penstock) -> None:
    # far longer than a busy machine may be away between two looks at the counts
    id = penstock.submit("demo/chaos", rows(200, 0.04))
    until(lambda: counts(penstock, id)["running"] or counts(penstock, id)["completed"], 60)
    assert penstock.call("POST", f"/v1/batches/{id}/pause")["paused"]
    rested = until(lambda: at_rest(penstock, id), 60)
    assert 0 < rested["completed"] < 200

    assert not penstock.call("POST", f"/v1/batches/{id}/resume")["paused"]
    batch = penstock.ended(id, 90)
    assert (batch["status"], batch["shards"]["redone"]) == ("completed", 0)
    output = [row["custom_id"] for row in penstock.lines(id, "output.jsonl")]
    assert output == [f"row-{n}" for n in range(200)]


def at_rest(server: Penstock, id: str) -> dict[str, int] | None:
    """The counts, once they are as they were three seconds ago: three rounds of the sweep."""
    found = counts(server, id)
    time.sleep(3)
    return found if not found["running"] and counts(server, id) == found else None


@pytest.mark.timeout(240)
def test_a_client_that_is_told_to_come_later_does(penstock: Penstock, tmp_path: Path) -> None:
    other = Other(penstock, tmp_path, "hasty", "requests_per_s=2")
    other.cli("push", str(MODELS / "hello"), "hasty/hello")
    manifest = other.manifest(3)
    told = json.loads(other.cli("batch", "submit", "hasty/hello", manifest, "--watch", "--json"))
    assert told["status"] == "completed"
    folder = str(tmp_path / "results")
    other.cli("batch", "results", told["id"], "--output", folder)


@pytest.mark.timeout(240)
def test_work_is_done_where_its_hardware_is(box: Box) -> None:
    api = box.api
    done = api.cli("push", str(MODELS / "chaos-monkey"), "demo/big", "--hardware", "big")
    assert done.returncode == 0, done.stderr
    prediction = api.call(
        "POST",
        "/v1/predictions",
        json={"version": "demo/big", "input": {}},
        headers={"Prefer": "wait=50"},
    )
    assert prediction["status"] == "succeeded"
    id = api.submit("demo/big", rows(100, 0.0))
    assert api.ended(id, 60)["request_counts"]["completed"] == 100
    # the one that serves `big` ran all of it: nobody else has a model host
    bundles = sorted((box.folder / "data" / "workers").glob("*/bundles/*"))
    assert len({path.parent for path in bundles}) == 1


def test_the_doctor_names_hardware_that_nobody_serves(box: Box) -> None:
    files = [file.to_json() for file in read_bundle(MODELS / "hello").files]
    box.api.call("POST", "/v1/models", json={"owner": "demo", "name": "waits"})
    for file in read_bundle(MODELS / "hello").files:
        box.api.call("PUT", f"/v1/blobs/{file.sha256}", content=file.source.read_bytes())
    body = {"files": files, "hardware": "huge"}
    assert box.api.call("POST", "/v1/models/demo/waits/versions", json=body)["hardware"] == "huge"
    found = json.loads(box.api.cli("doctor", "--json").stdout)
    [told] = [one for one in found if one["check"] == "hardware"]
    assert (told["state"], "penstock worker --hardware huge" in told["message"]) == ("warn", True)

    box.start("worker-cpu", "--name", "huge", "--hardware", "huge,big")
    place = f"/v1/models/demo/waits/versions/{digest_of(box)}"
    until(lambda: box.api.call("GET", place)["state"] == "ready", 90)
    found = json.loads(box.api.cli("doctor", "--json").stdout)
    [told] = [one for one in found if one["check"] == "hardware"]
    assert told["state"] == "ok"


def digest_of(box: Box) -> str:
    """The version of the model that waits."""
    found = box.api.call("GET", "/v1/models/demo/waits/versions")["results"]
    id: str = found[0]["id"]
    return id
