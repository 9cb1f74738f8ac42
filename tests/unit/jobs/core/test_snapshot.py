"""A snapshot can be entered at any row, and only what is needed is read."""

import pytest

from jobs.core.seen import Ids
from jobs.core.snapshot import Block, Snapshot, span


def snapshot(sizes: list[int]) -> tuple[Snapshot, bytes, list[bytes]]:
    """One with blocks of so many rows, its bytes, and its lines."""
    lines = [b"%d" % number * (number % 3 + 1) for number in range(sum(sizes))]
    blocks, at = [], 0
    for size in sizes:
        text = b"\n".join([*lines[at : at + size], b""])
        blocks.append(Block(at + 1, Ids.of([str(number) for number in range(at, at + size)]), text))
        at += size
    made = Snapshot(blocks)
    return made, b"".join(made), lines


@pytest.mark.parametrize("sizes", [[1], [5], [1, 1, 1], [3, 1, 4, 2], [1000, 1, 500]])
def test_every_run_of_rows_is_found(sizes: list[int]) -> None:
    made, data, lines = snapshot(sizes)
    total = sum(sizes)
    assert (made.rows, made.size_bytes, len(made.index)) == (total, len(data), len(sizes))
    edges = sorted({0, 1, 2, total // 2, total - 1, *(sum(sizes[:n]) for n in range(len(sizes)))})
    for first in (edge for edge in edges if edge < total):
        for rows in {1, 2, total - first}:
            skip, start, stop = span(made.index, first, rows)
            read = data[start:stop].splitlines()
            assert read[skip : skip + rows] == lines[first : first + rows]
            # nothing beyond the blocks that hold the rows
            assert skip < max(sizes)
            assert len(read) < skip + rows + max(sizes)


def test_an_empty_snapshot() -> None:
    made, data, _ = snapshot([])
    assert (data, made.rows, made.size_bytes, made.index) == (b"", 0, 0, [])
