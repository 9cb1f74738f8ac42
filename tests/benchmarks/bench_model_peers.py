"""Torch models beside Ray Data, Cog's server and a Celery task for each row, in turns."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks import modelpeers
from tests.benchmarks.efficiency import Bare
from tests.benchmarks.figures import run, upload
from tests.benchmarks.modelpeers import Job
from tests.benchmarks.peers import Absent
from tests.benchmarks.report import REPORT, say
from tests.benchmarks.workloads import WORKLOADS, Workload, manifest
from tests.servers.penstock import Penstock

#: how long the bare loop takes over the rows; a peer may take ten times as long
SECONDS = float(os.environ.get("PENSTOCK_BENCH_PEER_SECONDS", "20"))
BARE, OURS = "bare loop, best batch size", "Penstock, all durable"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Penstock]:
    made = Penstock(tmp_path_factory.mktemp("peers"))
    made.start()
    yield made
    made.stop()


# pictures are files: in an object store for us, and on each peer's own disk for them
@pytest.mark.parametrize(
    "workload", [one for one in WORKLOADS if one.name != "pictures"], ids=lambda one: one.name
)
def test_rows_of_a_model_beside_the_peers(
    server: Penstock, workload: Workload, tmp_path: Path, redis_url: str
) -> None:
    """As many rows for each as the bare loop does in that time."""
    bare = Bare(workload, tmp_path, 1)
    first = bare.run(SECONDS)
    inputs = workload.inputs(max(64, int(first["rows_s"] * SECONDS)), tmp_path, str)
    job = Job(
        workload.folder,
        modelpeers.written(inputs, tmp_path / "rows.jsonl"),
        first["size"],
        tmp_path,
        redis_url,
    )
    found = {BARE: first["rows_s"], OURS: ours(server, workload, job)}
    for name, measured in modelpeers.PEERS.items():
        try:
            found[name] = measured(job)
        except Absent as why:
            say(f"{workload.name} beside {name}", f"not measured: {why}", "-")
            continue
        figure = f"{found[OURS]:.1f} rows/s, theirs {found[name]:.1f}"
        say(f"{workload.name} beside {name}", f"{figure}, {found[OURS] / found[name]:.2f} x", "-")
    REPORT.models[workload.name] = found


def ours(server: Penstock, workload: Workload, job: Job) -> float:
    """Rows per second of a whole batch, its host warm: the second of two."""
    name = f"peers/{workload.name}"
    done = server.cli("push", str(workload.folder), name)
    assert done.returncode == 0, done.stderr
    few = manifest(workload.inputs(64, job.folder, str), job.folder / "few.jsonl")
    run(server, upload(server, few), name)
    rows = upload(server, job.rows)
    took_s, batch = run(server, rows, name)
    return float(batch["request_counts"]["total"] / took_s)
