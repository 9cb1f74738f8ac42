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
from tests.benchmarks.figures import peak, run, upload
from tests.benchmarks.workloads import Workload, manifest
from tests.servers.penstock import ROOT, Penstock
from tests.servers.tree import tree


@dataclass
class Efficiency:
    """What was measured of one model."""

    model: str
    rows: int
    size: int
    #: what the bare loop told of each run
    bare: list[dict[str, Any]]
    #: rows per second of whole batches, submit to completed
    ours: list[float] = field(default_factory=list)
    #: the share of each batch's time in which no pass was under way, from its first to its last
    idle: list[float] = field(default_factory=list)
    passes: list[float] = field(default_factory=list)
    #: milliseconds of CPU for each row: (in model hosts, in the server), of each batch
    cpu_ms: list[tuple[float, float]] = field(default_factory=list)
    load: list[float] = field(default_factory=list)
    #: the bare loop over texts in the order of their length, which no manifest has
    sorted_bare: float | None = None

    @property
    def e(self) -> float:
        """The ratio of the medians."""
        return median(self.ours) / median(self.bare_rows_s)

    @property
    def bare_rows_s(self) -> list[float]:
        """Rows per second of each run of the bare loop."""
        return [one["rows_s"] for one in self.bare]

    @property
    def e_cpu(self) -> float:
        """CPU time of the bare loop over that of the model host: what a busy machine leaves of E.

        A batch takes as long as its host, as long as that never waits: see `idle`.
        """
        theirs = median(one["cpu_ms"] for one in self.bare)
        return float(theirs / median(host for host, _ in self.cpu_ms))

    def line(self) -> str:
        """One row of the table."""
        sorted_ = f" (sorted {self.sorted_bare:.4g})" if self.sorted_bare else ""
        return (
            f"{self.model:9} E {self.e:.3f}, by CPU time {self.e_cpu:.3f};"
            f" ours {shown(self.ours)} rows/s,"
            f" bare {shown(self.bare_rows_s)} at {self.size}{sorted_}; {self.rows} rows,"
            f" rows a pass {shown(self.passes)}; idle between passes"
            f" {', '.join(f'{share:.1%}' for share in self.idle)}; CPU ms a row:"
            f" bare {shown([one['cpu_ms'] for one in self.bare])},"
            f" host {shown([host for host, _ in self.cpu_ms])},"
            f" server {shown([server for _, server in self.cpu_ms])}; load {shown(self.load)}"
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
    found = Efficiency(workload.name, rows, first["size"], [first])
    traced, passes = workload.traced(folder)
    done = server.cli("push", str(traced), f"bench/{workload.name}")
    assert done.returncode == 0, done.stderr
    files = folder / f"{workload.name}-staged"
    inputs = workload.inputs(rows, files, lambda file: upload(server, file))
    id = upload(server, manifest(inputs, folder / f"{workload.name}.jsonl"))
    for number in range(rounds):
        if number:
            found.bare.append(bare.run(seconds / 3))
        for _ in range(2):
            batch(server, id, found, passes)
        found.bare.append(bare.run(seconds / 3))
    if workload.texts:
        found.sorted_bare = bare.run(seconds / 3, "length")["rows_s"]
    return found


def batch(server: Penstock, file_id: str, found: Efficiency, passes: Path) -> None:
    """One whole batch, and what its passes tell."""
    passes.unlink(missing_ok=True)
    before = cpu_s(server)
    took_s, _ = run(server, file_id, f"bench/{found.model}")
    after = cpu_s(server)
    found.cpu_ms.append(
        tuple(1000 * (a - b) / found.rows for a, b in zip(after, before, strict=True))
    )
    found.ours.append(found.rows / took_s)
    share, mean = idle(passes)
    found.idle.append(share)
    found.passes.append(mean)
    found.load.append(os.getloadavg()[0])


def cpu_s(server: Penstock) -> tuple[float, float]:
    """Seconds of CPU so far: (in model hosts, in the server)."""
    assert server.process is not None
    hosts, others = 0.0, 0.0
    for pid in tree(server.process.pid):
        command, _ = peak(pid)
        if "jobs.host" in command:
            hosts += used_s(pid)
        else:
            others += used_s(pid)
    return hosts, others


def used_s(pid: int) -> float:
    """Seconds of CPU that a process has used; 0 if it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def idle(passes: Path) -> tuple[float, float]:
    """(share of the time between the first begin and the last end without a pass, rows a pass)."""
    notes = [json.loads(line) for line in passes.read_text().splitlines()]
    busy_s = sum(ended - began for began, ended, _ in notes)
    span_s = max(ended for _, ended, _ in notes) - min(began for began, _, _ in notes)
    return 1 - busy_s / span_s, sum(rows for *_, rows in notes) / len(notes)
