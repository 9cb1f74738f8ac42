"""Faults at random, one seed: nothing is lost, doubled, out of order or written over.

`make chaos` is the long version. PENSTOCK_CHAOS_FAULTS, _SEED and _BROKER choose; the log says what
was done and what it landed on, and with the same seed the same faults come in the same order.
"""

import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.acceptance.chaos import broker, clock, disk
from tests.acceptance.chaos.checker import Checker
from tests.acceptance.chaos.database import Database
from tests.acceptance.chaos.ledger import Ledger
from tests.acceptance.chaos.plan import WEIGHTS, plan
from tests.acceptance.chaos.sight import left_behind
from tests.acceptance.chaos.stack import Stack
from tests.acceptance.chaos.strike import Parts, Striker
from tests.acceptance.chaos.traffic import Traffic
from tests.servers.process import Unavailable, lacking
from tests.servers.s3 import S3Server

FAULTS = int(os.environ.get("PENSTOCK_CHAOS_FAULTS", "0"))
SEED = int(os.environ.get("PENSTOCK_CHAOS_SEED", "1"))
BROKERS = os.environ.get("PENSTOCK_CHAOS_BROKER", "rabbitmq,redis").split(",")
#: a fault in so many seconds, on average; the short version, which has each kind of fault on one of
#: the brokers, has to be over soon
EVERY_S, SLOW_ROWS, OPEN, WORKERS = (3.6, 150, 7, 3) if FAULTS else (1.2, 24, 5, 2)
#: for all that is under way to end once nothing goes wrong any more
PATIENCE_S = 300.0
log = logging.getLogger(__name__)


@dataclass
class World:
    """The set-up, and what it stands on."""

    stack: Stack
    parts: Parts
    kinds: list[str]


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "tests.acceptance.chaos")
    caplog.set_level(logging.WARNING, "httpx")


@pytest.fixture(params=BROKERS)
def world(request: pytest.FixtureRequest, s3_server: S3Server, tmp_path: Path) -> Iterator[World]:
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="chaos-", dir="/tmp")))
        folder.chmod(0o711)  # PostgreSQL is another user
        for name in ("database", "broker"):
            (folder / name).mkdir()
        try:
            rings = broker.started(request.param, folder / "broker")
        except Unavailable as reason:
            lacking(reason)
        ends.callback(rings.stop)
        database = Database(folder / "database")
        ends.callback(database.stop)
        stack = Stack(folder, database.url, rings.url, s3_server, brief=not FAULTS)
        kinds, disks = list(WEIGHTS), {}
        if disk.possible(folder / "probe"):
            disks = {f"worker-{n}": disk.SmallDisk(folder / f"worker-{n}") for n in range(WORKERS)}
            for one in disks.values():
                ends.callback(one.close)
        else:
            kinds.remove("disk_full")
            log.info("no disk can be filled: this machine lets us mount none")
        clocks = clock.Clocks(folder / "clocks")
        if not clocks.there:
            kinds.remove("clock_jump")
            log.info("no clock can be put forward: there is no C compiler")
        stack.own = clocks.environment
        yield World(stack, Parts(rings, database.restart, disks, clocks), kinds)
        stack.stop()
        for one in folder.glob("*.log"):
            shutil.copy(one, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(FAULTS * 20 + 900)
def test_whatever_fails_nothing_is_lost(world: World, request: pytest.FixtureRequest) -> None:
    stack, ledger = world.stack, Ledger()
    name = request.node.callspec.params["world"]
    kinds = world.kinds if FAULTS else world.kinds[BROKERS.index(name) :: len(BROKERS)]
    faults = plan(SEED, FAULTS or len(kinds), kinds, EVERY_S)
    log.info("seed %d, %d faults in %.0f s, PostgreSQL + %s + %s; kinds: %s",
             SEED, len(faults), faults[-1].at_s, name, stack.s3_server.what,
             ", ".join(kinds))  # fmt: skip
    stack.start(WORKERS)
    traffic = Traffic(stack, ledger, SEED, SLOW_ROWS, OPEN)
    traffic.push()
    traffic.start()
    striker = Striker(stack, world.parts, traffic, ledger)
    began = time.monotonic()
    totals = striker.run(faults)
    seconds = time.monotonic() - began
    traffic.stop()
    left = stack.settled(traffic.left, PATIENCE_S)
    owed = stack.settled(lambda: _owed(stack), PATIENCE_S)
    ids = {str(id) for (id,) in stack.sight.rows("SELECT id FROM events")}
    statuses = stack.stop()

    arrivals = stack.receiver.arrivals()  # type: ignore[union-attr]
    checker = Checker(ledger, arrivals, stack.events(), stack.s3, stack.store, stack.results)
    wrong = checker.found()
    fell = {name: role.fell for name, role in stack.roles.items() if role.fell}
    log.info("%d faults in %.0f s: %s", sum(totals.done.values()), seconds, dict(totals.done))
    log.info("they landed on %s; %d on nothing: %s", dict(totals.landed), len(totals.missed),
             totals.missed)  # fmt: skip
    log.info("%d batches, %d predictions, %d events, %d arrivals; %d shards done again; requests"
             " asked again %d; ends by itself: %s", len(ledger.batches), len(ledger.predictions),
             len(ids), len(arrivals), checker.redone, traffic.asked_again, fell)  # fmt: skip
    for what in wrong:
        log.error("%s", what)

    assert left == [], "these never ended"
    assert owed == [], "these deliveries are still owed"
    assert wrong == []
    assert set(arrivals) == ids
    assert set(statuses.values()) <= {0}, statuses
    # at its start a process may find that the database is away, and says so; later none may end
    assert {code for codes in fell.values() for code in codes} <= {2}
    places = [role.data for role in stack.roles.values()]
    assert stack.settled(lambda: left_behind(places), 20) == []
    assert len(totals.missed) <= max(2, FAULTS / 10)
    assert checker.redone > 0 or not FAULTS


def _owed(stack: Stack) -> list[str]:
    query = "SELECT event FROM deliveries WHERE state != 'delivered'"
    return [str(event) for (event,) in stack.sight.rows(query)]
