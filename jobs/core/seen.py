"""Which custom_ids came twice, in memory that does not grow with the manifest."""

import heapq
import itertools
import operator
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

_BUCKETS = 256  # 100 million rows put 400,000 in each
#: in memory before they are spilled: some 80 MiB
_HELD = 2**20
#: of ids that are not hashed yet: long ones are not kept as they are
_HELD_LETTERS = 2**24


class Ids(NamedTuple):
    """The custom_ids of neighbouring rows, which hold no line ends."""

    rows: int
    #: one on each line
    text: str
    first: str
    last: str
    #: whether each is longer than the one before, or as long and greater: "row-9", "row-10"
    ascend: bool

    @classmethod
    def of(cls, ids: Sequence[str]) -> "Ids":
        """These ids, one or more."""
        return cls(len(ids), "\n".join(ids), ids[0], ids[-1], _ascending(ids))

    def apart(self) -> list[str]:
        """Each of them."""
        return self.text.split("\n")


class SeenIds:
    """Keeps 64-bit hashes of the ids; when they are many, with line numbers in files under `dir`.

    Ids that ascend, as numbered ones do, are not hashed until one does not, or they are many.

    The hash is Python's own: keyed per process, so nobody can build a manifest of collisions, and
    by chance two of a million ids collide once in some ten million manifests.
    """

    def __init__(self, dir: Path) -> None:
        self._dir = dir
        #: the first line of each run of neighbours, and the hashes of their ids
        self._runs: list[tuple[int, list[int]]] = []
        self._distinct: set[int] = set()
        #: the same before any hash was made, as text: ids hold no line ends
        self._texts: list[tuple[int, str]] = []
        self._letters = 0
        #: as long as ids ascend none comes twice, and nobody need ask for their hashes
        self._ascend = True
        self._last = ""
        self._count = 0
        self._spilled = False

    def add(self, ids: Ids, line: int) -> None:
        """Remember ids that stand on neighbouring lines, the first of them on `line`."""
        self._ascend = self._ascend and ids.ascend and _is_behind(self._last, ids.first)
        if self._ascend:
            self._last = ids.last
            self._keep(line, ids.text)
        else:
            self._hash_texts()
            self._hash(ids.apart(), line)
        self._count += ids.rows
        if self._count >= _HELD:
            self._spill()

    def _keep(self, line: int, text: str) -> None:
        self._texts.append((line, text))
        self._letters += len(text)
        if self._letters > _HELD_LETTERS:
            self._hash_texts()

    def _hash(self, ids: Sequence[str], line: int) -> None:
        hashes = list(map(hash, ids))
        self._runs.append((line, hashes))
        self._distinct.update(hashes)

    def _hash_texts(self) -> None:
        texts, self._texts, self._letters = self._texts, [], 0
        for line, text in texts:
            self._hash(text.split("\n"), line)

    def duplicates(self) -> Iterator[tuple[int, int]]:
        """(line, first_line) for each id that came before, in line order.

        Costs 16 bytes of memory per duplicate found, and nothing per id.
        """
        if self._ascend:
            return iter(())
        if not self._spilled:
            if len(self._distinct) == self._count:
                return iter(())
            return _repeats(self._held())
        self._spill()
        return heapq.merge(*(self._of_bucket(number) for number in range(_BUCKETS)))

    def _held(self) -> Iterator[tuple[int, int]]:
        for first, hashes in self._runs:
            yield from zip(hashes, itertools.count(first), strict=False)

    def close(self) -> None:
        """Remove what was spilled."""
        for number in range(_BUCKETS):
            self._file(number).unlink(missing_ok=True)

    def _file(self, number: int) -> Path:
        return self._dir / f"ids-{number:03}"

    def _spill(self) -> None:
        self._hash_texts()
        buckets = [array("q") for _ in range(_BUCKETS)]
        for key, line in self._held():
            buckets[key & (_BUCKETS - 1)].extend((key, line))
        for number, bucket in enumerate(buckets):
            with self._file(number).open("ab") as file:
                bucket.tofile(file)
        self._runs, self._distinct = [], set()
        self._count = 0
        self._spilled = True

    def _of_bucket(self, number: int) -> Iterator[tuple[int, int]]:
        entries = array("q")
        entries.frombytes(self._file(number).read_bytes())
        return _repeats(zip(entries[::2], entries[1::2], strict=True))


def _is_behind(last: str, id: str) -> bool:
    return (len(last), last) < (len(id), id)


def _ascending(ids: Sequence[str]) -> bool:
    last = ""
    for size, some in itertools.groupby(ids, len):
        row = list(some)
        if size < len(last) or not all(map(operator.lt, row, row[1:])):
            return False
        last = row[-1]
    return True


def _repeats(entries: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    first: dict[int, int] = {}
    repeats = array("q")
    for key, line in entries:
        earlier = first.setdefault(key, line)
        if earlier != line:
            repeats.extend((line, earlier))
    return zip(repeats[::2], repeats[1::2], strict=True)
