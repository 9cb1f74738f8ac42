"""Validate a manifest before any GPU time is spent, and keep a plain copy of it."""

import heapq
import itertools
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec

from jobs.core import manifest, outputs, typed
from jobs.core.batch import Batch, Counts, State
from jobs.core.checker import compile as compile_checker
from jobs.core.errors import BadRequest, BlobError, Fenced, JobsError, Unavailable
from jobs.core.lines import blocks
from jobs.core.manifest import Problem
from jobs.core.seen import Ids, SeenIds
from jobs.core.snapshot import Block, Snapshot
from jobs.core.version import spellings
from jobs.ports import Blobs, Clock, Store
from jobs.worker.checkers import Checkers
from jobs.worker.drain import Drain
from jobs.worker.leases import LEASE_S, Lease
from jobs.worker.refs import Rows

#: so many problems stand on the batch itself; all are in a file
SHOWN = 100
#: a manifest that ends every worker that reads it may not do so for ever
MAX_TRIES = 50
WORN_OUT = (
    "validating this manifest ended its worker every time; the server's log may say why."
    " Submit it in smaller parts"
)
#: a file with so many problems is not read any further
MOST_PROBLEMS = 100_000
GZIP = b"\x1f\x8b"


class _Named(msgspec.Struct):
    """The part of an error row that names its input row."""

    custom_id: str


_ERRORS = msgspec.json.Decoder(_Named).decode_lines
_TEXT = msgspec.json.Decoder(str).decode
_LINES = msgspec.json.Encoder().encode_lines


