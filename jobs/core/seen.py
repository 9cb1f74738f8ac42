"""Which custom_ids came twice, in memory that does not grow with the manifest."""

import heapq
from array import array
from collections.abc import Iterator
from pathlib import Path

_BUCKETS = 256  # 100 million rows put 400,000 in each
_BUFFERED = 2048  # array entries, two per row: 4 MiB over all buckets


class SeenIds:
    """Keeps 64-bit hashes and line numbers, spilled to files under `dir` when they are many.

    The hash is Python's own: keyed per process, so nobody can build a manifest of collisions, and
    by chance two of a million ids collide once in some ten million manifests.
    """

    def __init__(self, dir: Path) -> None:
        self._dir = dir
        self._buckets = [array("q") for _ in range(_BUCKETS)]

    def add(self, id: str, line: int) -> None:
        """Remember that `id` stands on `line`."""
        key = hash(id)
        bucket = self._buckets[key & (_BUCKETS - 1)]
        bucket.append(key)
        bucket.append(line)
        if len(bucket) >= _BUFFERED:
            self._spill(key & (_BUCKETS - 1))

    def duplicates(self) -> Iterator[tuple[int, int]]:
        """(line, first_line) for each id that came before, in line order.

        Costs 16 bytes of memory per duplicate found, and nothing per id.
        """
        found = [_pairs(self._repeats(number)) for number in range(_BUCKETS)]
        return heapq.merge(*found)

    def close(self) -> None:
        """Remove what was spilled."""
        for number in range(_BUCKETS):
            self._file(number).unlink(missing_ok=True)

    def _file(self, number: int) -> Path:
        return self._dir / f"ids-{number:03}"

    def _spill(self, number: int) -> None:
        with self._file(number).open("ab") as file:
            self._buckets[number].tofile(file)
        del self._buckets[number][:]

    def _repeats(self, number: int) -> "array[int]":
        entries = array("q")
        if self._file(number).exists():
            entries.frombytes(self._file(number).read_bytes())
        entries += self._buckets[number]
        first: dict[int, int] = {}
        repeats = array("q")
        for key, line in zip(entries[::2], entries[1::2], strict=True):
            earlier = first.setdefault(key, line)
            if earlier != line:
                repeats.extend((line, earlier))
        return repeats


def _pairs(flat: "array[int]") -> Iterator[tuple[int, int]]:
    return zip(flat[::2], flat[1::2], strict=True)
