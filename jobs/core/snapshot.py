"""The checked manifest as plain JSON Lines, with a sparse index of where its rows begin."""

import bisect
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from jobs.core.seen import Ids


class Block(NamedTuple):
    """A run of good rows that stood on neighbouring lines."""

    #: the line of the first of them, in the source
    line: int
    ids: Ids
    #: `{"custom_id": ..., "input": ...}`, one on each line, each with its line end
    text: bytes


class Snapshot:
    """Good rows as bytes; iterate once to write them, then the rest is known."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._blocks = blocks
        #: (number of a row, from 1; where it begins), one entry for each block
        self.index: list[tuple[int, int]] = []
        self.rows = 0
        self.size_bytes = 0

    def __iter__(self) -> Iterator[bytes]:
        for block in self._blocks:
            self.index.append((self.rows + 1, self.size_bytes))
            self.rows += block.ids.rows
            self.size_bytes += len(block.text)
            yield block.text


def span(index: Sequence[Sequence[int]], first: int, rows: int) -> tuple[int, int, int | None]:
    """Where to read rows `first` to `first + rows - 1`, counted from 0.

    Answers with (how many rows to skip, offset to start at, offset to stop at or None for the
    end).
    """
    at = bisect.bisect_right(index, first + 1, key=lambda entry: entry[0]) - 1
    after = bisect.bisect_left(index, first + rows + 1, key=lambda entry: entry[0])
    number, start = index[max(0, at)]
    return first + 1 - number, start, index[after][1] if after < len(index) else None
