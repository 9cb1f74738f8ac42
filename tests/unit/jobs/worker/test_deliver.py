"""The engine on a real database and real sockets: nobody waits, nothing is lost."""

import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from jobs.adapters.sql.database import Database
from jobs.adapters.sql.store import SqlStore
from jobs.adapters.sql.tables import attempts, deliveries
from jobs.worker.deliver import Deliver
from tests.ports import stores
from tests.servers.endpoint import OK, Endpoint, never_ends, says, status
from webhooks.endpoints import EACH
from webhooks.keys import new_secret
from webhooks.sender import Sender
from webhooks.signing import HEADERS, Verifier

SECRET = new_secret()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    database = Database(stores.with_tables(tmp_path / "penstock.db"))
    yield SqlStore(database, stores.URL)
    database.close()


@pytest.fixture
def sender() -> Iterator[Sender]:
    sender = Sender(allow=(ip_network("127.0.0.0/8"),), timeout_s=60, at_once=64)
    yield sender
    sender.close()


@pytest.fixture
def deliver(store: SqlStore, sender: Sender) -> Deliver:
    return Deliver(store, sender, lambda owner: SECRET)


def owe(store: SqlStore, url: str, times: int = 1, owner: str = "ann") -> None:
    """Make deliveries, each of a batch of its own."""
    for _ in range(times):
        stores.created(store, webhook=url, owner=owner)


def states(store: SqlStore) -> Counter[str]:
    with store.database.read() as connection:
        return Counter(connection.execute(select(deliveries.c.state)).scalars())


def log(store: SqlStore) -> list[Any]:
    with store.database.read() as connection:
        return list(connection.execute(select(attempts).order_by(attempts.c.at)).mappings())


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def verified(request: bytes) -> tuple[str, int, Any]:
    """Id, timestamp and event of a request, if its signature holds."""
    head, _, body = request.partition(b"\r\n\r\n")
    lines = [line.partition(": ") for line in head.decode().split("\r\n")]
    headers = {name: value for name, _, value in lines if name in HEADERS}
    message = Verifier([SECRET]).verify(headers, body, time.time())
    return message.id, message.timestamp, json.loads(body)


def make_due(store: SqlStore) -> None:
    """Let the waiting and the leases be over."""
    with store.database.write() as connection:
        connection.execute(deliveries.update().values(next_at=0.0, lease_until=None))


def test_what_is_owed_is_sent_signed_and_recorded(store: SqlStore, deliver: Deliver) -> None:
    with Endpoint(says(OK)) as endpoint:
        owe(store, endpoint.url, 100)
        assert deliver.run() == 100
    assert len({verified(request)[0] for request in endpoint.requests}) == 100
    assert states(store) == {"delivered": 100}
    assert {(row["status"], row["number"], row["body_start"]) for row in log(store)} == {
        (200, 1, b"ok")
    }
    assert deliver.run() == 0


def test_a_server_that_hangs_delays_nobody_else(store: SqlStore, deliver: Deliver) -> None:
    with Endpoint(never_ends(b"", b"", 0.1)) as slow, Endpoint(says(OK)) as quick:
        owe(store, slow.url, 3 * EACH)  # earlier, and more than all that one may have
        owe(store, quick.url, 20)
        engine = threading.Thread(target=deliver.run, daemon=True)
        engine.start()
        until(lambda: len(quick.requests) == 20)
        owe(store, quick.url, 5)  # while the other still hangs
        until(lambda: len(quick.requests) == 25)
        until(lambda: states(store)["delivered"] == 25)
        assert slow.connections == EACH
        assert states(store)["pending"] == 3 * EACH
        assert engine.is_alive()
    engine.join(60)
    assert not engine.is_alive()


