"""Watching a batch: a bar, how fast it is going now, and when it will be done."""

import time
from collections import deque
from typing import Any

import click

from jobs.cli import http, out

ENDED = ("completed", "failed", "cancelled", "expired")
FAILED_ROWS, NOT_COMPLETED, NOT_EXPORTED = 3, 4, 5
POLL_S = 0.2


class Rate:
    """Rows a second while we watch; what was done before does not count.

    It is of the last minute or, if rows take long, of the last twenty rows.
    """

    WINDOW_S = 60.0
    WINDOW_ROWS = 20

    def __init__(self) -> None:
        #: when the number of ended rows was seen to change
        self._changes: deque[tuple[float, int]] = deque()
        self._now_s = 0.0

    def add(self, at_s: float, done: int) -> None:
        """So many rows have ended by now."""
        self._now_s = at_s
        if not self._changes or self._changes[-1][1] != done:
            self._changes.append((at_s, done))
        while len(self._changes) > 2 and self._is_old(*self._changes[1], done):
            self._changes.popleft()

    def _is_old(self, at_s: float, then: int, done: int) -> bool:
        return at_s <= self._now_s - self.WINDOW_S and then <= done - self.WINDOW_ROWS

    @property
    def per_s(self) -> float | None:
        """None until a row has ended while we watched."""
        if not self._changes:
            return None
        (began_s, before), (_, done) = self._changes[0], self._changes[-1]
        return (done - before) / (self._now_s - began_s) if done > before else None


def rows_done(told: dict[str, Any]) -> int:
    """Rows that have ended, those that running attempts have not committed included."""
    counts = told["request_counts"]
    done: int = counts["total"] - counts["pending"] + counts["running"]
    return done


def pace(told: dict[str, Any], rate: Rate) -> str:
    """How fast, and how long still, in words."""
    per_s = rate.per_s
    if per_s is None:
        return ""
    left = told["request_counts"]["total"] - rows_done(told)
    speed = f"{per_s:,.1f} rows/s" if per_s >= 1 else f"{out.duration(1 / per_s)}/row"
    return f"{speed}, {out.duration(left / per_s)} left" if left else speed


def watch(id: str, as_json: bool) -> None:
    """Show progress until the batch ends, and exit with what became of it."""
    try:
        told = _to_its_end(id)
    except KeyboardInterrupt:
        click.echo(f"\n{id} goes on; see it again: penstock batch watch {id}", err=True)
        raise SystemExit(http.INTERRUPTED) from None
    out.tell(told, as_json, summary(told))
    if told["status"] != "completed":
        raise SystemExit(NOT_COMPLETED)
    if told["request_counts"]["completed"] < told["request_counts"]["total"]:
        raise SystemExit(FAILED_ROWS)
    if told["errors"]:
        raise SystemExit(NOT_EXPORTED)


def _to_its_end(id: str) -> dict[str, Any]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}"),
    )
    rate = Rate()
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=None, pace="")
        while True:
            told: dict[str, Any] = http.outlast(f"/v1/batches/{id}")
            total = told["request_counts"]["total"] or None
            if total:
                rate.add(time.monotonic(), rows_done(told))
            progress.update(
                task,
                description="paused" if told["paused"] else told["status"],
                total=total,
                completed=rows_done(told),
                pace=pace(told, rate),
            )
            if told["status"] in ENDED:
                return told
            time.sleep(POLL_S)


def summary(told: dict[str, Any]) -> list[str]:
    """What became of it, and what to do next."""
    counts, id = told["request_counts"], told["id"]
    names = ("completed", "failed", "cancelled", "expired")
    parts = [f"{counts[name]:,} {name}" for name in names if counts[name] or name == "completed"]
    lines = [f"{id} {told['status']}: {', '.join(parts)} of {counts['total']:,}"]
    lines += problems(told)
    if told["exported_to"]:
        lines.append(f"results are at {told['exported_to']}")
    if told["output_file_id"]:
        lines.append(f"results: penstock batch results {id}")
    if told["error_file_id"]:
        lines.append(f"try again what failed: penstock batch retry-failed {id}")
    return lines


def problems(told: dict[str, Any], most: int = 10) -> list[str]:
    """The first of a batch's errors, and where the rest is."""
    found = (told["errors"] or {"data": []})["data"]
    lines = [f"  {problem['message']}" for problem in found[:most]]
    if len(found) > most:
        lines.append(f"  and more: penstock batch results {told['id']}")
    return lines
