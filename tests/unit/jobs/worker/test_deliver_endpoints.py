"""The engine and standing endpoints: their own secrets, and what ends them."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from jobs.adapters.seal import FernetSealer
from jobs.adapters.sql.database import Database
from jobs.adapters.sql.store import SqlStore
from jobs.adapters.sql.tables import deliveries, endpoints
from jobs.core.caller import Caller
from jobs.core.endpoint import DAY_S, Endpoint, Reason, State
from jobs.core.page import Page
from jobs.services.endpoints import Endpoints
from jobs.worker.deliver import Deliver
from jobs.worker.health import LEAST, Health
from tests.ports import stores
from tests.servers import endpoint as sockets
from tests.servers.endpoint import OK, says, status
from webhooks.errors import VerificationError
from webhooks.keys import new_secret
from webhooks.sender import Sender
from webhooks.signing import HEADERS, Verifier

SECRET = new_secret()
LOOPBACK = (ip_network("127.0.0.0/8"),)
ANN = Caller("ann")


class World:
    """A store, the use cases and an engine that knows its endpoints' secrets."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(stores.with_tables(folder / "penstock.db"))
        self.store = SqlStore(self.database, stores.URL)
        self.now = datetime.now(UTC)
        sealer = FernetSealer((Fernet.generate_key().decode(),))
        self.endpoints = Endpoints(self.store, sealer, self.clock, LOOPBACK)
        self.sender = Sender(allow=LOOPBACK, timeout_s=60, at_once=64)
        self.deliver = Deliver(
            self.store,
            self.sender,
            lambda owner: SECRET,
            keys=self.endpoints.keys,
            health=Health(self.store, self.clock),
        )

    def clock(self) -> datetime:
        return self.now

    def standing(self, url: str, **fields: Any) -> tuple[Endpoint, str]:
        return self.endpoints.create(ANN, {"url": url} | fields)

    def run(self, times: int = 1) -> None:
        """Send what is due, as if every wait were over."""
        for _ in range(times):
            self.deliver.run()
            with self.database.write() as connection:
                connection.execute(deliveries.update().values(next_at=0.0))

    def seen(self, one: Endpoint) -> Endpoint:
        return self.endpoints.get(ANN, one.id)

    def close(self) -> None:
        self.sender.close()
        self.database.close()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


def verified(request: bytes, secret: str) -> Any:
    head, _, body = request.partition(b"\r\n\r\n")
    lines = [line.partition(": ") for line in head.decode().split("\r\n")]
    headers = {name: value for name, _, value in lines if name in HEADERS}
    Verifier([secret]).verify(headers, body, time.time())
    return json.loads(body)


def test_what_an_endpoint_gets_is_signed_for_it_alone(world: World) -> None:
    with sockets.Endpoint(says(OK)) as one, sockets.Endpoint(says(OK)) as other:
        _, first = world.standing(one.url)
        _, second = world.standing(other.url)
        stores.created(world.store, webhook=one.url)
        world.deliver.run()
    verified(other.requests[0], second)
    assert len(one.requests) == 2  # the batch names it too
    by_first = [fits(request, first) for request in one.requests]
    assert sorted(by_first) == [False, True]
    verified(one.requests[by_first.index(False)], SECRET)


def fits(request: bytes, secret: str) -> bool:
    try:
        verified(request, secret)
    except VerificationError:
        return False
    return True


def test_both_secrets_sign_until_the_old_one_ends(world: World) -> None:
    with sockets.Endpoint(says(OK)) as there:
        one, old = world.standing(there.url)
        _, new, until = world.endpoints.rotate(ANN, one.id, {"overlap_s": 60})
        assert until is not None
        stores.created(world.store)
        world.deliver.run()
        world.endpoints.rotate(ANN, one.id, {"overlap_s": 0})
        stores.created(world.store)
        world.deliver.run()
    overlap, after = there.requests
    assert [fits(overlap, secret) for secret in (old, new)] == [True, True]
    assert [fits(after, secret) for secret in (old, new)] == [False, False]


