"""Rows of a snapshot, with what is inside them left as the bytes that it is."""

import json
from collections.abc import Iterator
from itertools import chain, islice

import msgspec

from jobs.core import outputs
from jobs.core.lines import blocks
from jobs.core.snapshot import span
from jobs.ports import Blobs

_NO_CAP = 2**62


class Ref(msgspec.Struct, gc=False):
    """One row; both fields are JSON text."""

    custom_id: msgspec.Raw
    input: msgspec.Raw


def read(blobs: Blobs, snapshot: str, first: int, rows: int) -> Iterator[Ref]:
    """Rows `first` to `first + rows - 1` of a snapshot, counted from 0; only those are read."""
    index = json.loads(b"".join(blobs.open(outputs.index_key(snapshot))))
    skip, start, stop = span(index, first, rows)
    decode = msgspec.json.Decoder(Ref).decode_lines
    lots = (
        decode(text or b"")
        for text in blocks(blobs.open(snapshot, start=start, stop=stop), _NO_CAP)
    )
    return islice(chain.from_iterable(lots), skip, skip + rows)
