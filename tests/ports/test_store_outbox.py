"""Events in the transaction of their move, and deliveries in the order of their subject."""

import json
from typing import Any

import pytest
from sqlalchemy import func, select

from jobs.adapters.sql import outbox
from jobs.adapters.sql.deliveries import Due
from jobs.adapters.sql.store import SqlStore
from jobs.adapters.sql.tables import attempts, deliveries, events
from jobs.core.batch import State
from jobs.core.errors import Fenced
from jobs.core.page import Page
from jobs.core.prediction import Prediction
from jobs.core.prediction import State as PredictionState
from jobs.core.replay import Range
from tests.ports import stores
from tests.ports.stores import HOOK, LEASE_S, OVER, clock

GOOD: dict[str, Any] = {"status": 200, "error": None, "duration_s": 0.1, "body_start": b"ok"}
BAD: dict[str, Any] = {"status": 500, "error": "no", "duration_s": 0.2, "body_start": b"\0\xff"}


def processing(store: SqlStore, **changes: Any) -> Prediction:
    value = stores.asked(store, **changes)
    held = store.predictions.claim(value.id, LEASE_S, clock())
    assert held is not None
    return held


def telling(store: SqlStore, times: int, **changes: Any) -> Prediction:
    """A prediction with 1 + `times` events for the hook, none of which replaces another."""
    held = processing(store, webhook=HOOK, **changes)
    for number in range(times):
        store.predictions.tell(held, "prediction.step", clock(), logs=str(number))
    return held


def claim(store: SqlStore, limit: int = 99, lease_s: float = LEASE_S) -> list[Due]:
    return store.deliveries.claim(limit, lease_s)


def sequence(due: Due) -> int:
    number: int = json.loads(due.body)["sequence"]
    return number


def count(store: SqlStore, table: Any) -> int:
    with store.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


# --- events ---------------------------------------------------------------------------------------


def test_an_event_says_what_happened_to_whom(store: SqlStore) -> None:
    batch = stores.created(store, webhook=HOOK, metadata={"a": "ü"})
    [due] = claim(store)
    body = json.loads(due.body)
    assert (due.url, due.owner, due.attempts, due.lease_token) == (HOOK, "ann", 0, 1)
    assert (body["type"], body["sequence"]) == ("batch.created", 1)
    assert body["timestamp"] == batch.created_at.isoformat().replace("+00:00", "Z")
    assert (body["data"]["id"], body["data"]["metadata"]) == (batch.id, {"a": "ü"})


def test_an_event_that_cannot_be_kept_undoes_its_move(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = store.batches.claim(stores.created(store, webhook=HOOK).id, LEASE_S)
    assert held is not None

    def broken(*args: Any, **named: Any) -> None:
        real(*args, **named)
        raise OSError("the machine goes down")

    real = outbox.emit
    monkeypatch.setattr(outbox, "emit", broken)
    with pytest.raises(OSError, match="goes down"):
        store.batches.move(held, State.FAILED, clock())
    monkeypatch.undo()
    assert store.batches.get(held.id) == held
    assert stores.told(store, held.id) == [(1, "batch.created")]
    assert count(store, deliveries) == 1


def test_a_move_that_fails_makes_no_event(store: SqlStore) -> None:
    old = store.batches.claim(stores.created(store, webhook=HOOK).id, OVER)
    assert old is not None
    assert store.batches.claim(old.id, LEASE_S) is not None
    with pytest.raises(Fenced):
        store.batches.move(old, State.FAILED, clock())
    assert count(store, events) == count(store, deliveries) == 1


def test_numbers_have_no_gap_and_no_repeat(store: SqlStore) -> None:
    held = [processing(store), processing(store)]

    def tell(number: int) -> None:
        for _ in range(5):
            store.predictions.tell(held[number % 2], "prediction.logs", clock(), logs="x")

    assert [one for one in stores.together(8, tell) if one is not None] == []
    for value in held:
        assert [number for number, _ in stores.told(store, value.id)] == list(range(1, 22))


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, 0),
        ({"webhook": HOOK}, 2),
        ({"webhook": HOOK, "webhook_events": ("logs",)}, 1),
        ({"webhook": HOOK, "webhook_events": ("prediction.start",)}, 1),
        ({"webhook": HOOK, "webhook_events": ("completed",)}, 0),
    ],
)
def test_only_what_is_wanted_is_delivered(
    store: SqlStore, changes: dict[str, Any], wanted: int
) -> None:
    held = processing(store, **changes)
    store.predictions.tell(held, "prediction.logs", clock(), logs="x")
    assert (count(store, events), count(store, deliveries)) == (2, wanted)


