"""Where things lie in the object store, and the rows of the result files."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from jobs.core.prediction import Failed

#: what nobody committed is removed so long after the end: a stale worker may still be writing
LEFTOVERS_KEPT_S = 3600.0
#: where uploads lie until their hash is known
INCOMING = "incoming/"
_ATTEMPT = re.compile(
    r"batches/[^/]+/(?:manifest\.\d+\.|validation-errors\.|shards/\d+\.\d+/|results\.\d+/)"
    r"|predictions/[^/]+/\d+/"
)


def file_key(sha256: str) -> str:
    """A bundle's file: by content, so that a second version shares it."""
    return f"bundles/{sha256[:2]}/{sha256}"


def lock_key(version: str, kind: str) -> str:
    """The packages that a version was resolved to, on machines of one kind."""
    return f"{lock_prefix(version)}{kind}.txt"


def lock_prefix(version: str) -> str:
    """Of machines of all kinds."""
    return f"locks/{version}/"


def upload_key(file_id: str) -> str:
    """A file that a user uploaded."""
    return f"uploads/{file_id}"


def snapshot_key(batch: str, token: int) -> str:
    """The checked manifest as plain JSON Lines; its index lies beside it."""
    return f"batches/{batch}/manifest.{token}.jsonl"


def index_key(snapshot: str) -> str:
    """The sparse (row, offset) index of a snapshot."""
    return snapshot.removesuffix(".jsonl") + ".index"


def attempt_prefix(batch: str, first: int, token: int) -> str:
    """All that one attempt at one shard writes."""
    return f"batches/{batch}/shards/{first:012d}.{token}/"


def final_prefix(batch: str, token: int) -> str:
    """All that one attempt at finalizing writes."""
    return f"batches/{batch}/results.{token}/"


_RESULT_ID = re.compile(r"file_(batch_[0-9a-f]+)_(output|errors)")


def result_id(batch: str, what: str) -> str:
    """The id under which a result is a file; `what` is "output" or "errors"."""
    return f"file_{batch}_{what}"


def parse_result_id(id: str) -> tuple[str, str] | None:
    """The batch and the name of the result that a file id stands for, if it stands for one."""
    found = _RESULT_ID.fullmatch(id)
    return (found[1], f"{found[2]}.jsonl") if found else None


def prediction_prefix(prediction: str, token: int) -> str:
    """The output files of one attempt at one prediction."""
    return f"predictions/{prediction}/{token}/"


#: the last digits of a row's number: those before them are the same for a thousand rows
_FIRST_ROWS = [b"%d" % number for number in range(1000)]
_LATER_ROWS = [b"%03d" % number for number in range(1000)]
#: what follows the metrics of a row
_ROW_END = b'}}},"error":null}\n'


class Lines:
    """Writes the rows of one batch's result files, in OpenAI's shape.

    A row's `id` follows from the batch and the row's number, so that a redo gives the same.
    """

    def __init__(self, batch: str, version: str) -> None:
        id = f"{batch}_".encode()
        self._id = id
        # what never changes, with places for what does: id, custom_id, id, output, seconds
        self._good = [
            b'{"id":"%b' % id,
            b"",
            b'","custom_id":',
            b"",
            b',"response":{"status_code":200,"request_id":"%b' % id,
            b"",
            b'","body":{"status":"succeeded","version":"%b","output":' % version.encode(),
            b"",
            b',"metrics":{"predict_time":',
            b"",
            _ROW_END,
        ]

    def good(
        self,
        first: int,
        custom_ids: Sequence[bytes],
        outputs: Sequence[bytes],
        seconds: Sequence[bytes],
        metrics: dict[str, Any] | None = None,
    ) -> bytes:
        """Lines of output.jsonl from row `first` on; all three are JSON text.

        `metrics`: of a single row, what its model noted.
        """
        # by column, since this runs a million times: row by row it takes twice as long
        pieces, numbers, each = list[bytes](), list[bytes](), len(self._good)
        for head, tails in _numbers(first, first + len(custom_ids)):
            pieces += self._row(head) * len(tails)
            numbers += tails
        pieces[1::each] = pieces[5::each] = numbers
        pieces[3::each], pieces[7::each], pieces[9::each] = custom_ids, outputs, seconds
        text = b"".join(pieces)
        return _with_metrics(text, metrics) if metrics else text

    def _row(self, head: bytes) -> list[bytes]:
        """A row's pieces, those whose number begins like this."""
        row = self._good.copy()
        row[0] += head
        row[4] += head
        return row

    def bad(self, number: int, custom_id: bytes, result: Failed) -> bytes:
        """A line of errors.jsonl; `custom_id` is JSON text."""
        error = json.dumps({"code": result.code, "message": result.message}).encode()
        return b'{"id":"%b%d","custom_id":%b,"response":null,"error":%b}\n' % (
            self._id,
            number,
            custom_id,
            error,
        )


def _numbers(first: int, stop: int) -> Iterator[tuple[bytes, list[bytes]]]:
    """The digits of the numbers from `first` on: how they begin, and how each of them ends."""
    while first < stop:
        head, low = divmod(first, 1000)
        tails = (_LATER_ROWS if head else _FIRST_ROWS)[low : low + stop - first]
        yield b"%d" % head if head else b"", tails
        first += len(tails)


def _with_metrics(line: bytes, metrics: dict[str, Any]) -> bytes:
    head, end = line[: -len(_ROW_END)], line[-len(_ROW_END) :]
    return head + b"," + json.dumps(metrics, ensure_ascii=False).encode()[1:-1] + end


def validation_key(batch: str) -> str:
    """Every problem of a refused manifest, as JSON Lines."""
    return f"batches/{batch}/validation-errors.jsonl"


def batch_prefix(batch: str) -> str:
    """All that is kept of a batch."""
    return f"batches/{batch}/"


def prediction_folder(prediction: str) -> str:
    """All that is kept of a prediction."""
    return f"predictions/{prediction}/"


def attempt_of(key: str) -> str | None:
    """The part of a key that all keys of the same attempt begin with; None: no attempt wrote it."""
    found = _ATTEMPT.match(key)
    return found.group(0) if found else None