def test_410_ends_an_endpoint_and_tells_the_owners_others(world: World, caplog: Any) -> None:
    with sockets.Endpoint(status(410)) as gone, sockets.Endpoint(says(OK)) as other:
        one, _ = world.standing(gone.url)
        _, secret = world.standing(other.url, events=["endpoint.*"])
        named = stores.created(world.store, webhook=gone.url, owner="bob")
        stores.created(world.store)
        world.deliver.run()
        seen = world.seen(one)
        assert (seen.state, seen.reason) == (State.DISABLED, Reason.GONE)
        stores.created(world.store)
        world.deliver.run()
    assert len(gone.requests) == 2  # ann's first, and bob's, who is somebody else
    assert world.store.deliveries.newest("bob", named.id, Page()).items[0]["endpoint"] == ""
    [told] = other.requests
    event = verified(told, secret)
    assert (event["type"], event["data"]["id"]) == ("endpoint.disabled", one.id)
    assert event["data"]["disabled_reason"] == "gone"
    assert f"endpoint {one.id} of ann is disabled: it answered 410" in caplog.text


def test_an_address_that_is_gone_for_a_batch_is_not_gone_for_an_endpoint(world: World) -> None:
    """What a batch names is cancelled by its 410; the endpoint's own answer counts for it."""
    answers = iter([410, 200])

    def manner(connection: Any, request: bytes) -> None:
        status(next(answers))(connection, request)

    with sockets.Endpoint(manner) as there:
        one, secret = world.standing(there.url)
        stores.created(world.store, webhook=there.url)
        stores.put(world.store, deliveries, {"endpoint": one.id}, next_at=time.time() + 3600)
        world.run()
        assert not fits(there.requests[0], secret)
        world.run()
    assert world.seen(one).state is State.ENABLED
    verified(there.requests[1], secret)


def failing(world: World, one: Endpoint, days: float) -> None:
    """Let it have failed for so long."""
    since = world.database.now() - days * DAY_S
    where = {"id": one.id}
    stores.put(world.store, endpoints, where, failing_since=since)


def test_one_that_takes_nothing_for_five_days_is_disabled(world: World, caplog: Any) -> None:
    with sockets.Endpoint(status(500)) as broken:
        one, _ = world.standing(broken.url)
        stores.created(world.store)
        world.run(LEAST - 2)
        failing(world, one, 6)
        world.run()
        assert world.seen(one).state is State.ENABLED  # too few attempts to judge by
        failing(world, one, 4.9)
        world.run()
        assert world.seen(one).state is State.ENABLED
        failing(world, one, 5.1)
        world.run()
        assert (world.seen(one).state, world.seen(one).reason) == (State.DISABLED, Reason.FAILING)
        tried = len(broken.requests)
        stores.created(world.store)
        world.run()
    assert len(broken.requests) == tried == LEAST + 1
    assert "took nothing" in caplog.text


def test_one_success_is_enough_to_go_on(world: World) -> None:
    answers = iter([500] * LEAST + [200] + [500] * 3)

    def manner(connection: Any, request: bytes) -> None:
        status(next(answers))(connection, request)

    with sockets.Endpoint(manner) as there:
        one, _ = world.standing(there.url)
        stores.created(world.store)
        world.run(LEAST)
        assert world.seen(one).failing_since is not None
        failing(world, one, 6)
        world.run()
        assert world.seen(one).failing_since is None
        stores.created(world.store)
        world.run(3)
        assert world.seen(one).state is State.ENABLED
        seen = world.seen(one)
    assert seen.failing_since is not None
    assert datetime.now(UTC) - seen.failing_since < timedelta(hours=1)


def test_one_whose_secrets_cannot_be_opened_is_not_blamed(world: World) -> None:
    with sockets.Endpoint(says(OK)) as there:
        one, _ = world.standing(there.url)
        stores.created(world.store)
        other = FernetSealer((Fernet.generate_key().decode(),))
        keys = Endpoints(world.store, other, world.clock, LOOPBACK).keys
        health = Health(world.store, world.clock)
        Deliver(world.store, world.sender, lambda owner: SECRET, keys=keys, health=health).run()
    assert there.requests == []
    assert world.seen(one).failing_since is None


def test_an_endpoint_has_no_more_at_once_than_it_asked_for(world: World) -> None:
    lock = threading.Lock()
    at_once, most = 0, 0

    def manner(connection: Any, request: bytes) -> None:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        time.sleep(0.02)
        with lock:
            at_once -= 1
        says(OK)(connection, request)

    with sockets.Endpoint(manner) as there:
        world.standing(there.url, concurrency=2)
        for _ in range(20):
            stores.created(world.store)
        deadline = time.monotonic() + 60
        while len(there.requests) < 20 and time.monotonic() < deadline:
            world.deliver.run()
    assert len(there.requests) == 20
    assert most <= 2