# --- deliveries -----------------------------------------------------------------------------------


def test_a_subjects_events_go_one_after_the_other(store: SqlStore) -> None:
    held = telling(store, 3)
    sent = []
    while lot := claim(store):
        assert len(lot) == 1
        assert claim(store) == []  # it is under way
        sent.append(sequence(lot[0]))
        assert store.deliveries.record(lot[0], "delivered", None, GOOD)
    assert sent == [1, 2, 3, 4]
    rows = store.deliveries.newest("ann", held.id, Page()).items
    assert [row["sequence"] for row in rows] == [4, 3, 2, 1]


def test_each_is_sent_by_one_of_many(store: SqlStore) -> None:
    for _ in range(12):
        telling(store, 1)

    def send(_: int) -> list[str]:
        mine = []
        while count(store, deliveries) > count(store, attempts):
            for due in claim(store, limit=3):
                mine.append(due.event_id)
                assert store.deliveries.record(due, "delivered", None, GOOD)
        return mine

    got = stores.together(6, send)
    assert [one for one in got if isinstance(one, Exception)] == []
    ids = [id for mine in got if isinstance(mine, list) for id in mine]
    assert len(ids) == len(set(ids)) == 24


def test_a_lost_attempt_is_made_again_and_the_lost_one_is_not_recorded(store: SqlStore) -> None:
    telling(store, 0)
    [old] = claim(store, lease_s=OVER)
    [new] = claim(store)
    assert (new.id, new.event_id, new.body) == (old.id, old.event_id, old.body)
    assert not store.deliveries.record(old, "delivered", None, GOOD)
    assert count(store, attempts) == 0
    assert store.deliveries.record(new, "delivered", None, GOOD)
    assert not store.deliveries.record(new, "exhausted", None, BAD)
    [row] = store.deliveries.newest("ann", None, Page()).items
    assert (row["state"], len(row["attempts"])) == ("delivered", 1)


def test_a_retry_waits_and_the_log_grows(store: SqlStore) -> None:
    telling(store, 0)
    [due] = claim(store)
    assert store.deliveries.record(due, "pending", 3600.0, BAD)
    assert claim(store) == []
    stores.put(store, deliveries, {"id": due.id}, next_at=0.0)
    [due] = claim(store)
    assert (due.attempts, due.lease_token) == (1, 2)
    assert store.deliveries.record(due, "delivered", None, GOOD)
    [row] = store.deliveries.newest("ann", None, Page()).items
    assert [(one["number"], one["status"], one["error"]) for one in row["attempts"]] == [
        (1, 500, "no"),
        (2, 200, None),
    ]


@pytest.mark.parametrize("state", ["exhausted", "cancelled", "delivered"])
def test_what_is_over_holds_nothing_back(store: SqlStore, state: str) -> None:
    telling(store, 1)
    [due] = claim(store)
    store.deliveries.record(due, state, None, BAD)
    assert [sequence(next_one) for next_one in claim(store)] == [2]


def test_what_is_tried_again_holds_its_subject_back_for_five_minutes(store: SqlStore) -> None:
    held = telling(store, 2)
    other = telling(store, 0)
    lot = claim(store)
    assert sorted(sequence(due) for due in lot) == [1, 1]
    for due in lot:
        store.deliveries.record(due, "pending", 3600.0, BAD)
    assert claim(store) == []
    age(store, held.id, 1, seconds=290.0)
    assert claim(store) == []
    age(store, held.id, 1, seconds=310.0)
    assert [sequence(due) for due in claim(store)] == [2]
    age(store, other.id, 1, seconds=310.0)  # its own next attempt is as far away as before
    assert claim(store) == []


def age(store: SqlStore, subject: str, number: int, seconds: float) -> None:
    where = {"subject": subject, "sequence": number}
    stores.put(store, deliveries, where, created_at=store.database.now() - seconds)


def test_what_is_sent_again_holds_what_follows_back_once_more(store: SqlStore) -> None:
    held = telling(store, 2)
    for number in (1, 2, 3):
        age(store, held.id, number, seconds=3600.0)
    lot = claim(store)
    assert sorted(map(sequence, lot)) == [1, 2, 3]  # each has waited its five minutes
    store.deliveries.record_all([(due, "exhausted", None, BAD) for due in lot])
    store.replays.some("ann", Range(missing=True), 99)
    sent = []
    while lot := claim(store):
        assert len(lot) == 1
        sent.append(sequence(lot[0]))
        assert store.deliveries.record(lot[0], "delivered", None, GOOD)
    assert sent == [1, 2, 3]


