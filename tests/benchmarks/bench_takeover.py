"""Three workers, one killed in mid-shard: how long until it runs elsewhere, and what is redone."""

import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.chaos import broker
from tests.acceptance.chaos.ledger import Ledger
from tests.acceptance.chaos.role import Role
from tests.acceptance.chaos.stack import Stack
from tests.acceptance.chaos.traffic import SLOW, Traffic
from tests.benchmarks.figures import middle
from tests.benchmarks.report import say
from tests.ports.stores import new_database
from tests.servers import tree
from tests.servers.penstock import until
from tests.servers.s3 import S3Server

KILLS = 5
ROW_S = 0.25
#: far enough into a shard that something is lost
DONE = 12


@pytest.fixture
def stack(postgres_url: str, s3_server: S3Server) -> Iterator[Stack]:
    with (
        tempfile.TemporaryDirectory(prefix="chaos-", dir="/tmp") as name,
        new_database(postgres_url) as database,
    ):
        folder = Path(name)
        (folder / "broker").mkdir()
        rings = broker.started("redis", folder / "broker")
        made = Stack(folder, database, rings.url, s3_server)
        try:
            made.start(workers=3)
            yield made
        finally:
            made.stop()
            rings.stop()


def test_a_killed_workers_shard_runs_elsewhere(stack: Stack) -> None:
    traffic = Traffic(stack, Ledger(), seed=1)
    traffic.push(SLOW)
    waits, redone = [], []
    for _ in range(KILLS):
        traffic.submit("slow", SLOW, traffic.texts("slow", 60, ROW_S))
        worker, first, token, done = until(lambda: at_work(stack), 60)
        tree.signal_all(tree.tree(worker.pid), signal.SIGKILL)
        began = time.monotonic()
        query = f"SELECT 1 FROM shards WHERE first = {first} AND lease_token > {token}"
        until(lambda query=query: stack.sight.rows(f"{query} AND state = 'leased'"), 60)
        waits.append(time.monotonic() - began)
        redone.append(done * ROW_S)
        until(lambda: not traffic.left(), 120)
        until(lambda worker=worker: worker.alive, 60)
        clear(stack)
    figure = f"{middle(waits):.1f} s (worst {max(waits):.1f})"
    say("a killed worker's shard runs on another that was idle, after", figure, "10 s")
    figure = f"{middle(redone):.1f} s (worst {max(redone):.1f})"
    say("work of it that is done again", figure, "30 s")


def at_work(stack: Stack) -> tuple[Role, int, int, int] | None:
    """A worker in the middle of a shard: who, first row, token, rows done."""
    held = stack.sight.rows(
        "SELECT first, lease_token, progress FROM shards WHERE state = 'leased' ORDER BY first"
    )
    who = [role for role in stack.workers() if any(x.startswith("shard-") for x in role.begun())]
    if len(held) != 1 or len(who) != 1 or int(str(held[0][2])) < DONE:
        return None
    first, token, done = (int(str(word)) for word in held[0])
    return who[0], first, token, done


def clear(stack: Stack) -> None:
    """Wait until no worker has anything begun."""
    until(lambda: not any(role.begun() for role in stack.workers()), 60)
