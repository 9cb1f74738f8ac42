"""E on three torch models: whole batches beside a bare loop, with as many threads, in turns."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.efficiency import measure
from tests.benchmarks.report import REPORT, say
from tests.benchmarks.workloads import WORKLOADS, Workload
from tests.servers.penstock import Penstock

#: how long the bare loop takes over a batch's rows
SECONDS = float(os.environ.get("PENSTOCK_BENCH_SECONDS", "60"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Penstock]:
    made = Penstock(tmp_path_factory.mktemp("models"))
    made.start()
    yield made
    made.stop()


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda workload: workload.name)
def test_a_batch_beside_the_bare_loop(server: Penstock, workload: Workload, tmp_path: Path) -> None:
    found = measure(server, workload, tmp_path, seconds=SECONDS)
    REPORT.efficiency.append(found)
    say(f"E, {workload.name}", found.line(), "0.90")
    idle = f"{min(found.idle):.1%}"
    say(f"idle between passes, {workload.name}", idle, "5%")
