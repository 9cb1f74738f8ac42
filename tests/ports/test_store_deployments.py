"""Deployments on both databases: releases, what serves, who may take on an instance, and demand."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from jobs.adapters.sql.store import SqlStore
from jobs.core.deployment import Deployment, Release
from jobs.core.errors import BadRequest, Conflict, NotFound
from jobs.core.ids import new_id
from jobs.core.instance import Instance, Reason, State
from jobs.core.page import Page
from jobs.core.prediction import Wanted
from jobs.worker.worker import Sweep
from tests.ports import stores
from tests.ports.stores import LEASE_S, OVER, clock
from tests.ports.test_store_sweep import Heard

ID = "ann/greeter"
OLD, NEW = "a" * 64, "b" * 64


def a_release(**changes: Any) -> Release:
    fields: dict[str, Any] = {
        "deployment": ID,
        "number": 1,
        "model": "ann/hello",
        "version": OLD,
        "max_instances": 2,
        "created_at": clock(),
        "created_by": "test",
    }
    return Release(**fields | changes)


def created(store: SqlStore, **changes: Any) -> Deployment:
    return store.deployments.create("ann", a_release(**changes))


def released(store: SqlStore, **changes: Any) -> Deployment:
    def make(releases: Sequence[Release]) -> Release:
        return Release(**vars(releases[0]) | {"number": releases[0].number + 1} | changes)

    return store.deployments.release(ID, "ann", make)


def claimed(
    store: SqlStore, version: str = OLD, lease_s: float = LEASE_S, most: int | None = None
) -> str | None:
    at = clock()
    new = Instance(
        id=new_id("inst", at),
        deployment=ID,
        model="ann/hello",
        version=version,
        worker="w",
        created_at=at,
    )
    return new.id if store.instances.claim(new, lease_s, most) else None


def up(store: SqlStore, version: str = OLD) -> str:
    id = claimed(store, version)
    assert id is not None
    store.instances.ready(id)
    return id


def wanted(store: SqlStore) -> dict[str, tuple[int, int]]:
    """By version: how many there should be, and are."""
    return {one.version: (one.wanted, one.instances) for one in store.instances.demands()}


def test_releases_are_numbered_and_another_owner_finds_none(store: SqlStore) -> None:
    made = created(store)
    assert store.deployments.get(ID, "ann") == made
    new = released(store, version=NEW, created_by="ci")
    assert (new.current.number, new.serving.number) == (2, 2)
    found = store.deployments.releases(ID, Page(limit=1))
    assert [(one.number, one.created_by) for one in found.items] == [(2, "ci")]
    rest = store.deployments.releases(ID, Page(after="2")).items
    assert [one.number for one in rest] == [1]
    with pytest.raises(BadRequest):
        store.deployments.releases(ID, Page(after="nine"))
    with pytest.raises(Conflict):
        created(store)
    for act in (store.deployments.get, store.deployments.delete):
        with pytest.raises(NotFound):
            act(ID, "bob")
    assert store.deployments.newest("bob", Page()).items == ()
    assert store.deployments.newest("ann", Page()).items == (new,)


def test_what_is_kept_warm_serves_until_the_new_one_is_up(store: SqlStore) -> None:
    created(store, min_instances=1)
    up(store)
    rolling = released(store, version=NEW)
    assert (rolling.serving.version, rolling.is_rolling) == (OLD, True)
    store.deployments.settle(ID)
    assert store.deployments.rolling() == [ID]
    up(store, NEW)
    assert store.deployments.get(ID, "ann").serving.version == NEW
    back = released(store, version=OLD)  # it is up still
    assert (back.serving.number, back.is_rolling) == (3, False)


def test_nothing_waits_for_a_version_where_none_is_up(store: SqlStore) -> None:
    created(store, min_instances=1)
    assert not released(store, version=NEW).is_rolling
    id = claimed(store, NEW, OVER)
    assert not released(store, version=OLD).is_rolling  # nobody has heard of its worker
    assert store.instances.lost() == [id]


def test_no_more_instances_than_there_may_be(store: SqlStore) -> None:
    created(store)
    assert claimed(store, most=1)
    assert claimed(store, most=1) is None
    second = claimed(store)
    assert claimed(store) is None
    assert claimed(store, NEW), "each version has its own"
    store.instances.stop([second], Reason.IDLE)
    assert claimed(store)
    store.deployments.delete(ID, "ann")
    with pytest.raises(NotFound):
        claimed(store)


def test_one_that_was_lost_leaves_its_place(store: SqlStore) -> None:
    created(store, max_instances=1)
    lost = claimed(store, lease_s=OVER)
    assert claimed(store)
    assert store.instances.renew({lost: State.IDLE}, LEASE_S) == {lost}, "nobody buried it yet"
    store.instances.renew({lost: State.IDLE}, OVER)
    store.instances.bury([lost])
    assert store.instances.renew({lost: State.IDLE}, LEASE_S) == set()
    reasons = {one.id: one.reason for one in store.instances.newest(ID)}
    assert reasons[lost] is Reason.WORKER_LOST


def test_an_idle_one_goes_only_if_enough_are_left(store: SqlStore) -> None:
    created(store)
    first, second = up(store), up(store)
    assert store.instances.retire(first, 1, Reason.IDLE)
    assert not store.instances.retire(second, 1, Reason.IDLE)
    assert store.instances.retire(first, 1, Reason.IDLE), "it is gone already"
    store.deployments.delete(ID, "ann")
    assert store.instances.retire(second, 1, Reason.IDLE), "its deployment is"


def test_what_waits_and_what_runs_is_what_is_wanted(store: SqlStore) -> None:
    created(store, max_instances=5)
    assert wanted(store) == {OLD: (0, 0)}
    asked = [stores.asked(store, deployment=ID, version=OLD) for _ in range(2)]
    stores.running(store, 100, deployment=ID, version=OLD)
    stores.asked(store, version=OLD)
    store.predictions.claim(asked[0].id, LEASE_S, clock())
    claimed(store)
    assert wanted(store) == {OLD: (3, 1)}
    [demand] = store.instances.demands(ID)
    assert (demand.waiting, demand.running) == (2, 1)
    released(store, version=NEW, min_instances=1, max_instances=2)
    assert wanted(store) == {OLD: (2, 1), NEW: (1, 0)}
    assert store.instances.demands("ann/other") == []


def test_the_oldest_that_waits_is_of_the_same_version(store: SqlStore) -> None:
    created(store)
    for version in (NEW, OLD):
        stores.asked(store, version=version)
        stores.asked(store, deployment=ID, version=version)
    id = store.predictions.waiting(ID, "ann/hello", OLD)
    found = store.predictions.get(id)
    assert (found.deployment, found.version) == (ID, OLD)
    store.predictions.claim(id, LEASE_S, clock())
    assert store.predictions.waiting(ID, "ann/hello", OLD) is None


def test_those_that_share_a_pass_came_the_same_way(store: SqlStore) -> None:
    created(store)
    through = [stores.asked(store, deployment=ID, version=OLD) for _ in range(2)]
    alone = stores.asked(store, version=OLD)
    held = store.predictions.claim_alike(Wanted(through[0].kind, 10, LEASE_S, clock()))
    assert {one.id for one in held} == {one.id for one in through}
    [other] = store.predictions.claim_alike(Wanted(alone.kind, 10, LEASE_S, clock()))
    assert other.id == alone.id


def test_what_is_deployed_or_under_way_is_not_removed(store: SqlStore) -> None:
    store.models.create("ann/hello", "ann", clock())
    stores.ready(store, OLD)
    created(store)
    with pytest.raises(Conflict, match=ID):
        store.removals.version("ann/hello", OLD, "ann")
    waits = stores.asked(store, deployment=ID, version=OLD)
    with pytest.raises(Conflict, match=waits.id):
        store.deployments.delete(ID, "ann")
    store.predictions.cancel(waits.id, "ann", clock())
    store.deployments.delete(ID, "ann")
    store.removals.version("ann/hello", OLD, "ann")


def test_a_batch_of_a_deployment_whose_instances_others_have_is_passed_over(
    store: SqlStore,
) -> None:
    through = stores.running(store, 10, deployment=ID, version=OLD)
    alone = stores.running(store, 10, version=OLD)
    assert set(store.turns.rows()) == {through.id, alone.id}
    assert store.turns.rows(closed=[(ID, OLD)]) == [alone.id]
    assert store.turns.newcomer(closed=[(ID, OLD)]) == alone.id
    assert set(store.turns.rows(closed=[(ID, NEW)])) == {through.id, alone.id}


def test_a_sweep_buries_settles_and_tells_what_scales(store: SqlStore) -> None:
    created(store, min_instances=2)
    lost, told = claimed(store, lease_s=OVER), []

    class Scaler:
        def scale(self, demands: Any) -> None:
            told.extend(demands)

    Sweep(store, Heard(), clock, [Scaler()]).run()
    [demand] = told
    assert (demand.wanted, demand.instances) == (2, 0)
    assert [one.stopped_at is None for one in store.instances.newest(ID)] == [False]
    assert store.instances.lost() == []
    assert lost is not None


def test_pace_is_of_what_came_through_it_of_late(store: SqlStore) -> None:
    created(store)
    for deployment in (ID, ID, None):
        asked = stores.asked(store, deployment=deployment, version=OLD)
        held = store.predictions.claim(asked.id, LEASE_S, clock())
        store.predictions.finish(held, type(held.state).SUCCEEDED, clock(), output=1)
    pace = store.deployments.pace(ID, clock() - timedelta(hours=1))
    assert pace["predictions"] == {"succeeded": 2}
    assert pace["total_s"] >= pace["predict_s"] >= 0
    none = store.deployments.pace(ID, clock() + timedelta(hours=1))
    assert none == {"predictions": {}, "predict_s": None, "total_s": None}
