"""E: a whole batch's rows per second over those of the bare loop, taken in turns on one machine."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from jobs.adapters.hostenv import THREADS, WAITING
from tests.benchmarks.figures import run, upload
from tests.benchmarks.workloads import Workload, manifest
from tests.servers.penstock import ROOT, Penstock


@dataclass
class Efficiency:
    """What was measured of one model."""

    model: str
    rows: int
    size: int
    bare: list[float]
    #: rows per second of whole batches, submit to completed
    ours: list[float] = field(default_factory=list)
    #: the share of each batch's time in which no pass was under way, from its first to its last
    idle: list[float] = field(default_factory=list)
    passes: list[float] = field(default_factory=list)
    load: list[float] = field(default_factory=list)
    #: the bare loop over texts in the order of their length, which no manifest has
    sorted_bare: float | None = None

    @property
    def e(self) -> float:
        """The ratio of the medians."""
        return median(self.ours) / median(self.bare)

    def line(self) -> str:
        """One row of the table."""
        sorted_ = f" (sorted {self.sorted_bare:.4g})" if self.sorted_bare else ""
        return (
            f"{self.model:9} E {self.e:.3f}  ours {shown(self.ours)} rows/s,"
            f" bare {shown(self.bare)} at {self.size}{sorted_}; {self.rows} rows,"
            f" rows a pass {shown(self.passes)}; idle between passes"
            f" {', '.join(f'{share:.1%}' for share in self.idle)}; load {shown(self.load)}"
        )


def shown(values: list[float]) -> str:
    """Each value, short."""
    return "/".join(f"{value:.4g}" for value in values)


class Bare:
    """The bare loop over one workload, with the environment that a model host has."""

    def __init__(self, workload: Workload, folder: Path, threads: int) -> None:
        self._workload = workload
        self._rows = folder / f"{workload.name}-bare.jsonl"
        inputs = workload.inputs(2048, folder / f"{workload.name}-files", str)
        self._rows.write_text("\n".join(map(json.dumps, inputs)))
        self._environment = os.environ | dict.fromkeys(THREADS, str(threads)) | WAITING
        self._size: list[str] = []

    def run(self, seconds: float, order: str = "given") -> dict[str, Any]:
        """{"size", "rows_s"} of a fresh process; the first one finds the size for all."""
        words = [str(self._workload.folder), str(self._rows), str(seconds), order, *self._size]
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.bareloop", *words],
            env=self._environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        self._size = [str(told["size"])]
        return told


def measure(
    server: Penstock, workload: Workload, folder: Path, *, seconds: float, rounds: int = 1
) -> Efficiency:
    """Bare loop, batch, batch, bare loop, so many times.

    A batch has as many rows as the bare loop does in `seconds`; the very first one finds its size.
    """
    bare = Bare(workload, folder, int(server.environment["PENSTOCK_THREADS"]))
    first = bare.run(seconds / 3)
    rows = max(64, int(first["rows_s"] * seconds))
    found = Efficiency(workload.name, rows, first["size"], [first["rows_s"]])
    traced, passes = workload.traced(folder)
    done = server.cli("push", str(traced), f"bench/{workload.name}")
    assert done.returncode == 0, done.stderr
    files = folder / f"{workload.name}-staged"
    inputs = workload.inputs(rows, files, lambda file: upload(server, file))
    id = upload(server, manifest(inputs, folder / f"{workload.name}.jsonl"))
    for number in range(rounds):
        if number:
            found.bare.append(bare.run(seconds / 3)["rows_s"])
        for _ in range(2):
            batch(server, id, found, passes)
        found.bare.append(bare.run(seconds / 3)["rows_s"])
    if workload.texts:
        found.sorted_bare = bare.run(seconds / 3, "length")["rows_s"]
    return found


def batch(server: Penstock, file_id: str, found: Efficiency, passes: Path) -> None:
    """One whole batch, and what its passes tell."""
    passes.unlink(missing_ok=True)
    took_s, _ = run(server, file_id, f"bench/{found.model}")
    found.ours.append(found.rows / took_s)
    share, mean = idle(passes)
    found.idle.append(share)
    found.passes.append(mean)
    found.load.append(os.getloadavg()[0])


def idle(passes: Path) -> tuple[float, float]:
    """(share of the time between the first begin and the last end without a pass, rows a pass)."""
    notes = [json.loads(line) for line in passes.read_text().splitlines()]
    busy_s = sum(ended - began for began, ended, _ in notes)
    span_s = max(ended for _, ended, _ in notes) - min(began for began, _, _ in notes)
    return 1 - busy_s / span_s, sum(rows for *_, rows in notes) / len(notes)
