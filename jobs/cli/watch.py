"""Watching a batch: a bar, or lines in a log; how fast it goes now, and when it will be done."""

import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from jobs.cli import http, out

ENDED = ("completed", "failed", "cancelled", "expired")
FAILED_ROWS, NOT_COMPLETED, NOT_EXPORTED = 3, 4, 5
POLL_S = 0.2
#: in a log, which nobody reads line by line
LINE_S = 30.0
#: shows a batch and its pace
Show = Callable[[dict[str, Any], str], object]


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
    rate = Rate()
    with _bar() if sys.stderr.isatty() else _lines(id) as show:
        while True:
            told: dict[str, Any] = http.outlast(f"/v1/batches/{id}")
            if told["request_counts"]["total"]:
                rate.add(time.monotonic(), rows_done(told))
            show(told, pace(told, rate) if _state(told) == "in_progress" else "")
            if told["status"] in ENDED:
                return told
            time.sleep(POLL_S)


@contextmanager
def _bar() -> Iterator[Show]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}"),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=None, pace="")
        yield lambda told, pace: progress.update(
            task,
            description=_state(told),
            total=told["request_counts"]["total"] or None,
            completed=rows_done(told),
            pace=pace,
        )


@contextmanager
def _lines(id: str) -> Iterator[Show]:
    """For a log: a line for each state, and one now and then while rows end."""
    shown, due_s = ("", -1), 0.0

    def show(told: dict[str, Any], pace: str) -> None:
        nonlocal shown, due_s
        state, done = _state(told), rows_done(told)
        later = time.monotonic() >= due_s and done != shown[1]
        if told["status"] in ENDED or not (state != shown[0] or later):
            return  # the end has words of its own
        total = told["request_counts"]["total"]
        parts = [f"{id} {state}", *([f"{done:,} of {total:,}"] if total else []), pace]
        click.echo(", ".join(filter(None, parts)), err=True)
        shown, due_s = (state, done), time.monotonic() + LINE_S

    yield show


def _state(told: dict[str, Any]) -> str:
    return "paused" if told["paused"] else str(told["status"])


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
