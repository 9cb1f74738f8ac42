"""Deployments on several workers: rolled under load, scaled to zero and back, hosts killed."""

import itertools
import json
import logging
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ports.stores import new_database
from tests.servers import redis
from tests.servers.penstock import ROOT, until
from tests.servers.process import free_port
from tests.servers.processes import Box, Process

#: more than anything here takes on a busy machine
PATIENCE_S = 120
IDLE_S = 1
log = logging.getLogger(__name__)
CODE = '''"""Says which version it is."""
import time
from cog import BasePredictor, Input
class Predictor(BasePredictor):
    def predict(self, seconds: float = Input(description="Takes so long.", default=0.05)) -> str:
        """Say it."""
        time.sleep(seconds)
        return "%s"
'''


class World:
    """An API, a sweep, and workers that come and go."""

    def __init__(self, box: Box, folder: Path) -> None:
        self.box = box
        self.api = box.api
        self.workers: dict[str, Process] = {}
        self.worker()
        self._folder = folder
        self.versions = {word: self._push(word) for word in ("first", "second")}

    def _push(self, word: str) -> str:
        """A version that answers with its word; its digest."""
        folder = self._folder / word
        shutil.copytree(ROOT / "examples" / "models" / "hello", folder)
        (folder / "predict.py").write_text(CODE % word)
        done = self.api.cli("push", str(folder), "demo/word", "--json")
        assert done.returncode == 0, done.stderr
        id: str = json.loads(done.stdout)["id"]
        return id

    def worker(self) -> None:
        """One more."""
        name = f"w{len(self.box.processes)}"
        self.workers[name] = self.box.start("worker-cpu", "--name", name)

    def kill(self, instance: dict[str, Any]) -> None:
        """kill -9 of the worker that has an instance."""
        self.workers.pop(instance["worker"].partition("@")[0]).kill()

    def create(self, name: str, **given: Any) -> str:
        """A deployment of the first version."""
        body = {"name": name, "model": "demo/word", "version": self.versions["first"], **given}
        told = self.api.call("POST", "/v1/deployments", json=body)
        return f"{told['owner']}/{told['name']}"

    def activity(self, name: str) -> dict[str, Any]:
        told: dict[str, Any] = self.api.call("GET", f"/v1/deployments/{name}/activity")
        return told

    def up(self, name: str, word: str) -> list[dict[str, Any]]:
        """Its instances of a version that are up."""
        there = self.activity(name)["instances"]
        mine = [one for one in there if one["version"] == self.versions[word]]
        return [one for one in mine if one["state"] in ("idle", "processing")]

    def predict(self, name: str, **given: Any) -> dict[str, Any]:
        """One prediction, to its end."""
        place = f"/v1/deployments/{name}/predictions"
        id = self.api.call("POST", place, json={"input": given})["id"]
        return self.ended(id)

    def ended(self, id: str) -> dict[str, Any]:
        def look() -> Any:
            told = self.api.call("GET", f"/v1/predictions/{id}")
            return told if told["completed_at"] else None

        told: dict[str, Any] = until(look, PATIENCE_S)
        return told


class Load:
    """One prediction after the other begins, whatever becomes of the ones before."""

    def __init__(self, world: World, name: str) -> None:
        self._world = world
        self._place = f"/v1/deployments/{name}/predictions"
        self.made: list[dict[str, Any]] = []
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while not self._end.wait(0.1):
            body = {"input": {"seconds": 0.05}}
            self.made.append(self._world.api.call("POST", self._place, json=body))

    def to(self, digest: str) -> None:
        """Wait until new ones are of this version."""
        seen = len(self.made)
        until(lambda: any(one["version"] == digest for one in self.made[seen:]), PATIENCE_S)

    def stop(self) -> list[dict[str, Any]]:
        """Make no more; all that were made, ended."""
        self._end.set()
        self._thread.join()
        return [self._world.ended(one["id"]) for one in self.made]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, postgres_url: str) -> Iterator[World]:
    port = free_port()
    server = redis.started(tmp_path_factory.mktemp("redis"), port)
    with new_database(postgres_url) as database:
        folder = tmp_path_factory.mktemp("box")
        url = f"redis://127.0.0.1:{port}/0"
        box = Box(folder, database, url, PENSTOCK_INSTANCE_IDLE_S=str(IDLE_S))
        try:
            box.api.start()
            box.start("sweep")
            yield World(box, tmp_path_factory.mktemp("versions"))
        finally:
            box.stop()
            server.stop()


