"""Efficiency on a GPU, or on whatever torch finds.

Run as `python -m tests.benchmarks.gpu [SECONDS [MODEL ...]]`.
Starts `penstock up` in a folder of its own (SQLite, the broker in the process, objects on disk),
pushes three models and prints, for each: E, rows per second, and the share of the time in which no
pass was under way. Needs the extra `worker`, torch, transformers and diffusers; no network.
"""

import json
import os
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

import torch

from tests.benchmarks.efficiency import Efficiency, measure
from tests.benchmarks.workloads import WORKLOADS
from tests.servers.penstock import Penstock


def main() -> None:
    """Measure one model after the other; a report goes to $OUT, if that is set."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("told to end"))  # and not leave a server
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 12.0
    names = sys.argv[2:] or [workload.name for workload in WORKLOADS]
    print(machine(), flush=True)
    found: list[Efficiency] = []
    with tempfile.TemporaryDirectory(prefix="penstock-gpu-") as place:
        folder = Path(place)
        server = Penstock(folder, PENSTOCK_MODELS_SEE=place)  # they note their passes there
        server.start()
        try:
            for workload in (one for one in WORKLOADS if one.name in names):
                began = time.monotonic()
                one = measure(server, workload, folder, seconds=seconds)
                found.append(one)
                print(f"{one.line()}; measured in {time.monotonic() - began:.0f} s", flush=True)
        finally:
            server.stop()
            report(found, folder / "penstock.log")


def machine() -> str:
    """What it runs on."""
    device = torch.cuda.get_device_name() if torch.cuda.is_available() else "CPU"
    return f"{device}, torch {torch.__version__}, {os.cpu_count()} cores"


def report(found: list[Efficiency], log: Path) -> None:
    """Leave the figures, the passes and what the server said where they outlive this folder."""
    if "OUT" not in os.environ:
        return
    out = Path(os.environ["OUT"])
    figures = {"machine": machine(), "models": [asdict(one) | {"e": one.e} for one in found]}
    (out / "gpu.json").write_text(json.dumps(figures, indent=1))
    for file in (log, *log.parent.glob("*-passes.jsonl")):
        shutil.copy(file, out)


if __name__ == "__main__":
    main()
