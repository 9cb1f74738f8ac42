"""What only a card can show: `make gpu`, on a machine with an NVIDIA GPU and its driver."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jobs.adapters import nvidia
from tests.benchmarks.figures import peak
from tests.benchmarks.workloads import WORKLOADS
from tests.ports.stores import new_database
from tests.servers.penstock import Penstock, until
from tests.servers.processes import Box, children, signal_to
from tests.servers.tree import tree

pytestmark = [
    pytest.mark.skipif(not nvidia.installed(), reason="no NVIDIA driver on this machine"),
    pytest.mark.timeout(300),
]

MODEL = Path(__file__).parent / "models" / "hungry"
TEXTS = next(one for one in WORKLOADS if one.name == "texts")
ROWS, LIMIT = 64, 9
#: a driver keeps a little for each process that it has seen
SPARE_MIB = 64


@pytest.fixture(scope="module")
def hungry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that wants a tenth of the card for each row; `passes` reads what it noted."""
    folder = tmp_path_factory.mktemp("model") / "hungry"
    shutil.copytree(MODEL, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "notes.txt").write_text(str(folder.parent / "passes.txt"))
    return folder


def passes(hungry: Path) -> list[int]:
    """The rows of each pass so far."""
    notes = (hungry.parent / "passes.txt").read_text().splitlines()
    return [int(line.split()[1]) for line in notes]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, hungry: Path) -> Iterator[Penstock]:
    """`penstock up` with that model."""
    made = Penstock(tmp_path_factory.mktemp("gpu"))
    made.start()
    try:
        push(made, hungry, "demo/hungry")
        yield made
    finally:
        made.stop()


def push(server: Penstock, folder: Path, name: str) -> None:
    done = server.cli("push", str(folder), name)
    assert done.returncode == 0, done.stderr


def rows(count: int, pause_s: float = 0.0) -> list[dict[str, Any]]:
    given = [{"number": n, "pause_s": pause_s} for n in range(count)]
    return [{"custom_id": f"row-{n}", "input": one} for n, one in enumerate(given)]


def used_mib() -> int:
    """What is taken of the first card's memory."""
    words = ["nvidia-smi", "--query-gpu=memory.used", "--format=csv,noheader,nounits"]
    return int(subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()[0])


def outputs(server: Penstock, id: str) -> list[dict[str, Any]]:
    """What each row gave, in the manifest's order."""
    batch = server.ended(id, 120)
    counts = batch["request_counts"]
    assert counts["completed"] == counts["total"] > 0, counts
    return [row["response"]["body"]["output"] for row in server.lines(id, "output.jsonl")]


def hosts(server: Penstock) -> list[int]:
    """The model hosts below the server."""
    assert server.process is not None
    return [pid for pid in tree(server.process.pid) if "jobs.host" in peak(pid)[0]]


def test_the_doctor_names_the_card(server: Penstock) -> None:
    told = server.cli("doctor").stdout
    [card, *_] = nvidia.gpus()
    assert card.name in told
    assert card.memory in told


def test_rows_that_are_too_many_for_the_card_go_in_smaller_passes(
    server: Penstock, hungry: Path
) -> None:
    found = outputs(server, server.submit("demo/hungry", rows(ROWS)))
    assert [one["double"] for one in found] == [2 * n for n in range(ROWS)]
    assert {one["device"] for one in found} == {nvidia.gpus()[0].name}
    assert len({one["process"] for one in found}) == 1, "the host did not live through it"

    before = passes(hungry)
    assert max(before) > LIMIT, "none was too many: the test shows nothing"
    again = outputs(server, server.submit("demo/hungry", rows(ROWS)))
    assert [one["double"] for one in again] == [2 * n for n in range(ROWS)]
    later = passes(hungry)[len(before) :]
    assert max(later) <= LIMIT, "what was learned is forgotten"
    assert max(later) > 1


def test_texts_together_are_what_they_are_alone(server: Penstock, tmp_path: Path) -> None:
    push(server, TEXTS.folder, "demo/texts")
    inputs = TEXTS.inputs(200, tmp_path, str)
    given = [{"custom_id": f"row-{n}", "input": one} for n, one in enumerate(inputs)]
    together = outputs(server, server.submit("demo/texts", given))
    for number in (0, 7, 50, 199):
        alone = server.call(
            "POST",
            "/v1/predictions",
            json={"version": "demo/texts", "input": inputs[number]},
            headers={"Prefer": "wait=60"},
        )["output"]
        assert together[number] == pytest.approx(alone, abs=1e-3)


def test_a_host_that_is_killed_costs_no_row(server: Penstock, hungry: Path) -> None:
    before = len(passes(hungry))
    id = server.submit("demo/hungry", rows(ROWS, pause_s=0.5))
    until(lambda: len(passes(hungry)) > before + 1)
    for pid in hosts(server):
        os.kill(pid, signal.SIGKILL)
    found = outputs(server, id)
    assert [one["double"] for one in found] == [2 * n for n in range(ROWS)]


@pytest.mark.timeout(400)
def test_a_worker_on_each_card_goes_on_though_it_is_killed(
    tmp_path: Path, postgres_url: str, redis_url: str, hungry: Path
) -> None:
    free_mib = used_mib()
    with new_database(postgres_url) as database:
        box = Box(tmp_path, database, redis_url, PENSTOCK_DRAIN_S="2")
        try:
            box.api.start()
            box.start("sweep")
            supervisor = box.start("worker-gpu")
            push(box.api, hungry, "demo/hungry")
            first = outputs(box.api, box.api.submit("demo/hungry", rows(ROWS)))
            assert {one["device"] for one in first} == {nvidia.gpus()[0].name}

            before = len(passes(hungry))
            id = box.api.submit("demo/hungry", rows(ROWS, pause_s=0.5))
            until(lambda: len(passes(hungry)) > before + 1)
            [worker, *_] = children(supervisor.pid)
            signal_to(worker, signal.SIGKILL)
            again = outputs(box.api, id)
            assert [one["double"] for one in again] == [2 * n for n in range(ROWS)]
            assert f"a worker on each of {len(nvidia.gpus())} GPUs" in supervisor.said()
        finally:
            box.stop()
    until(lambda: used_mib() <= free_mib + SPARE_MIB, 30)
