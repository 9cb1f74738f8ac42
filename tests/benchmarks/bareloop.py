"""The bare limit: a loop over `predict_batch` in one process, its inputs on this disk.

Run as `python -m tests.benchmarks.bareloop FOLDER ROWS SECONDS ORDER [SIZE]`: the best batch size
is found first, unless it is known, then the loop goes on for so long. ORDER is "given" or "length",
the texts' own.
"""

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jobs.host import cogpackage, loader

MOST, SAMPLE_S = 1024, 1.0
#: the search ends after so many sizes in a row that are no better
PATIENCE = 2
#: or with a size whose pass takes longer than this
LONGEST_S = 8.0


def main() -> None:
    """Print the best size and the rows per second at it as JSON."""
    folder, file, seconds, order, *known = sys.argv[1:]
    rows = [json.loads(line) for line in Path(file).read_text().splitlines()]
    batch = loaded(folder)
    inputs = [
        {"image": None} | {name: argument(name, value) for name, value in row.items()}
        for row in rows
    ]
    timed(batch, inputs[:2])
    if known:
        size = int(known[0])
        timed(batch, inputs[:size])
        rate = rate_of(batch, inputs, size)
    else:
        size, rate = best_size(batch, inputs)
    if order == "length":
        # evenly from all of them, to the end: a part would not have their mix of lengths
        inputs = inputs[:: max(1, round(len(inputs) / (rate * float(seconds))))]
        inputs.sort(key=lambda item: len(item["text"]))
        lots = passes(inputs, size)
    else:
        lots = itertools.cycle(passes(inputs, size))
    done, took_s, cpu_s = 0, 0.0, time.process_time()
    for some in lots:
        took_s += timed(batch, some)
        done += len(some)
        if order == "given" and took_s >= float(seconds):
            break
    cpu_ms = 1000 * (time.process_time() - cpu_s) / done
    print(json.dumps({"size": size, "rows_s": done / took_s, "cpu_ms": cpu_ms}))


def loaded(folder: str) -> Any:
    """The `predict_batch` of the model in this folder, which is set up."""
    cogpackage.provide()
    return loader.load(Path(folder).resolve(), "predict.py:Predictor", asyncio.run).predict_batch


def argument(name: str, value: Any) -> Any:
    """A value of a row as the model is given it."""
    return Path(value) if name == "image" and value is not None else value


def best_size(batch: Any, inputs: list[dict[str, Any]]) -> tuple[int, float]:
    """Of 1, 2, 4 … the number of rows that gives the most rows per second, and how many."""
    rates: dict[int, float] = {}
    size = 1
    while size <= min(MOST, len(inputs)):
        pass_s = timed(batch, inputs[:size])
        rates[size] = rate_of(batch, inputs, size)
        best = max(rates, key=lambda size: rates[size])
        if size >= best << PATIENCE or pass_s > LONGEST_S:
            break
        size *= 2
    return best, rates[best]


def rate_of(batch: Any, inputs: list[dict[str, Any]], size: int) -> float:
    """Rows per second at this size."""
    lots, done, took_s = itertools.cycle(passes(inputs, size)), 0, 0.0
    while took_s < SAMPLE_S:
        some = next(lots)
        took_s += timed(batch, some)
        done += len(some)
    return done / took_s


def passes(inputs: list[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    """The rows, so many at a time."""
    return (inputs[at : at + size] for at in range(0, len(inputs), size))


def timed(batch: Any, some: list[dict[str, Any]]) -> float:
    """Seconds of one pass, its outputs included."""
    began = time.perf_counter()
    assert len(list(batch(some))) == len(some)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
