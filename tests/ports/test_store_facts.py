"""What the database knows of the work at large, in numbers."""

from jobs.adapters.sql.facts import Facts
from jobs.adapters.sql.store import SqlStore
from jobs.adapters.sql.tables import batches, deliveries, predictions, shards
from jobs.core.endpoint import Reason
from tests.ports import stores
from tests.ports.stores import HOOK, LEASE_S, an_endpoint, clock

Told = dict[tuple[str, ...], float]


def told(store: SqlStore) -> Told:
    facts = Facts(store.database).read()
    return {(one.name, *one.labels): one.value for one in facts}


def test_an_empty_system_is_all_zeros(store: SqlStore) -> None:
    assert set(told(store).values()) == {0}


def test_what_waits_is_counted_and_so_is_how_long(store: SqlStore) -> None:
    stores.created(store)
    stores.running(store, 5)
    stores.finalizing(store)
    waiting = stores.asked(store)
    stores.put(store, predictions, {"id": waiting.id}, created_at=clock().timestamp() - 100)
    found = told(store)
    for work in ("validate", "shard", "finalize", "prediction"):
        assert found["queue", work] == 1, work
    assert 99 < found["queue_oldest", "prediction"] < 300
    assert 0 <= found["queue_oldest", "validate"] < 99
    assert found["rows_pending",] == 5
    assert found["batches", "validating"] == found["batches", "finalizing"] == 1


def test_what_somebody_is_at_does_not_wait(store: SqlStore) -> None:
    batch = stores.running(store, 5)
    store.batches.claim(stores.created(store).id, LEASE_S)
    store.predictions.claim(stores.asked(store).id, LEASE_S, clock())
    claim = store.shards.claim(batch.id, LEASE_S, None)
    assert claim is not None
    found = told(store)
    for work in ("validate", "shard", "prediction"):
        assert (found["queue", work], found["leases", work, "held"]) == (0, 1), work
    assert found["predictions", "processing"] == 1

    stores.run_out(store, shards)
    found = told(store)
    assert found["leases", "shard", "held"] == 0
    assert found["leases", "shard", "lost"] == 1
    assert found["queue", "shard"] == 1


def test_a_batch_waits_from_when_it_was_last_served_and_not_while_it_is_paused(
    store: SqlStore,
) -> None:
    batch = stores.running(store, 500)
    at = clock().timestamp()
    stores.put(store, batches, {}, times={"in_progress": at - 900})
    assert 899 < told(store)["queue_oldest", "shard"] < 1100
    stores.put(store, batches, {}, served_at=at - 60)
    assert 59 < told(store)["queue_oldest", "shard"] < 260
    store.batches.pause(batch.id, True)
    found = told(store)
    assert found["queue", "shard"] == found["queue_oldest", "shard"] == 0
    assert found["rows_pending",] == 0


def test_deliveries_that_are_due_wait_and_dead_letters_are_counted(store: SqlStore) -> None:
    stores.created(store, webhook=HOOK)
    stores.put(store, deliveries, {}, next_at=clock().timestamp() - 50)
    found = told(store)
    assert found["queue", "delivery"] == found["deliveries", "pending"] == 1
    assert 49 < found["queue_oldest", "delivery"] < 300

    stores.put(store, deliveries, {}, next_at=clock().timestamp() + 500)
    assert told(store)["queue", "delivery"] == 0, "a retry that is not due yet is not late"
    stores.put(store, deliveries, {}, state="exhausted")
    assert told(store)["deliveries", "exhausted"] == 1


def test_what_has_ended_is_not_counted(store: SqlStore) -> None:
    stores.completed(store)
    stores.put(store, batches, {}, lease_until=clock().timestamp() + 50)
    found = told(store)
    assert not any(value for name, value in found.items() if name[0] != "deliveries")


def test_endpoints_are_counted_by_how_they_are(store: SqlStore) -> None:
    well, failing, given_up, by_owner = (an_endpoint(store) for _ in range(4))
    store.endpoints.failed(failing.id, 1)
    store.endpoints.failed(given_up.id, 1)
    store.endpoints.disable(given_up.id, "ann", Reason.FAILING, clock())
    store.endpoints.disable(by_owner.id, "ann", Reason.OWNER, clock())
    found = told(store)
    states = ("enabled", "failing", "disabled", "given_up")
    assert [found["endpoints", state] for state in states] == [1, 1, 1, 1]
    store.endpoints.took([failing.id, well.id])
    assert told(store)["endpoints", "enabled"] == 2


def test_what_an_endpoint_s_own_rate_keeps_back_is_not_late(store: SqlStore) -> None:
    one = an_endpoint(store, rate_per_s=0.001)
    stores.created(store)
    assert told(store)["queue", "delivery"] == 0
    assert told(store)["deliveries", "pending"] == 1
    store.endpoints.change(one.id, "ann", {"rate_per_s": None})
    assert told(store)["queue", "delivery"] == 1
