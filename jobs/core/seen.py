"""Which custom_ids came twice, in memory that does not grow with the manifest."""

import heapq
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path

_BUCKETS = 256  # 100 million rows put 400,000 in each
_HELD = 2**19  # ids in memory before they are spilled: 8 MiB, and 40 more while they are compared


class SeenIds:
    """Keeps 64-bit hashes and line numbers, spilled to files under `dir` when they are many.

    The hash is Python's own: keyed per process, so nobody can build a manifest of collisions, and
    by chance two of a million ids collide once in some ten million manifests.
    """

    def __init__(self, dir: Path) -> None:
        self._dir = dir
        self._keys = array("q")
        self._lines = array("q")
        self._distinct: set[int] = set()
        self._spilled = False

    def add(self, ids: Sequence[str], line: int) -> None:
        """Remember ids that stand on neighbouring lines, the first of them on `line`."""
        keys = list(map(hash, ids))
        self._keys.extend(keys)
        self._distinct.update(keys)
        self._lines.extend(range(line, line + len(ids)))
        if len(self._keys) >= _HELD:
            self._spill()

    def duplicates(self) -> Iterator[tuple[int, int]]:
        """(line, first_line) for each id that came before, in line order.

        Costs 16 bytes of memory per duplicate found, and nothing per id.
        """
        if not self._spilled:
            if len(self._distinct) == len(self._keys):
                return iter(())
            return _repeats(self._keys, self._lines)
        self._spill()
        return heapq.merge(*(self._of_bucket(number) for number in range(_BUCKETS)))

    def close(self) -> None:
        """Remove what was spilled."""
        for number in range(_BUCKETS):
            self._file(number).unlink(missing_ok=True)

    def _file(self, number: int) -> Path:
        return self._dir / f"ids-{number:03}"

    def _spill(self) -> None:
        buckets = [array("q") for _ in range(_BUCKETS)]
        for key, line in zip(self._keys, self._lines, strict=True):
            buckets[key & (_BUCKETS - 1)].extend((key, line))
        for number, bucket in enumerate(buckets):
            with self._file(number).open("ab") as file:
                bucket.tofile(file)
        self._keys, self._lines, self._distinct = array("q"), array("q"), set()
        self._spilled = True

    def _of_bucket(self, number: int) -> Iterator[tuple[int, int]]:
        entries = array("q")
        entries.frombytes(self._file(number).read_bytes())
        return _repeats(entries[::2], entries[1::2])


def _repeats(keys: "array[int]", lines: "array[int]") -> Iterator[tuple[int, int]]:
    first: dict[int, int] = {}
    repeats = array("q")
    for key, line in zip(keys, lines, strict=True):
        earlier = first.setdefault(key, line)
        if earlier != line:
            repeats.extend((line, earlier))
    return zip(repeats[::2], repeats[1::2], strict=True)