@pytest.mark.timeout(4 * PATIENCE_S)
def test_from_none_to_one_and_back(world: World, caplog: pytest.LogCaptureFixture) -> None:
    name = world.create("zero")
    assert world.activity(name)["instances"] == []

    for _ in range(2):  # the first may meet the process that prepared the version
        began = time.monotonic()
        told = world.predict(name)
        up_s = time.monotonic() - began
        assert (told["status"], told["output"]) == ("succeeded", "first")
        assert told["deployment"] == name
        until(lambda: not world.activity(name)["instances"], PATIENCE_S)
        down_s = time.monotonic() - began

    story = world.activity(name)["events"]
    happened = [one["what"] for one in reversed(story)]
    assert happened == ["released", *2 * ["setting_up", "ready", "stopped"]]
    assert story[0]["reason"] == "idle"
    caplog.set_level(logging.INFO, __name__)
    log.info("0 -> 1: %.1f s; -> 0: %.1f s (idle: %d s)", up_s, down_s, IDLE_S)


@pytest.mark.timeout(4 * PATIENCE_S)
def test_a_minimum_is_warm_again_after_its_worker_was_killed(world: World) -> None:
    name = world.create("kept", min_instances=1)
    [first] = until(lambda: world.up(name, "first"), PATIENCE_S)
    time.sleep(2 * IDLE_S)
    assert [one["id"] for one in world.up(name, "first")] == [first["id"]], "it was not kept"
    used = world.predict(name)
    assert world.predict(name)["metrics"]["host"] == used["metrics"]["host"]

    world.kill(first)
    world.worker()

    def others() -> list[dict[str, Any]]:
        return [one for one in world.up(name, "first") if one["id"] != first["id"]]

    [second] = until(others, PATIENCE_S)

    assert second["worker"] != first["worker"]
    reasons = [one.get("reason") for one in world.activity(name)["events"]]
    assert "worker_lost" in reasons
    assert world.predict(name)["output"] == "first"
    world.api.call("DELETE", f"/v1/deployments/{name}")


@pytest.mark.timeout(6 * PATIENCE_S)
def test_rolled_there_and_back_under_load_while_a_worker_is_killed(world: World) -> None:
    world.worker()
    name = world.create("rolled", min_instances=1, max_instances=2)
    until(lambda: world.up(name, "first"), PATIENCE_S)
    rows = [{"custom_id": f"row-{n}", "input": {"seconds": 0.1}} for n in range(100)]
    text = "\n".join(map(json.dumps, rows))
    file = world.api.call("POST", "/v1/files", files={"content": ("rows.jsonl", text.encode())})
    asked = {"deployment": name, "input_file_id": file["id"]}
    batch = world.api.call("POST", "/v1/batches", json=asked)
    load = Load(world, name)
    try:
        load.to(world.versions["first"])
        body = {"version": world.versions["second"]}
        world.api.call("PATCH", f"/v1/deployments/{name}", json=body)
        world.kill(world.up(name, "first")[0])
        load.to(world.versions["second"])
        world.worker()
        world.api.call("POST", f"/v1/deployments/{name}/rollback")
        load.to(world.versions["first"])
    finally:
        made = load.stop()

    words = {digest: word for word, digest in world.versions.items()}
    assert [one["status"] for one in made] == ["succeeded"] * len(made)
    assert all(one["output"] == words[one["version"]] for one in made)
    of = [words[one["version"]] for one in made]
    changes = [of[0], *(new for old, new in itertools.pairwise(of) if new != old)]
    assert changes == ["first", "second", "first"]
    ended = world.api.ended(batch["id"], PATIENCE_S)
    assert (ended["status"], ended["version"]) == ("completed", world.versions["first"])
    output = world.api.lines(batch["id"], "output.jsonl")
    assert [row["custom_id"] for row in output] == [row["custom_id"] for row in rows]
    assert {row["response"]["body"]["version"] for row in output} == {world.versions["first"]}
    assert {row["response"]["body"]["output"] for row in output} == {"first"}
    releases = world.api.call("GET", f"/v1/deployments/{name}/releases")["results"]
    assert [one["number"] for one in releases] == [3, 2, 1]
    assert {one["created_by"]["name"] for one in releases} == {"test"}
