"""An owner's events in an order in which none is missed, whoever commits when."""

import threading
from typing import Any

import pytest
from sqlalchemy import select

from jobs.adapters.sql import outbox
from jobs.adapters.sql.database import now
from jobs.adapters.sql.feed import Place
from jobs.adapters.sql.store import SqlStore
from jobs.adapters.sql.tables import events, secrets
from jobs.core.events import TYPES, Event
from tests.ports import stores
from tests.ports.stores import clock

BEGINNING: Place = (0.0, "")


def emit(store: SqlStore, subject: str, owner: str = "ann", type: str = "batch.created") -> None:
    with store.database.write() as connection:
        tell(connection, subject, owner, type)


def tell(connection: Any, subject: str, owner: str = "ann", type: str = "batch.created") -> None:
    event = Event(type, subject, clock())
    outbox.emit(connection, event, {"id": subject}, owner=owner, url=None, filter=())


def after(store: SqlStore, place: Place = BEGINNING, **changes: Any) -> list[str]:
    """Subjects of what comes after a place."""
    asked = {"owner": "ann", "types": TYPES, "limit": 100} | changes
    return [one["subject"] for one in store.feed.after(place=place, **asked).items]


def test_events_come_in_the_order_in_which_they_were_written(store: SqlStore) -> None:
    for number in range(20):
        emit(store, f"batch_{number}")
    assert after(store) == [f"batch_{number}" for number in range(20)]


def test_those_of_one_write_come_in_the_order_in_which_they_were_told(store: SqlStore) -> None:
    told = [("ann" if number % 3 else "bob", f"batch_{number}") for number in range(40)]
    news = [
        outbox.News(Event("batch.created", id, clock()), {"id": id}, owner, url=None, filter=())
        for owner, id in told
    ]
    with store.database.write() as connection:
        outbox.emit_all(connection, news, fresh=True)
    for owner in ("ann", "bob"):
        wanted, found = [id for whose, id in told if whose == owner], after(store, owner=owner)
        if not store.database.sqlite:  # there those of one statement may have the same moment
            wanted, found = sorted(wanted), sorted(found)
        assert found == wanted


def test_one_asks_on_from_where_one_stopped(store: SqlStore) -> None:
    for number in range(5):
        emit(store, f"batch_{number}")
    seen, place, later = [], BEGINNING, True
    while later:
        found = store.feed.after("ann", place, TYPES, 2)
        seen += [one["subject"] for one in found.items]
        place, later = found.items[-1]["place"], found.later
    assert seen == [f"batch_{number}" for number in range(5)]
    assert after(store, place) == []
    emit(store, "batch_5")
    assert after(store, place) == ["batch_5"]


def test_an_owner_is_told_of_its_own_and_of_the_types_it_wants(store: SqlStore) -> None:
    emit(store, "batch_ann")
    emit(store, "batch_bob", owner="bob")
    emit(store, "pred_ann", type="prediction.completed")
    assert after(store) == ["batch_ann", "pred_ann"]
    assert after(store, owner="bob") == ["batch_bob"]
    assert after(store, types={"prediction.completed"}) == ["pred_ann"]


def test_the_end_is_behind_all_there_is(store: SqlStore) -> None:
    emit(store, "batch_old")
    place = store.feed.end()
    emit(store, "batch_new")
    assert after(store, place) == ["batch_new"]


def test_an_event_is_the_bytes_that_are_delivered(store: SqlStore) -> None:
    batch = stores.created(store, webhook=stores.HOOK)
    [due] = store.deliveries.claim(1, 60.0)
    [told] = store.feed.after("ann", BEGINNING, TYPES, 9).items
    assert (told["id"], told["body"]) == (due.event_id, due.body)
    assert (told["subject"], told["sequence"]) == (batch.id, 1)


def test_what_commits_late_is_not_missed(store: SqlStore) -> None:
    """Two writers, of whom the first to write an event is the last to commit."""
    written, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with store.database.write() as connection:
            tell(connection, "batch_slow")
            written.set()
            assert go_on.wait(30)

    def quick() -> None:
        emit(store, "batch_quick")

    threads = [threading.Thread(target=slow), threading.Thread(target=quick)]
    threads[0].start()
    assert written.wait(30)
    threads[1].start()
    if not store.database.sqlite:  # there the second writer waits for the first
        threads[1].join(30)
    seen, place = [], BEGINNING
    try:
        found = store.feed.after("ann", place, TYPES, 9).items  # a reader in between
        seen = [one["subject"] for one in found]
        place = found[-1]["place"] if found else place
    finally:
        go_on.set()
        for thread in threads:
            thread.join(30)
    assert sorted(seen + after(store, place)) == ["batch_quick", "batch_slow"]


def test_many_writers_and_a_reader_who_asks_on_and_on(store: SqlStore) -> None:
    total, place = 60, BEGINNING
    seen: list[str] = []
    writers = [
        threading.Thread(
            target=lambda n=number: [emit(store, f"batch_{n}_{k}") for k in range(total // 6)]
        )
        for number in range(6)
    ]
    for writer in writers:
        writer.start()
    ended = False
    while not ended:
        written = not any(writer.is_alive() for writer in writers)
        found = store.feed.after("ann", place, TYPES, 7).items
        seen += [one["subject"] for one in found]
        place = found[-1]["place"] if found else place
        ended = written and not found
    assert sorted(seen) == sorted(f"batch_{n}_{k}" for n in range(6) for k in range(total // 6))


@pytest.mark.parametrize("migrated", ["sqlite"], indirect=True)
def test_a_clock_that_goes_back_does_not_hide_events(store: SqlStore) -> None:
    """The clock of this machine; that of a database server cannot be turned back here."""
    emit(store, "batch_1")
    stores.put(store, events, {"subject": "batch_1"}, told_at=now() + 3600.0)
    [told] = store.feed.after("ann", BEGINNING, TYPES, 9).items
    emit(store, "batch_2")
    assert after(store, told["place"]) == ["batch_2"]


def test_who_only_reads_for_long_holds_nothing_back(store: SqlStore) -> None:
    """A backup, say."""
    with store.database.read() as connection:
        connection.execute(select(secrets)).all()
        emit(store, "batch_1")
        assert after(store) == ["batch_1"]
