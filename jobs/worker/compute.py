"""The rows of one shard through the model: bring inputs → micro-batch → predict → result rows."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any

from jobs.core import outputs
from jobs.core.batch import Batch, Shard
from jobs.core.lot import Lot
from jobs.core.prediction import Failed, Result, Succeeded
from jobs.core.version import Version
from jobs.ports import Blobs
from jobs.worker import staging
from jobs.worker.ahead import Ahead, Plain
from jobs.worker.attempt import Attempt
from jobs.worker.inputs import Brought, bring_all
from jobs.worker.keeper import Keeper
from jobs.worker.leases import Lease
from jobs.worker.refs import Ref, Rows
from jobs.worker.rows import RowRunner
from jobs.worker.turn import Turn
from jobs.worker.warm import Warm

#: a micro-batch is sized to take about this long, so that a cancel is heard soon
MICRO_S = 1.0
#: of rows that cost next to nothing: others wait for the model meanwhile
MICRO_ROWS = 65_536
#: rows that are given the same error at a time
FAILED_ROWS = 16_384
#: what was measured may not hold for the rows that come now: the first micro-batch is a small one
FIRST_ROWS, GROWTH = 64, 256
_CUSTOM_ID = attrgetter("custom_id")


@dataclass(frozen=True)
class Task:
    """What is to be run, and where what it gives is kept."""

    batch: Batch
    shard: Shard
    version: Version
    attempt: Attempt
    lease: Lease


class Compute:
    """Runs the rows of shards."""

    def __init__(self, blobs: Blobs, warm: Warm, fetch: Any, *, url: str, timeout_s: float) -> None:
        self._blobs = blobs
        self._warm = warm
        self._fetch = fetch
        self._url = url
        self._timeout_s = timeout_s

    def run(self, task: Task) -> None:
        """Run the rows, or as many as there is time for before the lease ends.

        Raises:
            SetupFailed: the model cannot be loaded.
            Fenced: the lease was lost.
            OSError: the disk is full.
        """
        runner = RowRunner(
            self._warm, task.version, self._timeout_s, task.attempt.made, of=task.batch.id
        )
        size, number = _first_size(task.version), task.shard.first
        with self._groups(task) as groups, Keeper(partial(self._keep, task)) as keeper:
            while (turn := Turn(groups, runner.whole_passes(size), task.lease, runner)).rows:
                before_s, first = runner.seconds, number
                for lot in _results(runner, turn, task.lease.ended):
                    keeper.hand(number, turn.settled(len(lot)), lot)
                    number += len(lot)
                    groups.prepare(turn.ready)
                task.attempt.seconds = runner.seconds
                self._warm.telemetry.micro_batch(number - first)
                task.lease.check()
                if task.lease.ended() or task.lease.pause.is_set():
                    return
                size = _next_size(turn.rows, runner.seconds - before_s, turn.asked)
        task.lease.check()

    def fail(self, task: Task, why: Failed) -> None:
        """Give every row that has not ended the same error."""
        rows, number = self._rows(task), task.shard.first + task.attempt.rows
        lines = outputs.Lines(task.batch.id, task.version.id)
        while some := rows.take(FAILED_ROWS):
            bad = (lines.bad(at, row.custom_id, why) for at, row in enumerate(some, start=number))
            task.attempt.add_failed(b"".join(bad), len(some))
            task.attempt.codes[why.code] += len(some)
            number += len(some)

    def _rows(self, task: Task) -> Rows:
        """The shard's rows that have not ended."""
        done = task.attempt.rows
        first, rows = task.shard.first + done, task.shard.rows - done
        return Rows(self._blobs, task.batch.snapshot or "", first, rows)

    def _groups(self, task: Task) -> Plain | Ahead:
        fields = staging.uri_fields(task.version.schema or {})
        rows, ended = self._rows(task), task.lease.ended
        if not fields:
            return Plain(rows)

        def bring(given: Sequence[dict[str, Any]], folder: Path) -> Sequence[Brought]:
            uris = [uri for one in given for uri in staging.uris(one, fields)]
            fetch = self._fetch(task.batch.caller, task.batch.input_url, uris)
            with self._warm.telemetry.work("fetch"):
                return bring_all(given, fields, fetch, folder, ended)

        return Ahead(rows, bring)

    def _keep(self, task: Task, number: int, group: Sequence[Ref], lot: Lot) -> None:
        lines, attempt = outputs.Lines(task.batch.id, task.version.id), task.attempt
        if lot.plain:
            ids = list(map(_CUSTOM_ID, group))
            attempt.add(lines.good(number, ids, lot.outputs, lot.seconds), len(lot))
            return
        stored = self._stored(task, number, lot)
        for at, (row, result) in enumerate(zip(group, stored, strict=True), start=number):
            if isinstance(result, Failed):
                attempt.add_failed(lines.bad(at, row.custom_id, result), 1)
                attempt.codes[result.code] += 1
            else:
                one = Lot.of(result)
                text = lines.good(at, [row.custom_id], one.outputs, one.seconds, result.metrics)
                attempt.add(text, 1)

    def _stored(self, task: Task, number: int, lot: Lot) -> list[Result]:
        """The results of rows `number` and after; the files that they hold are in the store."""
        shard, results, files = task.shard, list(lot), dict[str, Path]()
        prefix = outputs.attempt_prefix(task.batch.id, shard.first, shard.lease_token)
        attempt = prefix.rstrip("/").rpartition("/")[2]
        base = f"{self._url}/v1/batches/{task.batch.id}/files/{attempt}/"
        for at, result in enumerate(results):
            if isinstance(result, Succeeded) and result.files:
                row = f"{number + at}/"
                place = staging.placed(result, f"{prefix}{row}".__add__, f"{base}{row}".__add__)
                results[at] = place[0]
                files |= place[1]
        self._blobs.take(files)
        return results


def _results(runner: RowRunner, turn: Turn, ended: Callable[[], bool]) -> Iterator[Lot]:
    """In order; a row whose files are not here fails, and the others do not wait for it."""
    given = turn.given
    if Failed not in map(type, given):
        yield from runner.run(given, ended, turn.more)
        return
    good = [one for one in given if not isinstance(one, Failed)]
    results = itertools.chain.from_iterable(runner.run(good, ended))
    for one in given:
        result = one if isinstance(one, Failed) else next(results, None)
        if result is None:
            return
        yield Lot.of(result)
    next(results, None)  # to its end, where it gives the host back


def _first_size(version: Version) -> int:
    if version.seconds_per_item is None:
        return 1
    return max(1, min(int(MICRO_S / max(version.seconds_per_item, 1e-6)), FIRST_ROWS))


def _next_size(rows: int, took_s: float, size: int) -> int:
    """`rows`: those of the last turn; `size`: those it was to have at first."""
    if MICRO_S / 2 <= took_s * size / rows <= MICRO_S * 2:
        return size
    fitting = int(rows * min(MICRO_S / max(took_s, 1e-6), GROWTH))
    return max(1, min(fitting, MICRO_ROWS))
