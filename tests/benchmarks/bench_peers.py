"""No-op rows beside Ray Data, Cog's server and a Celery task for each, in turns."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.benchmarks import peers
from tests.benchmarks.figures import (
    copy_loop,
    manifest,
    middle,
    penstock,
    remove,
    result_loop,
    run,
    upload,
)
from tests.benchmarks.report import REPORT, say
from tests.servers.penstock import Penstock

#: in the smaller one more is seen of what a batch costs once
ROWS, FEWER_ROWS, ROUNDS = 1_000_000, 200_000, 3
RAY_WARM, RAY_COLD = "Ray Data, JSONL to JSONL", "Ray Data, from its start"


@pytest.mark.parametrize("rows", [FEWER_ROWS, ROWS])
def test_no_op_rows_beside_the_peers(tmp_path: Path, redis_url: str, rows: int) -> None:
    """All of it durable on our side; a peer that is not installed is left out, with the reason."""
    file = manifest(tmp_path / "rows.jsonl", rows)
    found: dict[str, list[float]] = {}
    others: dict[str, tuple[str, Callable[[], float]]] = {
        "one plain loop, copies": ("2 x", lambda: rows / copy_loop(file, tmp_path / "copy")),
        "one plain loop, result rows": ("2 x", lambda: rows / result_loop(file, tmp_path / "out")),
    }
    if rows == ROWS:  # what is called for each row takes as long for each of more rows
        others = {
            "Cog's server, a call for each": ("100 x", lambda: peers.cog_server(tmp_path)),
            "Celery, a task for each": ("100 x", lambda: peers.celery_tasks(tmp_path, redis_url)),
            **others,
        }
    absent: dict[str, str] = {}
    targets = {RAY_WARM: "5 x", RAY_COLD: "-"} | {name: told for name, (told, _) in others.items()}
    for _ in range(ROUNDS):
        with penstock(tmp_path) as server:
            id = upload(server, file)
            found.setdefault("Penstock", []).extend(rows / seconds for seconds in ours(server, id))
        ray_data(tmp_path, file, rows, found, absent)
        for name, (_, measured) in others.items():
            if name not in absent:
                try:
                    found.setdefault(name, []).append(measured())
                except peers.Absent as why:
                    absent[name] = str(why)
    tell(rows, found, targets, absent)


def ours(server: Penstock, file: str) -> Iterator[float]:
    """Seconds of two batches after a first one, which measures the model as Ray's warms it up."""
    least_s = 0.0
    for tried in range(3):
        seconds, batch = run(server, file, quiet_s=least_s * 0.9)
        remove(server, batch["id"])
        least_s = min(least_s or seconds / 2, seconds)
        if tried:
            yield seconds


def ray_data(
    folder: Path, file: Path, rows: int, found: dict[str, list[float]], absent: dict[str, str]
) -> None:
    """Ray has two figures: warm, and with its own start, as a job of its own has it."""
    try:
        warm, cold = peers.ray_data(folder, file, rows)
    except peers.Absent as why:
        absent |= {RAY_WARM: str(why), RAY_COLD: str(why)}
        return
    found.setdefault(RAY_WARM, []).append(warm)
    found.setdefault(RAY_COLD, []).append(cold)


def tell(
    rows: int, found: dict[str, list[float]], targets: dict[str, str], absent: dict[str, str]
) -> None:
    """A line for each peer, and what the plot needs."""
    mine, what = middle(found["Penstock"]), f"{rows:,} no-op rows beside"
    for name, target in targets.items():
        if name in absent:
            say(f"{what} {name}", f"not measured: {absent[name]}", target)
            continue
        theirs = middle(found[name])
        figure = f"{mine:,.0f} rows/s, theirs {theirs:,.0f}, {mine / theirs:.2f} x"
        say(f"{what} {name}", figure, target)
        REPORT.noop[name] = theirs
    REPORT.noop["Penstock, all durable"] = mine
