"""What hosts that were really lost teach the next ones about the rows of a pass."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jobs.adapters.hosts import ProcessHosts
from jobs.core.prediction import Succeeded
from jobs.worker.bundles import Bundles
from jobs.worker.rows import RowRunner
from jobs.worker.warm import Warm
from tests.ports import stores

#: killed as the kernel kills it that is out of memory: without a word
MODEL = """
import os, signal, pathlib
from cog import BasePredictor

NOTES = pathlib.Path(__file__).with_name("notes.txt")

class Model(BasePredictor):
    def predict(self, x: int) -> int:
        return self.predict_batch([{"x": x}])[0]

    def predict_batch(self, inputs):
        with NOTES.open("a") as notes:
            notes.write(f"{os.getpid()} {len(inputs)}\\n")
        if len(inputs) > 4:
            os.kill(os.getpid(), signal.SIGKILL)
        return [item["x"] * 2 for item in inputs]
"""
MOST = ("class Model(BasePredictor):", "class Model(BasePredictor):\n    max_batch_size = 16")
VERSION = stores.a_version("ann/hello", "a" * 64)


class Folder(Bundles):
    """Has one version, ready to use."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def folder(self, version: Any, in_use: Any = frozenset) -> Path:
        return self._folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "model"
    made.mkdir()
    (made / "cog.yaml").write_text("predict: model.py:Model")
    (made / "model.py").write_text(MODEL)
    return made


@pytest.fixture
def warm(tmp_path: Path, folder: Path) -> Iterator[Warm]:
    (tmp_path / "scratch").mkdir()
    hosts, scratch = ProcessHosts(tmp_path / "scratch"), tmp_path / "scratch"
    made = Warm(hosts, Folder(folder), scratch, threads=1, setup_timeout_s=60)
    yield made
    made.close()


def run(warm: Warm, tmp_path: Path, rows: int) -> list[int]:
    """What each row gives."""
    runner = RowRunner(warm, VERSION, 60.0, tmp_path / "made")
    lots = runner.run([{"x": number} for number in range(rows)], lambda: False)
    results = [one for lot in lots for one in lot]
    assert all(isinstance(one, Succeeded) for one in results), results
    return [int(bytes(one.output)) for one in results if isinstance(one, Succeeded)]


def passes(folder: Path) -> list[tuple[str, int]]:
    """(host, rows) of each pass."""
    notes = (folder / "notes.txt").read_text().splitlines()
    return [(pid, int(rows)) for pid, rows in map(str.split, notes)]


def test_a_pass_of_too_many_rows_brings_down_few_hosts(
    warm: Warm, folder: Path, tmp_path: Path
) -> None:
    for _ in range(8):
        assert run(warm, tmp_path, 24) == [number * 2 for number in range(24)]
    told = passes(folder)
    assert sum(rows > 4 for _, rows in told) in range(1, 4)
    assert told[-1][1] > 1  # they share passes again


def test_the_next_host_begins_where_the_last_one_ended(
    warm: Warm, folder: Path, tmp_path: Path
) -> None:
    (folder / "model.py").write_text(MODEL.replace("> 4", "> 16").replace(*MOST))
    for _ in range(4):
        run(warm, tmp_path, 60)
    found = warm.sizes.of(VERSION.id).begin
    before = passes(folder)
    warm.close()  # as if it had been crowded out
    run(warm, tmp_path, 60)
    first = passes(folder)[len(before)]
    assert found > 1
    assert first[0] != before[0][0]
    assert first[1] == min(found, 60)
