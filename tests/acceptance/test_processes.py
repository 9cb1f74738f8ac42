"""The processes of a production set-up, started with compose.yaml's own commands."""

import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.ports.stores import new_database
from tests.servers import redis
from tests.servers.penstock import BIN, ROOT, Received, until
from tests.servers.process import free_port
from tests.servers.processes import Box, children, environment_of, running, signal_to
from tests.servers.s3 import S3Server

SERVICES = ("deliver", "deliver", "sweep", "sweep", "worker-cpu")


@pytest.fixture(scope="module")
def redis_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("redis")


@pytest.fixture(scope="module")
def box(
    tmp_path_factory: pytest.TempPathFactory, postgres_url: str, redis_folder: Path
) -> Iterator[Box]:
    """An API, two deliverers, two sweeps and a worker on a broker of their own."""
    port = free_port()
    server = redis.started(redis_folder, port)
    with new_database(postgres_url) as database:
        folder = tmp_path_factory.mktemp("box")
        url = f"redis://127.0.0.1:{port}/0"
        made = Box(folder, database, url, PENSTOCK_DRAIN_S="2")
        made.broker_pid = server.pid
        try:
            made.api.start()
            for service in SERVICES:
                made.start(service)
            made.api.push("chaos-monkey", "demo/chaos")
            yield made
        finally:
            made.stop()
            server.stop()


def rows(count: int, seconds: float = 0.0) -> list[dict[str, Any]]:
    return [{"custom_id": f"row-{n}", "input": {"seconds": seconds}} for n in range(count)]


def progress(box: Box, id: str) -> dict[str, int]:
    counts: dict[str, int] = box.api.call("GET", f"/v1/batches/{id}")["request_counts"]
    return counts


@pytest.mark.timeout(240)
def test_a_batch_though_its_worker_is_told_to_end(box: Box, tmp_path: Path) -> None:
    api = box.api
    secret = api.call("GET", "/v1/webhooks/default/secret")["key"]
    receiver = Received(tmp_path, secret)
    try:
        id = api.submit("demo/chaos", rows(40, seconds=0.2), webhook=receiver.url)
        until(lambda: progress(box, id)["running"], 60)
        told = box.processes[-1]
        box.start("worker-cpu", "--name", "successor")
        told.terminate()

        assert told.ended() == 0
        assert progress(box, id)["completed"] < 40, "it was not handed back, but done"
        batch = api.ended(id, 120)
        assert batch["status"] == "completed"
        assert batch["shards"]["redone"] == 0, "a shard was lost that could have been handed back"
        output = [row["custom_id"] for row in api.lines(id, "output.jsonl")]
        assert output == [f"row-{n}" for n in range(40)]
        events = until(lambda: receiver.events() if len(receiver.events()) >= 3 else None)
        assert [event["type"].partition(".")[2] for event in events] == [
            "created",
            "in_progress",
            "completed",
        ]
    finally:
        receiver.stop()


@pytest.mark.timeout(240)
def test_a_training_whose_worker_is_killed_is_another_one_s(box: Box) -> None:
    api = box.api
    api.push(str(ROOT / "tests/models/line"), "demo/line")
    api.call("POST", "/v1/models", json={"owner": "demo", "name": "fine"})
    live = api.call("GET", "/v1/models/demo/line")["aliases"]["live"]
    given = {"points": "data:,0,1%0A1,3%0A2,5", "steps": 400, "pause_s": 0.8}
    place = f"/v1/models/demo/line/versions/{live}/trainings"
    made = api.call("POST", place, json={"destination": "demo/fine", "input": given})
    path = f"/v1/trainings/{made['id']}"
    until(lambda: "step" in api.call("GET", path)["logs"], 60)

    workers = [one for one in box.processes if running(one.pid) and one.name == "worker-cpu"]
    box.start("worker-cpu", "--name", "heir")
    for one in workers:
        one.kill()

    told = until(lambda: seen if (seen := api.call("GET", path))["completed_at"] else None, 120)
    assert (told["status"], told["error"]) == ("succeeded", None)
    [version] = api.call("GET", "/v1/models/demo/fine/versions")["results"]
    assert told["output"]["version"] == f"demo/fine:{version['id']}"
    # the first attempt's token is not the last one's, under which the weights lie
    assert "/files/" in told["output"]["weights"]
    attempt = told["output"]["weights"].split("/")[-2]
    assert int(attempt) >= 2


def test_the_api_is_several_processes_that_run_no_model(box: Box) -> None:
    master = box.api.process.pid  # type: ignore[union-attr]
    pids = children(master)
    assert len(pids) == 2
    assert not any(children(pid) for pid in pids), "the API started a model host"
    assert box.api.ready() == (
        200,
        {"status": "ready", "parts": {"database": "ok", "broker": "ok"}},
    )


def test_a_broker_that_stands_still_holds_nobody(box: Box) -> None:
    api, broker = box.api, box.broker_pid
    body = {"version": "demo/chaos", "input": {"text": "in the meantime"}}
    signal_to(broker, signal.SIGSTOP)
    try:
        made = [api.call("POST", "/v1/predictions", json=body)["id"] for _ in range(4)]
        until(lambda: api.ready()[1]["status"] == "degraded", 60)
        assert api.ready()[0] == 200
    finally:
        signal_to(broker, signal.SIGCONT)
    for id in made:
        until(lambda id=id: api.call("GET", f"/v1/predictions/{id}")["status"] == "succeeded", 90)
    until(lambda: api.ready()[1]["status"] == "ready", 60)


