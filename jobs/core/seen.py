"""Which custom_ids came twice, in memory that does not grow with the manifest."""

import heapq
import itertools
from array import array
from collections.abc import Hashable, Iterable, Iterator, Sequence
from pathlib import Path

_BUCKETS = 256  # 100 million rows put 400,000 in each
#: in memory before they are spilled: some 30 MiB
_HELD, _HELD_CHARS = 2**18, 2**24


class SeenIds:
    """Keeps the ids; when they are many, 64-bit hashes and line numbers in files under `dir`.

    The hash is Python's own: keyed per process, so nobody can build a manifest of collisions, and
    by chance two of a million ids collide once in some ten million manifests.
    """

    def __init__(self, dir: Path) -> None:
        self._dir = dir
        #: the first line of each run of neighbours, and their ids
        self._runs: list[tuple[int, Sequence[str]]] = []
        self._distinct: set[str] = set()
        self._ids = self._chars = 0
        self._spilled = False

    def add(self, ids: Sequence[str], line: int) -> None:
        """Remember ids that stand on neighbouring lines, the first of them on `line`."""
        self._runs.append((line, ids))
        self._distinct.update(ids)
        self._ids += len(ids)
        self._chars += sum(map(len, ids))
        if self._ids >= _HELD or self._chars >= _HELD_CHARS:
            self._spill()

    def duplicates(self) -> Iterator[tuple[int, int]]:
        """(line, first_line) for each id that came before, in line order.

        Costs 16 bytes of memory per duplicate found, and nothing per id.
        """
        if not self._spilled:
            if len(self._distinct) == self._ids:
                return iter(())
            return _repeats(self._held())
        self._spill()
        return heapq.merge(*(self._of_bucket(number) for number in range(_BUCKETS)))

    def _held(self) -> Iterator[tuple[str, int]]:
        for first, ids in self._runs:
            yield from zip(ids, itertools.count(first), strict=False)

    def close(self) -> None:
        """Remove what was spilled."""
        for number in range(_BUCKETS):
            self._file(number).unlink(missing_ok=True)

    def _file(self, number: int) -> Path:
        return self._dir / f"ids-{number:03}"

    def _spill(self) -> None:
        buckets = [array("q") for _ in range(_BUCKETS)]
        for id, line in self._held():
            key = hash(id)
            buckets[key & (_BUCKETS - 1)].extend((key, line))
        for number, bucket in enumerate(buckets):
            with self._file(number).open("ab") as file:
                bucket.tofile(file)
        self._runs, self._distinct = [], set()
        self._ids = self._chars = 0
        self._spilled = True

    def _of_bucket(self, number: int) -> Iterator[tuple[int, int]]:
        entries = array("q")
        entries.frombytes(self._file(number).read_bytes())
        return _repeats(zip(entries[::2], entries[1::2], strict=True))


def _repeats(entries: Iterable[tuple[Hashable, int]]) -> Iterator[tuple[int, int]]:
    first: dict[Hashable, int] = {}
    repeats = array("q")
    for key, line in entries:
        earlier = first.setdefault(key, line)
        if earlier != line:
            repeats.extend((line, earlier))
    return zip(repeats[::2], repeats[1::2], strict=True)