class Problems:
    """Every problem in line order, spooled to a file."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w+", encoding="utf-8")
        self.count = 0

    def add(self, problem: Problem) -> None:
        """Keep one more; they come in line order."""
        self._file.write(json.dumps(asdict(problem), ensure_ascii=False) + "\n")
        self.count += 1

    def close(self) -> None:
        """Close the file; it goes with its folder."""
        self._file.close()

    def merged(self, more: Iterable[Problem]) -> Iterator[dict[str, Any]]:
        """These and others, in line order."""
        self._file.seek(0)
        mine = (json.loads(line) for line in self._file)
        others = (asdict(problem) for problem in more)
        return heapq.merge(mine, others, key=lambda problem: problem["line"])


class Validate:
    """validating → in_progress, or failed with every bad line named."""

    def __init__(
        self,
        store: Store,
        blobs: Blobs,
        source: Callable[[Batch], Iterator[bytes]],
        drain: Drain,
        clock: Clock,
        checkers: Checkers | None = None,
    ) -> None:
        """`checkers`: who help with a large manifest."""
        self._checkers = checkers or Checkers(0)
        self._drain = drain
        self._store = store
        self._blobs = blobs
        self._source = source
        self._clock = clock

    def run(self, batch: Batch) -> None:
        """Validate a claimed batch."""
        renew, give_back = self._store.batches.renew, self._store.batches.give_back
        with (
            Lease(
                lambda: "go" if renew(batch, LEASE_S) else "lost",
                lambda: give_back(batch),
                self._drain,
            ) as lease,
            tempfile.TemporaryDirectory(prefix="validate-") as folder,
        ):
            try:
                if batch.lease_token > MAX_TRIES:
                    raise BadRequest(WORN_OUT, code="validation_failed")
                self._validate(batch, Path(folder), lease)
            except Fenced:
                return
            except Unavailable:
                raise
            except JobsError as error:
                if type(error) is BlobError and batch.lease_token < MAX_TRIES:
                    raise  # the store is away, not the object: tried again once the lease is over
                self._refuse(batch, [_problem(error)])

    def _validate(self, batch: Batch, folder: Path, lease: Lease) -> None:
        with closing(Problems(folder / "problems")) as problems:
            self._checked(batch, problems, folder, lease)

    def _checked(self, batch: Batch, problems: Problems, folder: Path, lease: Lease) -> None:
        seen = SeenIds(folder)
        snapshot = Snapshot(_good(self._entries(batch), problems, seen, lease))
        key = outputs.snapshot_key(batch.id, batch.lease_token)
        self._blobs.put(key, snapshot, content_type="application/jsonl")
        repeats = (manifest.duplicate(line, first) for line, first in seen.duplicates())
        found = problems.merged(repeats)
        first = next(found, None)
        if first is not None:
            self._blobs.delete([key])
            self._refuse(batch, itertools.chain([first], found))
            return
        index = json.dumps(snapshot.index).encode()
        self._blobs.put(outputs.index_key(key), [index], content_type="application/json")
        lease.proceed()
        self._store.batches.move(
            batch,
            State.IN_PROGRESS,
            self._clock(),
            snapshot=key,
            rows=snapshot.rows,
            size_bytes=snapshot.size_bytes,
            counts=Counts(total=snapshot.rows),
        )

    def _entries(self, batch: Batch) -> Iterator[Block | Problem]:
        if batch.parent:
            return self._failed_rows(batch.parent)
        version = self._store.models.version(batch.version, batch.model)
        named = batch.spellings or spellings(batch.model, batch.model, batch.version)
        chunks = self._source(batch)
        head = next(chunks, b"")
        return manifest.read(
            itertools.chain([head], chunks),
            gzip=head.startswith(GZIP) or self._name(batch).endswith(".gz"),
            check=compile_checker(version.schema),
            judge=typed.judge(version.schema),
            spellings=named,
            each=self._checkers.of(version.schema, named),
        )

    def _name(self, batch: Batch) -> str:
        if batch.input_file_id is None:
            return batch.input_url or ""
        return str(self._store.files.get(batch.input_file_id, batch.owner).name)

    def _failed_rows(self, parent_id: str) -> Iterator[Block]:
        """The parent's rows that gave no output: two files in the same order, read side by side."""
        parent: Batch = self._store.batches.get(parent_id)
        errors = self._blobs.open(f"{parent.results}errors.jsonl")
        rows = iter(Rows(self._blobs, parent.snapshot or "", 0, parent.rows))
        line = 1
        for text in blocks(errors, 2**62):
            ids = [one.custom_id for one in _ERRORS(text or b"")]
            found = [next(row for row in rows if _TEXT(row.custom_id) == id) for id in ids]
            yield Block(line, Ids.of(ids), _LINES(found))
            line += len(ids)

    def _refuse(self, batch: Batch, problems: Iterable[dict[str, Any]]) -> None:
        shown: list[dict[str, Any]] = []

        def text() -> Iterator[bytes]:
            for number, problem in enumerate(problems):
                if number == MOST_PROBLEMS:
                    problem = _too_many(problem["line"])
                if number < SHOWN:
                    shown.append(problem)
                yield json.dumps(problem, ensure_ascii=False).encode() + b"\n"
                if number == MOST_PROBLEMS:
                    return

        self._blobs.put(outputs.validation_key(batch.id), text())
        self._store.batches.move(batch, State.FAILED, self._clock(), errors=tuple(shown))


def _good(
    entries: Iterable[Block | Problem], problems: Problems, seen: SeenIds, lease: Lease
) -> Iterator[Block]:
    for entry in entries:
        lease.proceed()
        if isinstance(entry, Problem):
            problems.add(entry)
            if problems.count > MOST_PROBLEMS:
                return
            continue
        seen.add(entry.ids, entry.line)
        # a refused manifest is read to its end for its problems, not to be kept
        if not problems.count:
            yield entry


def _too_many(line: int) -> dict[str, Any]:
    message = f"line {line}: more than {MOST_PROBLEMS:,} problems; from here they are not told"
    return asdict(Problem(line, None, None, "too_many_problems", message))


def _problem(error: JobsError) -> dict[str, Any]:
    return {"line": 0, "column": None, "field": None, "code": error.code, "message": str(error)}
