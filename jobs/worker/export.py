"""Write a batch's results once more, where its caller asked for them, in constant memory."""

import json
import mimetypes
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any

from jobs.core import addresses
from jobs.core.batch import Batch, Shard
from jobs.core.errors import BlobError, BlobMissing, BlobRefused
from jobs.ports import Blobs, BlobStat, Stored
from jobs.worker.leases import Lease
from jobs.worker.patience import Patience

#: a destination that fails for so long is given up; the results stay in our store
PATIENCE_S = 600.0
THREADS = 4
LOT = 64
RESULTS = ("output.jsonl", "errors.jsonl")


class OwnStoreFailed(Exception):
    """Our own store did not give the bytes: nothing is wrong with the destination."""


@dataclass(frozen=True)
class Results:
    """What finalizing made: the committed shards, the key prefix of their files, the index."""

    done: list[Shard]
    prefix: str
    index: dict[str, Any]


class Export:
    """Copies committed results; done twice, it writes the same bytes under the same keys."""

    def __init__(
        self, blobs: Blobs, bucket: Callable[[str], Blobs], *, patience_s: float = PATIENCE_S
    ) -> None:
        self._blobs = blobs
        self._bucket = bucket
        self._patience_s = patience_s

    def run(self, batch: Batch, results: Results, lease: Lease) -> tuple[dict[str, Any], ...]:
        """Write everything, `index.json` last; answers with the problem that stopped it, if any.

        Raises:
            OwnStoreFailed: try again later.
            Fenced: somebody else finalizes the batch by now.
        """
        if batch.exported_to is None:
            return ()
        bucket, _, prefix = batch.exported_to.removeprefix("s3://").partition("/")
        patience = Patience(self._patience_s, lease.proceed)
        copy = _Copy(self._blobs, self._bucket(bucket), prefix, patience)
        try:
            copy.run(batch, results)
        except BlobError as error:
            return (problem(error),)
        return ()


class _Copy:
    """One attempt at one batch."""

    def __init__(self, ours: Blobs, theirs: Blobs, prefix: str, patience: Patience) -> None:
        self._ours = ours
        self._theirs = theirs
        self._prefix = prefix
        self._patience = patience

    def run(self, batch: Batch, results: Results) -> None:
        files = self._files(results.done)
        written = {name: self._lines(batch, results.prefix, name) for name in RESULTS}
        told = results.index | {
            "files": {
                name: {"size": stored.size_bytes, "sha256": stored.sha256}
                for name, stored in written.items()
            },
            "output_files": files,
        }
        text = json.dumps(told, indent=2).encode()
        self._put("index.json", lambda: iter([text]), "application/json")

    def _lines(self, batch: Batch, prefix: str, name: str) -> Stored:
        def chunks() -> Iterator[bytes]:
            url = batch.exported_to or ""
            return addresses.exported(_bytes(self._ours, prefix + name), batch.id, url)

        return self._put(name, chunks, "application/jsonl")

    def _files(self, done: list[Shard]) -> dict[str, int]:
        """Send every output file, several at a time; how many they are and how large."""
        count = size_bytes = 0
        listed = _listed(self._ours, done)
        begun = self._begun()
        pool = ThreadPoolExecutor(THREADS, thread_name_prefix="export")
        try:
            while lot := list(islice(listed, LOT)):
                list(pool.map(lambda one: self._file(*one, begun=begun), lot))
                count += len(lot)
                size_bytes += sum(stat.size_bytes for stat, _ in lot)
        finally:
            pool.shutdown(cancel_futures=True)
        return {"count": count, "size": size_bytes}

    def _begun(self) -> bool:
        """Whether an earlier attempt has left files that need not be sent again."""

        def look() -> bool:
            return next(self._theirs.list(self._prefix), None) is not None

        try:
            return self._patience.with_(look)
        except BlobRefused:  # whoever may write need not have the right to list
            return False

    def _file(self, stat: BlobStat, place: str, *, begun: bool) -> None:
        name = addresses.exported_file(place)
        if begun and self._size(name) == stat.size_bytes:
            return
        kind = mimetypes.guess_type(place)[0] or "application/octet-stream"
        self._put(name, lambda: _bytes(self._ours, stat.key), kind)

    def _size(self, name: str) -> int | None:
        try:
            return self._theirs.stat(self._prefix + name).size_bytes
        except (BlobMissing, BlobRefused):
            return None

    def _put(self, name: str, chunks: Callable[[], Iterator[bytes]], kind: str) -> Stored:
        key = self._prefix + name
        return self._patience.with_(lambda: self._theirs.put(key, chunks(), content_type=kind))


def _listed(blobs: Blobs, done: list[Shard]) -> Iterator[tuple[BlobStat, str]]:
    """(object, `ROW/NAME`) of every file that a committed attempt gave."""
    for shard in done:
        prefix = shard.output or ""
        try:
            for stat in blobs.list(prefix):
                place = stat.key.removeprefix(prefix)
                if "/" in place:
                    yield stat, place
        except BlobError as error:
            raise OwnStoreFailed(str(error)) from error


def _bytes(blobs: Blobs, key: str) -> Iterator[bytes]:
    try:
        yield from blobs.open(key)
    except BlobError as error:
        raise OwnStoreFailed(str(error)) from error


def problem(error: BlobError) -> dict[str, Any]:
    """What stands in the batch's `errors`; its results are whole all the same."""
    message = (
        f"the results could not be written to the destination ({error}); they are whole in"
        " Penstock's own store: `penstock batch results`"
    )
    return {
        "line": None,
        "column": None,
        "field": "destination",
        "code": "export_failed",
        "message": message,
    }
