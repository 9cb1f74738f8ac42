"""Put the committed shards together, in input order and in constant memory."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from jobs.core import outputs
from jobs.core.batch import Batch, Counts, Shard, State, covers
from jobs.core.errors import Fenced
from jobs.core.prediction import Failed
from jobs.ports import Blobs, Clock, Store, Stored
from jobs.worker.drain import Drain
from jobs.worker.export import Export, Results
from jobs.worker.gather import Gather, Gathered
from jobs.worker.leases import LEASE_S, Lease
from jobs.worker.refs import Rows

LINES_AT_ONCE = 1000
STOPPED = {
    "cancelled": Failed("cancelled", "the batch was cancelled before this row was run"),
    "expired": Failed("expired", "the batch's window was over before this row was run"),
}


class Finalize:
    """finalizing → completed, cancelled or expired."""

    def __init__(
        self,
        store: Store,
        blobs: Blobs,
        export: Export,
        drain: Drain,
        clock: Clock,
        gather: Gather | None = None,
    ) -> None:
        """`gather`: may have put the output together by then."""
        self._gather = gather
        self._drain = drain
        self._store = store
        self._blobs = blobs
        self._export = export
        self._clock = clock

    def run(self, batch: Batch) -> None:
        """Finalize a claimed batch."""
        renew, give_back = self._store.batches.renew, self._store.batches.give_back
        try:
            with Lease(
                lambda: "go" if renew(batch, LEASE_S) else "lost",
                lambda: give_back(batch),
                self._drain,
            ) as lease:
                self._finalize(batch, lease)
        except Fenced:
            return

    def _finalize(self, batch: Batch, lease: Lease) -> None:
        done: list[Shard] = self._store.shards.done(batch.id)
        gaps = _gaps(done, batch.rows)
        whole = [(shard.first, shard.rows) for shard in done] + gaps
        if not covers(whole, batch.rows) or (gaps and not batch.stop):
            raise AssertionError(f"the shards of {batch.id} do not cover its rows")
        gathered = self._gather.finished(batch.id, done) if self._gather else None
        prefix, output = gathered or self._written(batch, done)
        written = {
            "output.jsonl": output,
            "errors.jsonl": self._blobs.put(
                prefix + "errors.jsonl",
                self._errors(batch, done, gaps, lease),
                content_type="application/jsonl",
            ),
        }
        counts = _counts(batch, gaps)
        index = self._index(batch, counts, written)
        text = json.dumps(index, indent=2).encode()
        self._blobs.put(prefix + "index.json", [text], content_type="application/json")
        errors = self._export.run(batch, Results(done, prefix, index), lease)
        lease.proceed()
        state = State(batch.stop) if batch.stop and gaps else State.COMPLETED
        changes = {"results": prefix, "counts": counts, "errors": errors}
        self._store.batches.move(batch, state, self._clock(), **changes)

    def _written(self, batch: Batch, done: list[Shard]) -> Gathered:
        prefix = outputs.final_prefix(batch.id, batch.lease_token)
        key, kind = f"{prefix}output.jsonl", "application/jsonl"
        return Gathered(prefix, self._blobs.put(key, self._outputs(done), content_type=kind))

    def _outputs(self, done: list[Shard]) -> Iterator[bytes | memoryview]:
        for shard in done:
            if shard.succeeded:
                yield from self._blobs.pieces(f"{shard.output}output.jsonl")

    def _errors(
        self, batch: Batch, done: list[Shard], gaps: list[tuple[int, int]], lease: Lease
    ) -> Iterator[bytes]:
        parts: list[tuple[int, int, Shard | None]] = [(s.first, s.rows, s) for s in done]
        parts += [(first, rows, None) for first, rows in gaps]
        for first, rows, shard in sorted(parts, key=lambda part: part[0]):
            lease.proceed()
            if shard is None:
                yield from self._not_run(batch, first, rows)
            elif shard.failed:
                yield from self._blobs.open(f"{shard.output}errors.jsonl")

    def _not_run(self, batch: Batch, first: int, rows: int) -> Iterator[bytes]:
        result = STOPPED[batch.stop or "cancelled"]
        lines = outputs.Lines(batch.id, batch.version)
        left = Rows(self._blobs, batch.snapshot or "", first, rows)
        while some := left.take(LINES_AT_ONCE):
            bad = (lines.bad(at, row.custom_id, result) for at, row in enumerate(some, first))
            yield b"".join(bad)
            first += len(some)

    def _index(self, batch: Batch, counts: Counts, written: dict[str, Stored]) -> dict[str, Any]:
        return {
            "batch": batch.id,
            "model": batch.model,
            "version": batch.version,
            "request_counts": vars(counts),
            "files": {
                name: {"size": stored.size_bytes, "sha256": stored.sha256}
                for name, stored in written.items()
            },
            "timings": batch.times,
            "shards": {"done": batch.shards_done, "redone": batch.shards_redone},
        }


def _gaps(done: list[Shard], rows: int) -> list[tuple[int, int]]:
    """(first, rows) of every run of rows that no committed shard has."""
    gaps, at = [], 0
    for shard in done:
        if shard.first > at:
            gaps.append((at, shard.first - at))
        at = shard.first + shard.rows
    return gaps + ([(at, rows - at)] if at < rows else [])


def _counts(batch: Batch, gaps: list[tuple[int, int]]) -> Counts:
    missing = sum(rows for _, rows in gaps)
    if not missing:
        return batch.counts
    if batch.stop == "expired":
        return replace(batch.counts, expired=missing)
    return replace(batch.counts, cancelled=missing)
