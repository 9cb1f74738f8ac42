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

    def begin(self, workers: int) -> None:
        """So many workers with the defect, which listen by now, and the model."""
        for number in range(workers):
            self._workers.append(self.stack.worker(number, self._command).name)
        with Celery(broker=self.stack.broker) as broker:
            ping = broker.control.ping
            until(lambda: len(ping(timeout=1.0, limit=workers)) == workers, PATIENCE_S)
        self.stack.client.push(str(BUNDLES[SLOW]), self.model)

    def _command(self, name: str) -> list[str]:
        module = "tests.acceptance.chaos.defects"
        return [sys.executable, "-m", module, self.defect, "worker", "--name", name]

    def signal(self, number: int, what: signal.Signals) -> None:
        """To the process of a worker."""
        tree.signal_all([self.stack.roles[f"worker-{number}"].pid], what)

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
        """No worker is left that has the defect; nothing is left to do, so they are killed."""
        for number, name in enumerate(self._workers):
            self.signal(number, signal.SIGKILL)
            self.stack.remove(name)


@pytest.fixture
def trial(stack: Stack) -> Iterator[Callable[[str, int], Trial]]:
    with ExitStack() as ends:

        def made(defect: str, workers: int) -> Trial:
            trial = Trial(stack, defect)
            ends.callback(trial.end)
            trial.begin(workers)
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


def test_a_batch_that_is_put_together_too_early(trial: Callable[[str, int], Trial]) -> None:
    """Whoever has the first two shards is done while another worker has the third."""
    broken = trial("coverage_off", 2)
    broken.submit((2 * SHARD_ROWS, 0.03), (10, 0.6))
    assert "rows were lost" in broken.verdict()


def test_a_lease_that_is_not_renewed(trial: Callable[[str, int], Trial]) -> None:
    """Two shards share one model for longer than a lease lasts: another worker begins anew."""
    broken = trial("renewal_off", 2)
    broken.signal(1, signal.SIGSTOP)
    broken.submit((2 * SHARD_ROWS, 0.04))
    until(lambda: len(broken.held()) == 2, PATIENCE_S)
    broken.signal(1, signal.SIGCONT)
    until(lambda: broken.shards("first", "lease_token > 1"), PATIENCE_S)
    broken.signal(0, signal.SIGSTOP)  # else each would take them from the other, for long
    assert "shards were done again, and faults account for 0" in broken.verdict()


def test_a_stale_worker_that_nobody_fences(trial: Callable[[str, int], Trial]) -> None:
    """It comes back while the batch goes on, and commits what another worker did meanwhile."""
    broken = trial("fencing_off", 2)
    broken.signal(1, signal.SIGSTOP)
    # the rows of two more shards keep the batch going while it comes back
    broken.submit((SHARD_ROWS, 0.04), (SHARD_ROWS, 0.06), (SHARD_ROWS, 0.04))
    # it has more than the first shard, and will soon be done with that
    until(
        lambda: broken.shards("first", f"first = 0 AND progress > {SHARD_ROWS * 0.6}"), PATIENCE_S
    )
    broken.signal(0, signal.SIGSTOP)
    broken.signal(1, signal.SIGCONT)
    # the other one has done it anew, and is at the second
    anew = (("done",), ("leased",))
    until(lambda: broken.shards("state", "lease_token > 1") == anew, PATIENCE_S)
    broken.signal(0, signal.SIGCONT)
    assert "its last event counts" in broken.verdict()


def test_an_event_that_is_written_after_its_move(trial: Callable[[str, int], Trial]) -> None:
    """The worker dies in between."""
    broken = trial("outbox_outside", 1)
    id = broken.submit((10, 0.05))
    query = f"SELECT 1 FROM batches WHERE id = '{id}' AND state != 'validating'"
    until(lambda: broken.stack.sight.rows(query), PATIENCE_S)
    broken.signal(0, signal.SIGKILL)
    assert "its events are ['batch.created', 'batch.completed']" in broken.verdict()
