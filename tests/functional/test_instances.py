"""The instances of one worker: room for them, hosts that die, models that cannot be loaded."""

import os
import secrets
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

from jobs.core.deployment import Demand
from jobs.core.ids import new_id
from jobs.core.instance import Instance, Reason
from jobs.wiring import clock
from tests.functional.conftest import Owner, World
from tests.servers import tree


def create(owner: Owner, model: str, **given: Any) -> str:
    """A deployment; owner/name."""
    body = {"name": f"d-{secrets.token_hex(4)}", "version": model, **given}
    told = owner.ask("POST", "/v1/deployments", json=body)
    assert told.status_code == 200, told.text
    return f"{told.json['owner']}/{told.json['name']}"


def told(owner: Owner, name: str) -> list[tuple[str, str | None]]:
    """What it tells of its instances' ends and beginnings, the oldest first."""
    events = owner.ask("GET", f"/v1/deployments/{name}/activity").json["events"]
    return [(one["what"], one.get("reason")) for one in reversed(events[:-1])]


def predict(owner: Owner, name: str) -> Any:
    place = f"/v1/deployments/{name}/predictions"
    id = owner.ask("POST", place, json={"input": {"text": "you"}}).json["id"]
    owner.world.run("prediction", id)
    return owner.ask("GET", f"/v1/predictions/{id}").json


def beaten(world: World, until: Callable[[], Any]) -> None:
    """Beat until it is so."""
    end = time.monotonic() + 120
    while not until():
        assert time.monotonic() < end
        world.made.instances.beat()
        time.sleep(0.02)


UP: list[tuple[str, str | None]] = [("setting_up", None), ("ready", None)]


@pytest.mark.timeout(240)
def test_work_makes_room_and_a_minimum_waits_for_it(world: World, ann: Owner) -> None:
    model = ann.push("hello")
    kept, used, late, last = (create(ann, model, min_instances=n) for n in (1, 0, 1, 1))
    world.run("deployment", kept)
    assert predict(ann, used)["output"] == "hello you"
    assert (told(ann, kept), told(ann, used)) == (UP, UP)  # as many as there is room for

    world.run("deployment", late)
    world.run("deployment", last)

    assert told(ann, used) == [*UP, ("stopped", "crowded_out")]
    assert (told(ann, kept), told(ann, late), told(ann, last)) == (UP, UP, [])
    assert predict(ann, last)["output"] == "hello you"
    assert told(ann, last) == UP  # work runs, room or none
    world.made.instances.close()
    assert told(ann, kept) == [*UP, ("stopped", "worker_ended")]


@pytest.mark.timeout(240)
def test_a_host_that_died_is_loaded_again(world: World, ann: Owner) -> None:
    name = create(ann, ann.push("hello"), min_instances=1)
    world.run("deployment", name)
    first = predict(ann, name)["metrics"]["host"]
    for pid in tree.hosts(world.made.settings.data):
        os.kill(pid, signal.SIGKILL)
    version = ann.ask("GET", f"/v1/deployments/{name}").json["serving_release"]["version"]
    beaten(world, lambda: not world.made.warm.is_up(version))

    beaten(world, lambda: world.made.warm.is_up(version))

    assert predict(ann, name)["metrics"]["host"] != first
    world.made.instances.close()


def test_a_model_that_cannot_be_loaded_is_left_to_others_for_a_while(
    world: World, ann: Owner
) -> None:
    name = create(ann, ann.model(), min_instances=1)  # a version without files
    world.run("deployment", name)
    world.run("deployment", name)
    assert told(ann, name) == [("setting_up", None), ("stopped", "setup_failed")]


def test_a_maximum_of_none_lets_all_work_wait(world: World, ann: Owner) -> None:
    name = create(ann, ann.push("hello"))
    assert predict(ann, name)["status"] == "succeeded"

    ann.ask("PATCH", f"/v1/deployments/{name}", json={"max_instances": 0})
    beaten(world, lambda: told(ann, name)[-1][0] == "stopped")

    assert told(ann, name) == [*UP, ("released", None), ("stopped", "out_of_bounds")]
    waits = predict(ann, name)
    assert waits["status"] == "starting"
    ann.ask("PATCH", f"/v1/deployments/{name}", json={"max_instances": 1})
    beaten(world, lambda: not world.made.instances.closed())
    world.run("prediction", waits["id"])
    assert ann.ask("GET", f"/v1/predictions/{waits['id']}").json["status"] == "succeeded"
    world.made.instances.close()


