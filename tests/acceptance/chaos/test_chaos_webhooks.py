"""A deliverer killed between the answer and its record, again and again: nothing lost or doubled.

Meanwhile the broker is emptied and the database crashes. `make chaos-webhooks` is the long version;
PENSTOCK_CHAOS_FAULTS chooses.
"""

import logging
import os
import shutil
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.acceptance.chaos import broker
from tests.acceptance.chaos.broker import Broker
from tests.acceptance.chaos.database import Database
from tests.acceptance.chaos.exact import Exact
from tests.acceptance.chaos.role import Role
from tests.acceptance.chaos.sight import connections_to
from tests.acceptance.chaos.stack import Stack
from tests.servers import tree
from tests.servers.penstock import until
from tests.servers.s3 import S3Server

KILLS = int(os.environ.get("PENSTOCK_CHAOS_FAULTS", "3"))
#: after every so many kills the broker is emptied, and the database crashes
FLUSH_EVERY, CRASH_EVERY = (4, 9) if KILLS > 10 else (2, 3)
MODEL = "demo/hello"
#: the receiver takes so long over each message
PAUSE_S = 0.4
#: between two predictions, which make two events each
EVERY_S = 1.0 if KILLS > 10 else 0.5
#: whoever is not stopped has recorded by then what was answered
RECORDED_S = 1.0
#: for one kill to find its moment; a deliverer needs some seconds to start
AIM_S = 120.0
#: for what has piled up meanwhile to be delivered
PATIENCE_S = 300.0 + 5.0 * KILLS
UNDER_WAY = (
    "SELECT event, lease_token FROM deliveries WHERE state = 'pending'"
    " AND lease_until > extract(epoch from clock_timestamp())"
)
OPEN = "SELECT id FROM predictions WHERE state IN ('starting', 'processing')"
OWED = "SELECT event FROM deliveries WHERE state NOT IN ('delivered', 'exhausted')"
#: an event, and the token of the lease under which it is sent
Lease = tuple[str, int]
log = logging.getLogger(__name__)


@dataclass
class World:
    """The set-up, and what it stands on."""

    stack: Stack
    rings: Broker
    database: Database
    folder: Path


@pytest.fixture
def world(s3_server: S3Server, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[World]:
    caplog.set_level(logging.INFO, "tests.acceptance.chaos")
    caplog.set_level(logging.WARNING, "httpx")
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="chaos-", dir="/tmp")))
        folder.chmod(0o711)  # PostgreSQL is another user
        for name in ("database", "broker", "receiver"):
            (folder / name).mkdir()
        rings = broker.started("redis", folder / "broker")
        ends.callback(rings.stop)
        database = Database(folder / "database")
        ends.callback(database.stop)
        stack = Stack(folder, database.url, rings.url, s3_server, brief=KILLS <= 10)
        yield World(stack, rings, database, folder)
        stack.stop()
        for one in folder.glob("*.log"):
            shutil.copy(one, tmp_path)


class Traffic:
    """Predictions, one after the other, all with the same webhook."""

    def __init__(self, stack: Stack, url: str) -> None:
        self._stack, self._url = stack, url
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        body = {"version": MODEL, "input": {"text": "x"}, "webhook": self._url}
        while not self._stop.wait(EVERY_S):
            # while the database is away the API says so: then there is one less
            with suppress(httpx.HTTPError, AssertionError):
                self._stack.client.call("POST", "/v1/predictions", json=body)

    def stop(self) -> None:
        """Ask for no more."""
        self._stop.set()
        self._thread.join()


def strike(world: World, receiver: Exact, known: set[Lease]) -> tuple[str, set[Lease]]:
    """Kill a deliverer that has an answer and no record of it; the leases of which that is shown.

    It is stopped first. What the receiver has taken since then and the database still has as under
    way a second later is its own: the other deliverer has recorded what it sent. `known` are
    those that were hit before, which nobody has until their leases run out.
    """
    end = time.monotonic() + AIM_S
    while time.monotonic() < end:
        role = until(lambda: sending(world.stack, receiver), AIM_S)
        with role.busy:
            tree.signal_all([role.pid], signal.SIGSTOP)
            time.sleep(PAUSE_S + RECORDED_S)
            taken, now = receiver.taken(), time.time()
            rows = world.stack.sight.rows(UNDER_WAY)
            flying = {(str(event), int(str(token))) for event, token in rows} - known
            hit = {lease for lease in flying if now - taken.get(lease[0], now) > RECORDED_S}
            tree.signal_all([role.pid], signal.SIGKILL if hit else signal.SIGCONT)
        if hit:
            return role.name, hit
    raise AssertionError("no deliverer was between an answer and its record")


def sending(stack: Stack, receiver: Exact) -> Role | None:
    """A deliverer that waits for an answer now."""
    roles = [role for role in stack.some("deliver") if role.alive]
    return next((role for role in roles if connections_to(receiver.port, [role.pid])), None)


def faults(world: World, receiver: Exact) -> tuple[Counter[str], list[set[str]]]:
    """All of them; how often each was done, and what lay between answer and record at each kill.

    On a busy machine some of that may be the other deliverer's, which records it later than that.
    """
    done: Counter[str] = Counter()
    hits: list[set[str]] = []
    known: set[Lease] = set()
    for number in range(1, KILLS + 1):
        name, hit = strike(world, receiver, known)
        known |= hit
        done["kills"] += 1
        hits.append({event for event, _ in hit})
        if number % FLUSH_EVERY == 0:
            done["flushes"] += 1
            world.rings.flush()
        if number % CRASH_EVERY == 0:
            done["crashes"] += 1
            world.database.restart()
        log.info("kill %d/%d: %s, %d answered and not recorded", number, KILLS, name, len(hit))
    return done, hits


@pytest.mark.slow
@pytest.mark.timeout(60 * KILLS + 900)
def test_no_event_is_lost_or_handled_twice(world: World) -> None:
    stack = world.stack
    stack.start(workers=1)
    stack.client.push("hello", MODEL)
    secret = stack.client.call("GET", "/v1/webhooks/default/secret")["key"]
    receiver = Exact(world.folder / "receiver", secret, PAUSE_S)
    try:
        began = time.monotonic()
        traffic = Traffic(stack, receiver.url)
        done, hits = faults(world, receiver)
        traffic.stop()
        left = stack.settled(lambda: _ids(stack, OPEN), PATIENCE_S)
        owed = stack.settled(lambda: _ids(stack, OWED), PATIENCE_S)
        seconds = time.monotonic() - began
        events = _ids(stack, "SELECT id FROM events")
        states = Counter(_ids(stack, "SELECT state FROM deliveries"))
    finally:
        receiver.stop()
    came, handled = receiver.came(), receiver.handled()
    log.info("%.0f s: %s; %d events, %s; %d messages came, %d of them again",
             seconds, dict(done), len(events), dict(states), len(came),
             len(came) - len({id for id, _ in came}))  # fmt: skip

    assert (left, owed) == ([], [])
    assert sum(states.values()) == len(events) > 0
    assert {id for id, _ in came} == set(events)  # no other id ever came
    assert len(set(came)) == len(events)  # and under one id never another body
    assert Counter(id for id, _, _ in handled) == Counter(events)
    times = Counter(id for id, _ in came)
    # each kill fell between an answer and its record: the receiver was told again
    assert [hit for hit in hits if all(times[id] < 2 for id in hit)] == []
    assert len(hits) == KILLS


def _ids(stack: Stack, query: str) -> list[str]:
    return [str(id) for (id,) in stack.sight.rows(query)]
