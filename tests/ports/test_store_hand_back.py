"""What a worker hands back at its end is another's at once, and the first one is refused."""

import pytest

from jobs.adapters.sql.store import SqlStore
from jobs.core.errors import Fenced
from jobs.core.version import State
from tests.ports import stores


def test_a_batch(store: SqlStore) -> None:
    id = stores.created(store).id
    held = store.batches.claim(id, stores.LEASE_S)
    assert held is not None
    assert store.batches.claim(id, stores.LEASE_S) is None

    store.batches.give_back(held)
    store.batches.give_back(held)

    again = store.batches.claim(id, stores.LEASE_S)
    assert again is not None
    assert not store.batches.renew(held, stores.LEASE_S)
    store.batches.give_back(held)  # it is not his any more
    assert store.batches.renew(again, stores.LEASE_S)


def test_a_prediction_that_was_not_tried(store: SqlStore) -> None:
    value = stores.asked(store)
    held = store.predictions.claim(value.id, stores.LEASE_S, stores.clock())
    assert held is not None

    store.predictions.give_back(held)
    store.predictions.give_back(held)

    again = store.predictions.claim(value.id, stores.LEASE_S, stores.clock())
    assert again is not None
    assert again.attempts == held.attempts
    assert store.predictions.renew(held, stores.LEASE_S) == "lost"


def test_a_version_that_was_being_prepared(store: SqlStore) -> None:
    store.models.create("ann/hello", "ann", stores.clock())
    version = store.models.push(stores.a_version())
    held = store.models.claim(version.id, stores.LEASE_S)
    assert held is not None

    store.models.give_back(held)
    store.models.give_back(held)

    assert store.models.version(version.id, version.model).state is State.PUSHED
    again = store.models.claim(version.id, stores.LEASE_S)
    assert again is not None
    assert again.attempts == held.attempts
    with pytest.raises(Fenced):
        store.models.move(held, State.READY, stores.clock(), schema={})