def test_what_other_workers_have_instances_for_is_left_to_them(world: World, ann: Owner) -> None:
    model = ann.push("hello")
    name = create(ann, model)
    store, at = world.made.store, clock()
    version = ann.ask("GET", f"/v1/deployments/{name}").json["serving_release"]["version"]
    of = {"deployment": name, "model": model, "version": version}
    theirs = Instance(id=new_id("inst", at), worker="another", created_at=at, **of)
    assert store.instances.claim(theirs, 60.0)
    body = {"deployment": name, "input_file_id": ann.manifest()}
    batch = ann.ask("POST", "/v1/batches", json=body).json["id"]
    other = ann.batch(model)["id"]

    waits = predict(ann, name)
    world.run("batch", batch)

    states = [ann.ask("GET", f"/v1/batches/{id}").json["status"] for id in (batch, other)]
    assert (waits["status"], states) == ("starting", ["in_progress", "completed"])
    store.instances.stop([theirs.id], Reason.WORKER_ENDED)
    beaten(world, lambda: not world.made.instances.closed())
    world.run("batch", batch)
    world.run("prediction", waits["id"])
    assert ann.ask("GET", f"/v1/batches/{batch}").json["status"] == "completed"
    assert ann.ask("GET", f"/v1/predictions/{waits['id']}").json["status"] == "succeeded"
    world.made.instances.close()


def test_one_that_was_given_up_for_lost_is_let_go(world: World, ann: Owner) -> None:
    name = create(ann, ann.push("hello"), min_instances=1)
    world.run("deployment", name)
    store = world.made.store.instances
    [instance] = store.newest(name)
    store.renew({instance.id: instance.state}, -1.0)
    store.bury(store.lost())
    beaten(world, lambda: not world.made.warm.is_up(instance.version))
    world.run("deployment", name)
    assert told(ann, name) == [*UP, ("stopped", "worker_lost"), *UP]
    world.made.instances.close()


class Bell:
    def __init__(self, unheard: int | None) -> None:
        self.unheard = unheard
        self.rings: list[tuple[str, str, str | None]] = []

    def ring(self, what: str, id: str, hardware: str | None = None) -> None:
        self.rings.append((what, id, hardware))

    def waiting(self, hardware: str | None = None) -> int | None:
        return self.unheard


@pytest.mark.parametrize(("unheard", "rings"), [(0, 3), (100, 0), (None, 0)])
def test_the_bell_is_rung_for_what_is_missing_where_somebody_listens(
    unheard: int | None, rings: int
) -> None:
    from jobs.adapters.workers import Workers

    bell = Bell(unheard)
    of = {"model": "a/m", "version": "v", "hardware": "a100", "most": 5}
    missing = Demand(deployment="a/d", least=4, instances=1, **of)  # type: ignore[arg-type]
    enough = Demand(deployment="a/e", least=1, instances=1, **of)  # type: ignore[arg-type]
    Workers(bell).scale([missing, enough])
    assert bell.rings == [("deployment", "a/d", "a100")] * rings


def test_demand_is_told_by_deployment_and_class() -> None:
    from prometheus_client import CollectorRegistry

    from jobs.adapters.demand import DemandMetrics

    metrics, registry = DemandMetrics(), CollectorRegistry()
    registry.register(metrics)
    of = {"deployment": "a/d", "model": "a/m", "least": 0, "most": 5, "waiting": 2}
    old = Demand(version="v1", hardware="gpu", running=1, instances=1, **of)  # type: ignore[arg-type]
    new = Demand(version="v2", hardware="gpu", **of)  # type: ignore[arg-type]
    metrics.scale([old, new])
    labels = {"deployment": "a/d", "hardware": "gpu"}
    names = ("queue", "running", "instances", "instances_wanted")
    values = [registry.get_sample_value(f"penstock_deployment_{one}", labels) for one in names]
    assert values == [4, 1, 1, 5]
    metrics.scale([])
    assert registry.get_sample_value("penstock_deployment_queue", labels) is None
