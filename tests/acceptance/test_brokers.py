"""Several processes of each kind on one broker; the broker may go away, a worker may be told to."""

import socket
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import redis as client
from cryptography.fernet import Fernet
from kombu import Connection

from tests.ports.stores import new_database
from tests.servers import redis
from tests.servers.fleet import Fleet, Worker
from tests.servers.penstock import BIN, Penstock, Received, until
from tests.servers.process import Server, free_port
from tests.servers.s3 import S3Server

QUORUM = {"x-queue-type": "quorum"}


@dataclass
class World:
    """Two APIs and two workers on a Redis of their own."""

    fleet: Fleet
    folder: Path
    port: int
    redis: Server

    def api(self, number: int = 0) -> Penstock:
        return self.fleet.apis[number]

    def restart_redis(self) -> None:
        self.redis = redis.started(self.folder, self.port)


@pytest.fixture(scope="module")
def world(
    tmp_path_factory: pytest.TempPathFactory, postgres_url: str, s3_server: S3Server
) -> Iterator[World]:
    folder, port = tmp_path_factory.mktemp("brokers"), free_port()
    with new_database(postgres_url) as database:
        url = f"redis://127.0.0.1:{port}/0"
        fleet = Fleet(folder, database, url, s3_server)
        fleet.environment["PENSTOCK_DRAIN_S"] = "2"
        made = World(fleet, folder, port, redis.started(folder, port))
        try:
            fleet.api()
            fleet.api()
            fleet.worker()
            fleet.worker()
            made.api().push("chaos-monkey", "demo/chaos")
            yield made
        finally:
            fleet.stop()
            made.redis.stop()


def rows(count: int, seconds: float = 0.0) -> list[dict[str, Any]]:
    return [{"custom_id": f"row-{n}", "input": {"seconds": seconds}} for n in range(count)]


def assert_done_once(api: Penstock, id: str, count: int, seconds: float = 120) -> dict[str, Any]:
    batch = api.ended(id, seconds)
    assert batch["status"] == "completed"
    assert batch["request_counts"]["completed"] == count
    output = [row["custom_id"] for row in api.lines(id, "output.jsonl")]
    assert output == [f"row-{n}" for n in range(count)]
    return batch


def test_two_apis_double_nothing(world: World, tmp_path: Path) -> None:
    first, second = world.api(0), world.api(1)
    secret = first.call("GET", "/v1/webhooks/default/secret")["key"]
    assert second.call("GET", "/v1/webhooks/default/secret")["key"] == secret
    receiver = Received(tmp_path, secret, pause_s=0.3)  # in flight long enough to be seen twice
    try:
        ids = [
            api.submit("demo/chaos", rows(100), webhook=receiver.url) for api in (first, second) * 3
        ]
        for id in ids:
            assert_done_once(second, id, 100)
        until(lambda: len(receiver.events()) >= 18)
        for id in ids:
            until(lambda id=id: delivered(first, id) == {1: 1, 2: 1, 3: 1})
    finally:
        receiver.stop()
    assert max(Counter(receiver.arrivals()).values()) == 1
    seen = Counter((event["data"]["id"], event["sequence"]) for event in receiver.events())
    assert seen == {(id, sequence): 1 for id in ids for sequence in (1, 2, 3)}


def delivered(api: Penstock, id: str) -> dict[int, int]:
    """How often each delivered event of a batch was sent, by its number."""
    told = api.call("GET", f"/v1/deliveries?subject={id}")["results"]
    done = (one for one in told if one["state"] == "delivered")
    return {one["sequence"]: len(one["attempts"]) for one in done}


def test_an_api_with_other_keys_does_not_start(world: World, tmp_path: Path) -> None:
    environment = world.api().environment | {"PENSTOCK_SECRET_KEYS": Fernet.generate_key().decode()}
    done = subprocess.run(
        [BIN / "penstock", "up", "--data", str(tmp_path), "--port", str(free_port())],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "sealed with another key" in done.stderr
    assert environment["PENSTOCK_SECRET_KEYS"] not in done.stderr


def test_a_worker_that_is_told_to_end_hands_back_what_it_has(world: World) -> None:
    fleet, api = world.fleet, world.api()
    id = api.submit("demo/chaos", rows(100, seconds=0.08))
    until(lambda: fleet.leased(id))
    told = fleet.workers[:2]

    fleet.worker()
    for worker in told:
        worker.terminate()

    assert [ended(worker) for worker in told] == [0, 0]
    counts = api.call("GET", f"/v1/batches/{id}")["request_counts"]
    assert counts["completed"] < 100, "it was not handed back, but done"
    batch = assert_done_once(api, id, 100)
    assert batch["shards"]["redone"] == 0, "a shard was lost that could have been handed back"


def ended(worker: Worker) -> int:
    return worker.process.wait(60)


def test_redis_may_go_away_and_forget_everything(world: World) -> None:
    api = world.api(1)
    running = api.submit("demo/chaos", rows(100, seconds=0.05))
    until(lambda: world.fleet.leased(running))
    world.redis.stop()
    waiting = api.submit("demo/chaos", rows(100))
    world.restart_redis()
    for id in (running, waiting):
        assert_done_once(api, id, 100)
    with client.Redis(port=world.port) as forgetful:
        forgetful.flushall()
    assert_done_once(api, api.submit("demo/chaos", rows(100)), 100)
    body = {"version": "demo/chaos", "input": {"text": "still here"}}
    told = api.call("POST", "/v1/predictions", json=body, headers={"Prefer": "wait=60"})
    assert told["output"] == "still here"


@pytest.mark.timeout(240)
def test_rabbitmq_with_a_quorum_queue(
    tmp_path: Path, postgres_url: str, rabbitmq_url: str, s3_server: S3Server
) -> None:
    with new_database(postgres_url) as database:
        fleet = Fleet(tmp_path, database, rabbitmq_url, s3_server)
        try:
            api = fleet.api()
            fleet.worker()
            api.push("chaos-monkey", "demo/chaos")
            assert_done_once(api, api.submit("demo/chaos", rows(100)), 100)
            assert fleet.answering(1) == [f"w0@{socket.gethostname()}"]
            with Connection(rabbitmq_url) as connection:
                # the broker refuses to declare one of another type under its name
                connection.SimpleQueue("penstock", queue_args=QUORUM).close()
        finally:
            fleet.stop()
