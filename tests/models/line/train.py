"""Fits a line to points: a CSV file of x,y, or a zip of several."""

import csv
import io
import json
import os
import sys
import time
import zipfile

from cog import BaseModel, Input, Path


class TrainingOutput(BaseModel):
    weights: Path
    error: float


def train(
    points: Path = Input(description="x,y lines, or a zip of such files"),
    steps: int = Input(default=100, ge=1, le=10_000),
    rate: float = Input(default=0.1, ge=0.0, le=1.0),
    scale: str = Input(default="unit", choices=["unit", "none"]),
    pause_s: float = Input(default=0.0, ge=0.0),
    fails: str = Input(default="no", choices=["no", "raise", "exit", "nothing"]),
) -> TrainingOutput:
    rows = [(float(x), float(y)) for text in _texts(points) for x, y in csv.reader(text)]
    slope = offset = 0.0
    for step in range(steps):
        wrong = [slope * x + offset - y for x, y in rows]
        slope -= rate * sum(w * x for w, (x, _) in zip(wrong, rows, strict=True)) / len(rows)
        offset -= rate * sum(wrong) / len(rows)
        if step % max(1, steps // 4) == 0:
            sys.stdout.write(f"step {step} of {steps}\n")
            sys.stdout.flush()
            time.sleep(pause_s)
    if fails == "raise":
        raise RuntimeError("it does not converge")
    if fails == "exit":
        os._exit(7)
    # where Cog's examples put it: beside the code
    weights = Path("weights")
    weights.write_text(json.dumps({"slope": round(slope, 3), "offset": round(offset, 3)}))
    if fails == "nothing":
        weights.write_text('{"slope": 0.0, "offset": 0.0}')
    return TrainingOutput(weights=weights, error=sum(w * w for w in wrong))


def _texts(path: Path):
    if not zipfile.is_zipfile(path):
        yield io.StringIO(path.read_text())
        return
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            yield io.StringIO(archive.read(name).decode())
