"""One shard's life: claim → bring inputs → micro-batch → predict → store → settle."""

import itertools
import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from jobs.core import manifest, outputs
from jobs.core.batch import LOSSES_BEFORE_SPLIT, MAX_ATTEMPTS, Batch, Shard
from jobs.core.errors import Fenced, FetchFailed, SetupFailed
from jobs.core.manifest import Row
from jobs.core.prediction import Failed, Result, Succeeded
from jobs.core.version import Version
from jobs.ports import Blobs, Clock, Store
from jobs.worker import rows as row_runner
from jobs.worker import staging
from jobs.worker.leases import LEASE_S, Lease
from jobs.worker.warm import Warm

#: a micro-batch is sized to take about this long, so that a cancel is heard soon
MICRO_S = 1.0
MICRO_ROWS = 4096
CHUNK = 1024 * 1024


@dataclass
class Attempt:
    """What one attempt at a shard has written so far, on this machine."""

    folder: Path
    output: BinaryIO
    errors: BinaryIO
    succeeded: int = 0
    failed: int = 0
    seconds: float = 0.0
    encode: Any = field(default_factory=lambda: msgspec.json.Encoder().encode)

    @classmethod
    def begin(cls) -> "Attempt":
        """An empty attempt in a new temporary folder."""
        folder = Path(tempfile.mkdtemp(prefix="shard-"))
        return cls(folder, (folder / "output").open("wb"), (folder / "errors").open("wb"))

    @property
    def rows(self) -> int:
        """Rows that have ended."""
        return self.succeeded + self.failed

    def write(self, line: dict[str, Any], good: bool) -> None:
        """Add a result row."""
        file = self.output if good else self.errors
        file.write(self.encode(line) + b"\n")
        if good:
            self.succeeded += 1
        else:
            self.failed += 1

    def end(self) -> None:
        """Remove it from this machine."""
        self.output.close()
        self.errors.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Shards:
    """Runs shards of a batch until there is none to claim."""

    def __init__(
        self,
        store: Store,
        blobs: Blobs,
        warm: Warm,
        fetch: Any,
        clock: Clock,
        *,
        url: str,
        timeout_s: float,
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._warm = warm
        self._fetch = fetch
        self._clock = clock
        self._url = url
        self._timeout_s = timeout_s

    def run_one(self, batch_id: str) -> bool:
        """Claim and run one shard; False if there was none."""
        batch: Batch = self._store.batches.get(batch_id)
        version: Version = self._store.models.version(batch.version, batch.model)
        claim = self._store.shards.claim(batch_id, LEASE_S, version.seconds_per_item)
        if claim is None:
            return False
        attempt = Attempt.begin()
        shard: Shard = claim.shard
        renew = self._store.shards.renew
        try:
            with Lease(lambda: str(renew(shard, LEASE_S, attempt.rows))) as lease:
                self._run(claim.batch, shard, version, attempt, lease)
        except Fenced:
            pass
        except SetupFailed as error:
            self._no_model(claim.batch, shard, version, error)
        except Exception:
            self._store.shards.give_back(shard, self._clock(), failed=True)
            raise
        finally:
            attempt.end()
        return True

    def _run(
        self, batch: Batch, shard: Shard, version: Version, attempt: Attempt, lease: Lease
    ) -> None:
        began = time.monotonic()
        if shard.losses >= LOSSES_BEFORE_SPLIT and shard.rows == 1:
            self._give_up(batch, shard, version, attempt)
        else:
            self._compute(batch, shard, version, attempt, lease)
        attempt.seconds = time.monotonic() - began
        self._commit(batch, shard, attempt, lease)
        if attempt.rows and not attempt.failed:
            self._store.models.measured(batch.model, version.id, attempt.seconds / attempt.rows)

    def _compute(
        self, batch: Batch, shard: Shard, version: Version, attempt: Attempt, lease: Lease
    ) -> None:
        runner = row_runner.RowRunner(self._warm, version, self._timeout_s)
        fields = staging.uri_fields(version.schema or {})
        rows = self._rows(batch, shard)
        size, number = 1 if version.seconds_per_item is None else _fit(version), shard.first
        while group := list(itertools.islice(rows, size)):
            began = time.monotonic()
            results = self._results(runner, batch, group, fields, lease)
            self._keep(batch, shard, number, group, results, version, attempt)
            number += len(results)
            lease.check()
            if len(results) < len(group) or lease.ended():
                return
            if time.monotonic() - began < MICRO_S / 2:
                size = min(size * 2, MICRO_ROWS)
            elif time.monotonic() - began > MICRO_S * 2:
                size = max(size // 2, 1)

    def _results(
        self,
        runner: row_runner.RowRunner,
        batch: Batch,
        group: Sequence[Row],
        fields: tuple[str, ...],
        lease: Lease,
    ) -> list[Result]:
        if not fields:
            results = runner.run([row.input for row in group], lease.ended)
        else:
            results = self._with_files(runner, batch, group, fields, lease)
        stopped = (at for at, one in enumerate(results) if _canceled(one))
        return results[: next(stopped, len(results))]

    def _with_files(
        self,
        runner: row_runner.RowRunner,
        batch: Batch,
        group: Sequence[Row],
        fields: tuple[str, ...],
        lease: Lease,
    ) -> list[Result]:
        fetch = self._fetch(batch.owner, batch.input_url)
        bad: dict[int, Result] = {}
        given: list[dict[str, Any]] = []
        with tempfile.TemporaryDirectory(prefix="inputs-") as folder:
            for at, row in enumerate(group):
                place = Path(folder) / str(at)
                place.mkdir()
                try:
                    given.append(staging.bring(row.input, fields, fetch, place))
                except FetchFailed as error:
                    bad[at] = Failed("input_unavailable", str(error))
            good = iter(runner.run(given, lease.ended))
            merged = (bad[at] if at in bad else next(good, None) for at in range(len(group)))
            return list(itertools.takewhile(lambda one: one is not None, merged))  # type: ignore[arg-type]

    def _rows(self, batch: Batch, shard: Shard) -> Iterator[Row]:
        snapshot = batch.snapshot or ""
        index = json.loads(b"".join(self._blobs.open(outputs.index_key(snapshot))))
        line, offset = manifest.locate(index, shard.first + 1)
        after = [at for number, at in index if number > shard.first + shard.rows]
        chunks = self._blobs.open(snapshot, start=offset, stop=after[0] if after else None)
        rows = manifest.read_snapshot(chunks, first_line=line)
        skip = shard.first + 1 - line
        return itertools.islice(rows, skip, skip + shard.rows)

    def _keep(
        self,
        batch: Batch,
        shard: Shard,
        number: int,
        group: Sequence[Row],
        results: Sequence[Result],
        version: Version,
        attempt: Attempt,
    ) -> None:
        for at, (row, result) in enumerate(zip(group, results, strict=False), start=number):
            if isinstance(result, Succeeded) and staging.has_files(result.output):
                result = self._stored(batch, shard, at, result)
            line = outputs.row(batch.id, at, row.custom_id, result, version.id)
            attempt.write(line, isinstance(result, Succeeded))

    def _stored(self, batch: Batch, shard: Shard, number: int, result: Succeeded) -> Succeeded:
        prefix = outputs.attempt_prefix(batch.id, shard.first, shard.lease_token)
        attempt = prefix.rstrip("/").rpartition("/")[2]
        base = f"{self._url}/v1/batches/{batch.id}/files/{attempt}/{number}/"
        output = staging.store(
            result.output, self._blobs, f"{prefix}{number}/".__add__, base.__add__
        )
        return Succeeded(output, result.predict_s, result.logs)

    def _commit(self, batch: Batch, shard: Shard, attempt: Attempt, lease: Lease) -> None:
        if attempt.rows == 0 or (attempt.rows < shard.rows and not lease.stop.is_set()):
            self._store.shards.give_back(shard, self._clock(), failed=False)
            return
        prefix = outputs.attempt_prefix(batch.id, shard.first, shard.lease_token)
        for name, file in (("output.jsonl", attempt.output), ("errors.jsonl", attempt.errors)):
            file.close()
            self._blobs.put(prefix + name, _chunks(Path(file.name)))
        done = replace(
            shard,
            rows=attempt.rows,
            output=prefix,
            succeeded=attempt.succeeded,
            failed=attempt.failed,
            seconds=attempt.seconds,
        )
        self._store.shards.commit(shard, done, self._clock())

    def _give_up(self, batch: Batch, shard: Shard, version: Version, attempt: Attempt) -> None:
        lost = Failed("worker_crashed", "every worker that ran this row was lost with it")
        self._fail_all(batch, shard, version, attempt, lost)

    def _fail_all(
        self, batch: Batch, shard: Shard, version: Version, attempt: Attempt, result: Failed
    ) -> None:
        for number, row in enumerate(self._rows(batch, shard), start=shard.first):
            attempt.write(outputs.row(batch.id, number, row.custom_id, result, version.id), False)

    def _no_model(self, batch: Batch, shard: Shard, version: Version, error: SetupFailed) -> None:
        """Another worker may do better; after several attempts the rows become error rows."""
        if shard.attempts + 1 < MAX_ATTEMPTS:
            self._store.shards.give_back(shard, self._clock(), failed=True)
            return
        attempt = Attempt.begin()
        try:
            self._fail_all(batch, shard, version, attempt, row_runner.setup_failed(error))
            with Lease(lambda: "go") as lease:
                self._commit(batch, shard, attempt, lease)
        except Fenced:
            return
        finally:
            attempt.end()


def _fit(version: Version) -> int:
    rows = int(MICRO_S / max(version.seconds_per_item or 0.0, 1e-6))
    return max(1, min(rows, MICRO_ROWS))


def _canceled(result: Result) -> bool:
    return isinstance(result, Failed) and result.code == "canceled"


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
