"""Trainings: their end and the version that they make are one, on both databases."""

from typing import Any

import pytest

from jobs.adapters.sql.store import SqlStore
from jobs.core.errors import Conflict, Fenced, NotFound
from jobs.core.page import Page
from jobs.core.prediction import Prediction, State, Wanted
from jobs.core.version import Ref, Version
from jobs.core.version import State as VersionState
from tests.ports import stores
from tests.ports.stores import LEASE_S, OVER, clock

MADE = "b" * 64


@pytest.fixture
def destination(store: SqlStore) -> str:
    store.models.create("ann/fine", "ann", clock())
    return "ann/fine"


def training(store: SqlStore, **changes: Any) -> Prediction:
    """One that is run by now."""
    id = changes.pop("id", "train_1")
    stores.asked(store, id=id, destination="ann/fine", **changes)
    held: Prediction | None = store.predictions.claim(id, LEASE_S, clock())
    assert held is not None
    return held


def made(**changes: Any) -> Version:
    fields = {"state": VersionState.READY, "schema": {"made": "by"}, **changes}
    return stores.a_version("ann/fine", MADE, **fields)


def test_a_training_ends_with_its_version(store: SqlStore, destination: str) -> None:
    held = training(store)
    ended = store.trainings.succeed(held, made(), clock(), output={"version": "x"})

    assert store.predictions.get(held.id) == ended
    version = store.models.version(MADE, destination)
    assert (version.state, version.schema) == (VersionState.READY, {"made": "by"})
    kinds = [name for _, name in stores.told(store, held.id)]
    assert kinds == ["training.start", "training.completed"]


def test_who_was_fenced_leaves_no_version(store: SqlStore, destination: str) -> None:
    stores.asked(store, id="train_1", destination=destination)
    old = store.predictions.claim("train_1", OVER, clock())
    new = store.predictions.claim("train_1", LEASE_S, clock())
    with pytest.raises(Fenced):
        store.trainings.succeed(old, made(), clock())
    with pytest.raises(NotFound):
        store.models.version(MADE, destination)
    store.trainings.succeed(new, made(), clock())
    assert store.models.version(MADE, destination).state is VersionState.READY


@pytest.mark.parametrize("state", list(VersionState))
def test_a_version_that_is_there_is_ready_afterwards(
    store: SqlStore, destination: str, state: VersionState
) -> None:
    store.models.push(made(state=VersionState.PUSHED, schema=None))
    preparing = store.models.claim(MADE, LEASE_S)
    if state is not VersionState.PREPARING:
        steps = {VersionState.RETIRED: [VersionState.FAILED, VersionState.RETIRED]}
        now = preparing
        for step in steps.get(state, [state]):
            now = store.models.move(now, step, clock(), error="gone")
    store.trainings.succeed(training(store), made(), clock())

    version = store.models.resolve(Ref(destination, MADE, None), "ann")
    assert version.state is VersionState.READY
    if state is not VersionState.READY:
        assert (version.schema, version.error) == ({"made": "by"}, None)
    with pytest.raises(Fenced):  # whoever prepared it comes too late
        store.models.move(preparing, VersionState.FAILED, clock(), error="late")


def test_a_destination_that_was_removed_takes_nothing(store: SqlStore, destination: str) -> None:
    held = training(store)
    with pytest.raises(Conflict):  # as long as it is to have a version
        store.removals.model(destination, "ann")
    store.predictions.finish(held, State.CANCELED, clock())
    store.removals.model(destination, "ann")
    with pytest.raises(NotFound):
        store.trainings.succeed(training(store, id="train_2"), made(), clock())
    assert store.predictions.get("train_2").state is State.PROCESSING


def test_they_are_a_list_of_their_own(store: SqlStore, destination: str) -> None:
    waits = stores.asked(store, id="train_1", destination=destination)
    other = stores.asked(store, id="train_2", destination=destination, hardware="a100")
    prediction = stores.asked(store, id="pred_1")

    assert store.trainings.due() == [waits.id]
    assert store.trainings.due(hardware="a100") == [other.id]
    assert store.predictions.due() == [prediction.id]
    newest = store.trainings.newest("ann", Page(5))
    assert [one.id for one in newest.items] == [other.id, waits.id]
    assert store.predictions.newest("ann", Page(5)).items == (prediction,)
    alike = store.predictions.claim_alike(Wanted(prediction.kind, 9, LEASE_S, clock()))
    assert [one.id for one in alike] == [prediction.id]


def test_old_ones_are_forgotten_and_what_they_made_stays(store: SqlStore, destination: str) -> None:
    held = training(store, id="train_018000000000")
    store.trainings.succeed(held, made(), clock())
    assert store.removals.old_predictions(clock(), 9) == []
    [old] = store.removals.old_trainings(clock(), 9)
    store.removals.prediction(old)
    assert store.models.version(MADE, destination).state is VersionState.READY
