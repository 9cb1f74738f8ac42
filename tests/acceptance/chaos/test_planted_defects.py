"""The checker catches what it is for: each defect is planted in real workers, and is found.

Few faults are enough, since each is aimed at the moment in which the defect shows. All else that
runs is sound, and the same for all of them.
"""

import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from celery import Celery

from tests.acceptance.chaos import broker
from tests.acceptance.chaos.checker import Checker
from tests.acceptance.chaos.ledger import Ledger
from tests.acceptance.chaos.role import Role
from tests.acceptance.chaos.stack import Stack
from tests.acceptance.chaos.traffic import BUNDLES, SLOW, Traffic
from tests.ports.stores import new_database
from tests.servers import tree
from tests.servers.penstock import until
from tests.servers.s3 import S3Server

PATIENCE_S = 120.0
#: of a version that nobody has measured
SHARD_ROWS = 64
pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


class Trial:
    """Workers with one defect, and one batch for them, of a model that nobody has measured."""

    def __init__(self, stack: Stack, defect: str) -> None:
        self.stack = stack
        self.defect = defect
        self.model = f"demo/{defect}"
        self.ledger = Ledger()
        self.traffic = Traffic(stack, self.ledger, seed=1)
        self.batch = ""
        self._workers: list[str] = []

    def begin(self) -> None:
        """The first worker, and the model."""
        self.worker(0)
        done = self.stack.client.cli("push", str(BUNDLES[SLOW]), self.model)
        assert done.returncode == 0, done.stderr

    def worker(self, number: int) -> Role:
        """One more worker, with the defect, that listens by now."""

        def command(name: str) -> list[str]:
            module = "tests.acceptance.chaos.defects"
            return [sys.executable, "-m", module, self.defect, "worker", "--name", name]

        role = self.stack.worker(number, command)
        self._workers.append(role.name)
        with Celery(broker=self.stack.broker) as broker:
            until(lambda: len(broker.control.ping(timeout=1.0)) > number, PATIENCE_S)
        return role

    def spare(self) -> list[int]:
        """One more worker, which stands still."""
        pids = [self.worker(1).pid]
        tree.signal_all(pids, signal.SIGSTOP)
        return pids

    def submit(self, *parts: tuple[int, float]) -> str:
        """One batch of so many rows that take so long each, and so on; its id."""
        rows = [
            row
            for count, seconds in parts
            for row in self.traffic.texts(self.defect, count, seconds)
        ]
        id = self.traffic.submit(self.defect, self.model, rows).id
        assert id is not None
        self.batch = id
        return id

    def held(self) -> tuple[tuple[Any, ...], ...]:
        """(first row, token, rows that are done) of the shards that are held now."""
        return self.shards("first, lease_token, progress", "state = 'leased'")

    def shards(self, columns: str, which: str) -> tuple[tuple[Any, ...], ...]:
        """Of some shards of the batch these columns, in the order of these."""
        query = f"SELECT {columns} FROM shards WHERE batch = '{self.batch}' AND {which}"
        return self.stack.sight.rows(f"{query} ORDER BY {columns}")

    def verdict(self) -> str:
        """What the checker says once everything has ended."""
        assert self.stack.settled(self.traffic.left, PATIENCE_S) == []
        assert self.stack.settled(self._owed, PATIENCE_S) == []
        arrivals = self.stack.receiver.arrivals()  # type: ignore[union-attr]
        told = self.stack.events()
        stack = self.stack
        checker = Checker(self.ledger, arrivals, told, stack.s3, stack.store, stack.results)
        return "\n".join(checker.found())

    def _owed(self) -> list[str]:
        query = "SELECT event FROM deliveries WHERE state != 'delivered'"
        return [str(event) for (event,) in self.stack.sight.rows(query)]

    def end(self) -> None:
        """No worker is left that has the defect."""
        for name in self._workers:
            self.stack.remove(name)


@pytest.fixture
def trial(stack: Stack) -> Iterator[Callable[[str], Trial]]:
    with ExitStack() as ends:

        def made(defect: str) -> Trial:
            trial = Trial(stack, defect)
            ends.callback(trial.end)
            trial.begin()
            return trial

        yield made


@pytest.fixture(scope="module")
def stack(postgres_url: str, s3_server: S3Server) -> Iterator[Stack]:
    with (
        tempfile.TemporaryDirectory(prefix="chaos-", dir="/tmp") as name,
        new_database(postgres_url) as database,
    ):
        folder = Path(name)
        (folder / "broker").mkdir()
        rings = broker.started("redis", folder / "broker")
        try:
            stack = Stack(folder, database, rings.url, s3_server)
            stack.start(workers=0, deliverers=1)
            yield stack
            stack.stop()
        finally:
            rings.stop()


def test_a_batch_that_is_put_together_too_early(trial: Callable[[str], Trial]) -> None:
    """Whoever has the first two shards is done while another worker has the third."""
    broken = trial("coverage_off")
    broken.worker(1)
    broken.submit((2 * SHARD_ROWS, 0.06), (30, 0.5))
    assert "rows were lost" in broken.verdict()


def test_a_lease_that_is_not_renewed(trial: Callable[[str], Trial]) -> None:
    """Two shards share one model for longer than a lease lasts: another worker begins anew."""
    broken = trial("renewal_off")
    other = broken.spare()
    broken.submit((2 * SHARD_ROWS, 0.11))
    until(lambda: len(broken.held()) == 2, PATIENCE_S)
    tree.signal_all(other, signal.SIGCONT)
    assert "shards were done again, and faults account for 0" in broken.verdict()


def test_a_stale_worker_that_nobody_fences(trial: Callable[[str], Trial]) -> None:
    """It comes back while the batch goes on, and commits what another worker did meanwhile."""
    broken = trial("fencing_off")
    other = broken.spare()
    # the rows of three more shards keep the batch going while it comes back
    broken.submit((2 * SHARD_ROWS, 0.1), (3 * SHARD_ROWS, 0.15))
    # it has two shards, and will soon be done with the first
    until(
        lambda: [done > SHARD_ROWS * 0.6 for *_, done in broken.held()] == [True, False], PATIENCE_S
    )
    stale = [broken.stack.roles["worker-0"].pid]
    tree.signal_all(stale, signal.SIGSTOP)
    tree.signal_all(other, signal.SIGCONT)
    # the other one has done it anew, and is at the second
    anew = (("done",), ("leased",))
    until(lambda: broken.shards("state", "lease_token > 1") == anew, PATIENCE_S)
    tree.signal_all(stale, signal.SIGCONT)
    assert "its last event counts" in broken.verdict()


def test_an_event_that_is_written_after_its_move(trial: Callable[[str], Trial]) -> None:
    """The worker dies in between."""
    broken = trial("outbox_outside")
    id = broken.submit((10, 0.05))
    query = f"SELECT 1 FROM batches WHERE id = '{id}' AND state != 'validating'"
    until(lambda: broken.stack.sight.rows(query), PATIENCE_S)
    tree.signal_all([broken.stack.roles["worker-0"].pid], signal.SIGKILL)
    assert "its events are ['batch.created', 'batch.completed']" in broken.verdict()