def test_each_ends_when_it_is_told_to(box: Box, tmp_path: Path) -> None:
    for service in ("deliver", "sweep"):
        told = box.start(service, "--data", str(tmp_path))
        until((tmp_path / f"{service}.alive").exists, 60)  # what the health check looks at
        told.terminate()
        assert told.ended() == 0
        assert told.said() == ""


def test_a_request_under_way_is_answered_though_the_api_ends(box: Box) -> None:
    api = box.api
    body = {"version": "demo/chaos", "input": {"seconds": 1.5, "text": "late"}}
    answers: list[httpx.Response] = []

    def ask() -> None:
        token = (api.data / "token").read_text()
        headers = {"Authorization": f"Bearer {token}", "Prefer": "wait=60"}
        answers.append(
            httpx.post(f"{api.url}/v1/predictions", json=body, headers=headers, timeout=90)
        )

    asking = threading.Thread(target=ask)
    asking.start()
    until(lambda: api.call("GET", "/v1/predictions")["results"][0]["status"] == "processing", 60)
    api.api.terminate()  # type: ignore[union-attr]
    asking.join(90)

    assert api.api.ended() == 0  # type: ignore[union-attr]
    assert answers[0].json()["output"] == "late"
    api.start()


GPUS = "0, GPU-aaaa, Pretend 1, 1000 MiB, Default\n1, GPU-bbbb, Pretend 2, 1000 MiB, Default\n"


def test_a_worker_on_every_gpu_is_kept_running(box: Box, tmp_path: Path) -> None:
    tool = tmp_path / "nvidia-smi"
    tool.write_text(f"#!/bin/sh\ncat <<EOF\n{GPUS}EOF\n")
    tool.chmod(0o755)
    path = f"{tmp_path}:{box.environment['PATH']}"
    supervisor = box.start("worker-gpu", PATH=path)

    first = until(lambda: children(supervisor.pid) if len(children(supervisor.pid)) == 2 else None)
    until(lambda: [gpu_of(pid) for pid in first] == ["GPU-aaaa", "GPU-bbbb"])
    signal_to(first[0], signal.SIGKILL)
    again = until(
        lambda: [pid for pid in children(supervisor.pid) if pid not in first and running(pid)]
    )
    until(lambda: gpu_of(again[0]) == "GPU-aaaa")
    assert running(first[1])
    assert "the worker of GPU 0 ended with -9; it starts again in 1 s" in supervisor.said()

    supervisor.terminate()
    assert supervisor.ended() == 0
    assert not any(map(running, [*first, *again]))


def gpu_of(pid: int) -> str | None:
    """The GPU that a worker may use; None while it is not yet the worker."""
    return environment_of(pid).get("CUDA_VISIBLE_DEVICES")


def test_a_supervisor_that_is_killed_leaves_no_workers(box: Box, tmp_path: Path) -> None:
    tool = tmp_path / "nvidia-smi"
    tool.write_text(f"#!/bin/sh\ncat <<EOF\n{GPUS}EOF\n")
    tool.chmod(0o755)
    path = f"{tmp_path}:{box.environment['PATH']}"
    supervisor = box.start("worker-gpu", PATH=path)
    workers = until(lambda: pids if len(pids := children(supervisor.pid)) == 2 else None)
    supervisor.kill()
    until(lambda: not any(map(running, workers)), 60)


def test_settings_for_one_process_are_refused_by_each_of_several(box: Box, tmp_path: Path) -> None:
    for_one = {"PENSTOCK_BROKER_URL": "memory://", "PENSTOCK_DATABASE_URL": "sqlite:////tmp/x.db"}
    data = ("--data", str(tmp_path))
    told = [
        (name, box.start(service, *data, **{name: value}))
        for service in ("api", "deliver", "sweep", "worker-cpu", "worker-gpu")
        for name, value in for_one.items()
    ]
    for name, refused in told:
        assert refused.ended() == 2
        assert name in refused.said()
        assert len(refused.said().splitlines()) == 1, refused.said()


def test_a_worker_whose_bucket_is_not_there_takes_no_work(box: Box, s3_server: S3Server) -> None:
    refused = box.start(
        "worker-cpu",
        PENSTOCK_S3_BUCKET="none-of-ours",
        PENSTOCK_S3_ENDPOINT=s3_server.endpoint,
        AWS_ACCESS_KEY_ID=s3_server.access_key,
        AWS_SECRET_ACCESS_KEY=s3_server.secret_key,
    )
    assert refused.ended() == 2
    told = "Error: there is no bucket 'none-of-ours'; see PENSTOCK_S3_BUCKET and its credentials"
    assert refused.said().splitlines() == [told]


def test_without_a_gpu_the_way_out_is_told(box: Box, tmp_path: Path) -> None:
    lonely = box.start("worker-gpu", PATH=str(tmp_path))
    assert lonely.ended() == 2
    assert "without --gpus one worker runs models on the CPU" in lonely.said()


def test_any_wsgi_server_can_have_the_application(box: Box) -> None:
    def checked(**settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [BIN / "gunicorn", "--check-config", "jobs.wsgi:app"],
            env=box.environment | settings,
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    assert checked().returncode == 0
    refused = checked(PENSTOCK_BROKER_URL="memory://")
    assert refused.returncode != 0
    assert "PENSTOCK_BROKER_URL" in refused.stderr
