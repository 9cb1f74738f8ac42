"""Rows of a snapshot, with what is inside them left as the bytes that it is."""

import json
from collections.abc import Iterator

import msgspec

from jobs.core import outputs
from jobs.core.lines import blocks, cut
from jobs.core.snapshot import span
from jobs.ports import Blobs

_NO_CAP = 2**62
#: so much is decoded at a time
BLOCK_BYTES = 2**16


class Ref(msgspec.Struct, gc=False):
    """One row; both fields are JSON text."""

    custom_id: msgspec.Raw
    input: msgspec.Raw


class Rows:
    """A run of rows, read from the store as they are taken."""

    def __init__(self, blobs: Blobs, snapshot: str, first: int, rows: int) -> None:
        """Rows `first` to `first + rows - 1`, counted from 0; no others are read."""
        index = json.loads(b"".join(blobs.open(outputs.index_key(snapshot))))
        self._skip, start, stop = span(index, first, rows)
        self._left = rows
        chunks = blobs.open(snapshot, start=start, stop=stop)
        whole = blocks(chunks, _NO_CAP)
        self._blocks = (text for block in whole for text in cut(block or b"", BLOCK_BYTES))
        self._block: list[Ref] = []
        #: bytes of a row, of those that were read last
        self.weight = 1.0

    def take(self, most: int, most_bytes: float = 2**25) -> list[Ref]:
        """The next rows, at most so many, and no more once they have so many bytes."""
        taken: list[Ref] = []
        weight = 0.0
        while len(taken) < most and weight < most_bytes and self._fill():
            fit = 1 + int((most_bytes - weight) / self.weight)
            some = self._block[: min(most - len(taken), fit)]
            del self._block[: len(some)]
            taken += some
            weight += len(some) * self.weight
        return taken

    def __iter__(self) -> Iterator[Ref]:
        """The rows that are left."""
        while some := self.take(1000):
            yield from some

    def _fill(self) -> bool:
        while not self._block and self._left:
            text = next(self._blocks)
            found = _DECODE(text)
            self.weight = max(1.0, len(text) / max(1, len(found)))
            self._block = found[self._skip : self._skip + self._left]
            self._skip = max(0, self._skip - len(found))
            self._left -= len(self._block)
        return bool(self._block)


_DECODE = msgspec.json.Decoder(Ref).decode_lines