def test_what_waits_for_one_server_is_not_claimed_again_and_again(
    store: SqlStore, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    released, release = [], store.deliveries.release

    def counted(held: list[Any]) -> None:
        released.extend(held)
        release(held)

    monkeypatch.setattr(store.deliveries, "release", counted)
    with Endpoint(slowly) as endpoint:
        owe(store, endpoint.url, 400)
        deliver.run()
    assert states(store) == {"delivered": 400}
    assert len(released) < 5 * 400


def slowly(connection: socket.socket, request: bytes) -> None:
    """It takes a little while."""
    time.sleep(0.02)
    connection.sendall(OK)


def test_an_attempt_that_outlives_its_lease_goes_on(store: SqlStore, deliver: Deliver) -> None:
    """This process stood still for longer than that, or waited for the database."""
    let_go = threading.Event()

    def held(connection: socket.socket, request: bytes) -> None:
        let_go.wait(60)
        connection.sendall(OK)

    with Endpoint(held) as endpoint:
        owe(store, endpoint.url, 2)
        engine = threading.Thread(target=deliver.run, daemon=True)
        engine.start()
        until(lambda: len(endpoint.requests) == 2)
        make_due(store)
        until(lambda: leases(store) == [2, 2])
        let_go.set()
        engine.join(60)
        assert (engine.is_alive(), len(endpoint.requests)) == (False, 2)
        assert states(store) == {"delivered": 2}
        owe(store, endpoint.url, EACH)  # no slot is held by what nobody waits for
        deliver.run()
    assert states(store) == {"delivered": 2 + EACH}


def leases(store: SqlStore) -> list[int]:
    """How often each delivery was claimed."""
    with store.database.read() as connection:
        return list(connection.execute(select(deliveries.c.lease_token)).scalars())


def test_a_failed_delivery_is_sent_again_with_the_same_id(
    store: SqlStore, deliver: Deliver
) -> None:
    with Endpoint(status(500)) as endpoint:
        owe(store, endpoint.url)
        deliver.run()
        assert states(store) == {"pending": 1}
        assert deliver.run() == 0  # not due yet
        time.sleep(1.1)  # timestamps are whole seconds
        make_due(store)
        assert deliver.run() == 1
    (first, second) = map(verified, endpoint.requests)
    assert first[0] == second[0]
    assert first[1] < second[1]
    assert first[2] == second[2]
    assert [(row["number"], row["status"]) for row in log(store)] == [(1, 500), (2, 500)]


def test_an_attempt_that_could_not_be_recorded_is_made_again(
    store: SqlStore, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: object) -> set[str]:
        raise OSError("the database is away")

    with Endpoint(says(OK)) as endpoint:
        owe(store, endpoint.url, 3)
        monkeypatch.setattr(store.deliveries, "record_all", broken)
        deliver.run()
        assert states(store) == {"pending": 3}
        monkeypatch.undo()
        assert deliver.run() == 0  # the lease is still running
        make_due(store)
        deliver.run()
    assert states(store) == {"delivered": 3}
    assert sorted(Counter(verified(one)[0] for one in endpoint.requests).values()) == [2, 2, 2]


def test_gone_cancels_all_that_waits_for_that_address(store: SqlStore, deliver: Deliver) -> None:
    with Endpoint(status(410)) as gone, Endpoint(says(OK)) as other:
        owe(store, gone.url)
        deliver.run()
        assert states(store) == {"cancelled": 1}
        owe(store, other.url)
        owe(store, gone.url, 30)
        owe(store, gone.url, owner="bob")
        with store.database.write() as connection:  # only the first of ann's is due
            rows = select(deliveries.c.id).where(deliveries.c.url == gone.url)
            rows = rows.where(deliveries.c.owner == "ann", deliveries.c.state == "pending")
            ids = list(connection.execute(rows).scalars())
            later = deliveries.update().where(deliveries.c.id.in_(ids[1:]))
            connection.execute(later.values(next_at=time.time() + 3600))
        deliver.run()
    assert states(store) == {"cancelled": 32, "delivered": 1}
    assert len(gone.requests) == 3  # the first, ann's one that was due, and bob's


def test_a_busy_server_is_left_alone(store: SqlStore, deliver: Deliver) -> None:
    with Endpoint(status(429, "retry-after: 600")) as busy, Endpoint(says(OK)) as other:
        owe(store, busy.url)
        deliver.run()
        owe(store, busy.url, 10)
        owe(store, other.url)
        deliver.run()
    assert len(busy.requests) == 1
    assert states(store) == {"pending": 11, "delivered": 1}


def test_one_owners_broken_secret_is_its_own_trouble(store: SqlStore, sender: Sender) -> None:
    def secret(owner: str) -> str:
        return {"ann": SECRET}[owner]

    with Endpoint(says(OK)) as endpoint:
        owe(store, endpoint.url, owner="bob")
        owe(store, endpoint.url, 20)
        Deliver(store, sender, secret).run()
    assert states(store) == {"pending": 1, "delivered": 20}
    (failed,) = [row for row in log(store) if row["status"] is None]
    assert "signing secret" in failed["error"]


def test_an_address_that_cannot_be_sent_to_is_its_own_trouble(
    store: SqlStore, deliver: Deliver
) -> None:
    with Endpoint(says(OK)) as endpoint:
        owe(store, "http://ex\u00e4mple.invalid/")
        owe(store, endpoint.url, 3)
        deliver.run()
    assert states(store) == {"pending": 1, "delivered": 3}


def test_a_server_whose_name_begins_alike_is_another(store: SqlStore) -> None:
    for url in ("http://a.test:80/x", "http://a.test:8080/x", "http://a.test:80?x"):
        owe(store, url)
    found = store.deliveries.claim(9, 60.0, apart=["http://a.test:80"])
    assert [due.url for due in found] == ["http://a.test:8080/x"]


def test_what_is_released_can_be_claimed_at_once(store: SqlStore) -> None:
    owe(store, "http://a.test/", 2)
    first, second = store.deliveries.claim(9, 60.0)
    store.deliveries.release([first])
    assert [due.id for due in store.deliveries.claim(9, 60.0)] == [first.id]
    store.deliveries.release([first])  # somebody else's by now
    assert store.deliveries.claim(9, 60.0) == []
    assert store.deliveries.record(second, "delivered", None, {"duration_s": 0.1})