def news(store: SqlStore, *types: str, **changes: Any) -> Prediction:
    """A prediction that has begun and then told of these."""
    held = processing(store, webhook=HOOK, **changes)
    for type in types:
        store.predictions.tell(held, f"prediction.{type}", clock(), logs=type)
    return held


def states(store: SqlStore, held: Prediction) -> list[str]:
    """Of a subject's deliveries, in their order."""
    rows = store.deliveries.newest("ann", held.id, Page(limit=99)).items
    return [row["state"] for row in reversed(rows)]


def test_news_that_was_not_sent_gives_way_to_the_next_of_its_type(store: SqlStore) -> None:
    other = news(store, "output")
    held = news(store, "output", "logs", "output", "output")
    superseded, waits = "superseded", "pending"
    assert states(store, held) == [waits, superseded, waits, superseded, waits]
    assert states(store, other) == [waits, waits]
    numbers = []
    while lot := [due for due in claim(store) if due.subject == held.id]:
        numbers += map(sequence, lot)
        store.deliveries.record_all([(due, "delivered", None, GOOD) for due in lot])
    assert numbers == [1, 3, 5]


def test_news_that_is_under_way_does_not_give_way(store: SqlStore) -> None:
    held = news(store, "output")
    for _ in range(2):
        [due] = claim(store)
        if sequence(due) == 1:
            store.deliveries.record(due, "delivered", None, GOOD)
    store.predictions.tell(held, "prediction.output", clock(), logs="more")
    assert states(store, held) == ["delivered", "pending", "pending"]
    assert store.deliveries.record(due, "pending", 5.0, BAD)
    store.predictions.tell(held, "prediction.output", clock(), logs="and more")
    assert states(store, held) == ["delivered", "superseded", "superseded", "pending"]


def test_only_news_gives_way(store: SqlStore) -> None:
    held = news(store, "step", "step", "output")
    store.predictions.finish(held, PredictionState.SUCCEEDED, clock(), output="x")
    assert states(store, held) == ["pending"] * 5


def test_another_endpoint_is_not_held_back(store: SqlStore) -> None:
    held = telling(store, 1)
    stores.put(store, deliveries, {"subject": held.id, "sequence": 2}, url=f"{HOOK}/2")
    assert sorted(sequence(due) for due in claim(store)) == [1, 2]


def test_what_is_due_longest_goes_first(store: SqlStore) -> None:
    first, second = telling(store, 0), telling(store, 0)
    stores.put(store, deliveries, {"subject": second.id}, next_at=1.0)
    assert [json.loads(due.body)["data"]["id"] for due in claim(store, limit=1)] == [second.id]
    assert [json.loads(due.body)["data"]["id"] for due in claim(store, limit=1)] == [first.id]


def test_an_owner_sees_its_own_deliveries(store: SqlStore) -> None:
    held = telling(store, 1)
    telling(store, 0, owner="bob")

    def newest(owner: str, subject: str | None, **at: Any) -> tuple[dict[str, Any], ...]:
        return store.deliveries.newest(owner, subject, Page(**at)).items

    both = newest("ann", None)
    assert [row["type"] for row in both] == ["prediction.step", "prediction.start"]
    assert newest("ann", None, limit=1) == both[:1]
    assert newest("ann", None, after=both[0]["id"]) == both[1:]
    assert newest("ann", None, before=both[1]["id"]) == both[:1]
    assert newest("ann", held.id) == both
    assert newest("bob", held.id) == ()
    [row] = newest("bob", None)
    assert (row["url"], row["state"], row["attempts"]) == (HOOK, "pending", [])


def test_who_asked_for_openais_words_is_told_in_them(store: SqlStore) -> None:
    stores.an_endpoint(store, url="http://standing.test/hook", events=("batch.*",), format="openai")
    ours = stores.an_endpoint(store, url="http://ours.test/hook", events=("batch.*",))
    batch = stores.created(store, webhook=HOOK, webhook_format="openai")
    assert [due.endpoint for due in claim(store)] == [ours.id]  # they know no batch.created

    store.batches.stop(batch.id, "cancelled", clock())

    told = {due.url: due for due in claim(store) if due.url != ours.url}
    assert set(told) == {HOOK, "http://standing.test/hook"}
    for due in told.values():
        body = json.loads(due.body)
        at = body.pop("created_at")
        assert body == {
            "object": "event",
            "id": due.event_id,
            "type": "batch.cancelled",
            "data": {"id": batch.id},
        }
        assert abs(at - clock().timestamp()) < 60
    # what is sent again is the same
    for due in told.values():
        store.deliveries.record(due, "pending", 0.0, BAD)
    again = {due.url: due.body for due in claim(store) if due.url in told}
    assert again == {url: due.body for url, due in told.items()}
