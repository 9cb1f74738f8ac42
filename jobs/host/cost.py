"""What a pass costs by how many items it has and how wide they are, learned from passes."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, cycle, islice, starmap

#: passes of like size that are remembered, and widths of items
PASSES, WIDTHS = 8, 512
#: rounds of the fit: its three numbers hardly move after these
ROUNDS = 60


class Cost:
    """Seconds of a pass: some for itself, some for each item, some for each unit of its width.

    A pass is as wide as its widest item. To compare sizes, which had passes of different widths,
    each is thought of with the passes that the last items would have made at that size.
    """

    def __init__(self) -> None:
        self._seen: dict[int, deque[tuple[int, float, float]]] = {}
        self._parts = (1.0, 0.0, 0.0)
        self._widths = deque([1.0], maxlen=WIDTHS)
        #: items that were given together
        self._lot = 1
        #: the seconds that are usual, by size
        self._usual: dict[int, float] = {}

    def given(self, widths: Sequence[float]) -> None:
        """Items of these widths come next, together."""
        self._widths.extend(widths)
        self._lot = len(widths)

    def note(self, items: int, width: float, seconds: float) -> None:
        """A pass of so many items, so wide, took so long."""
        like = self._seen.setdefault(items.bit_length(), deque(maxlen=PASSES))
        like.append((items, width, max(seconds, 1e-9)))

    def learn(self) -> None:
        """Fit the three numbers to the passes, none below zero, by the least relative error."""
        self._usual = {}
        rows = list(self._relative())
        squares = [[sum(row[i] * row[j] for row in rows) for j in range(3)] for i in range(3)]
        target = [sum(row[i] for row in rows) for i in range(3)]
        parts = [0.0, 0.0, 0.0]
        for _ in range(ROUNDS):
            for i in range(3):
                others = sum(squares[i][j] * parts[j] for j in range(3) if j != i)
                parts[i] = max(0.0, (target[i] - others) / squares[i][i])
        self._parts = (parts[0], parts[1], parts[2])

    def _relative(self) -> Iterator[tuple[float, float, float]]:
        """What the three numbers are multiplied by for each pass, over its seconds."""
        for items, width, seconds in chain.from_iterable(self._seen.values()):
            yield 1 / seconds, items / seconds, items * width / seconds

    def cut(self, widths: Sequence[float]) -> int:
        """How many items of these widths, narrow ones first, make the next pass.

        Not all of them, if their padding to the widest costs more than another pass.
        """
        alone, _, unit = self._parts
        widest = widths[-1]
        if unit * len(widths) * (widest - widths[0]) <= alone:
            return len(widths)
        saved, first = max(
            (number * (widest - width), number) for number, width in enumerate(widths, start=1)
        )
        return first if unit * saved > alone else len(widths)

    def usual_s(self, items: int, width: float, seconds: float) -> float:
        """How long a pass would have taken with what is usual for its size."""
        return seconds * self.expected_s(items) / self._of(items, width)

    def expected_s(self, size: int) -> float:
        """How long so many items take on the average, at this size of passes."""
        if size not in self._usual:
            lot = max(2 * size, self._lot)
            widths = list(islice(cycle(self._widths), max(lot, len(self._widths))))
            passes = _passes(widths, lot, size, self.cut)
            self._usual[size] = sum(starmap(self._of, passes)) * size / len(widths)
        return self._usual[size]

    def _of(self, items: int, width: float) -> float:
        alone, each, unit = self._parts
        return max(1e-12, alone + (each + unit * width) * items)


def _passes(
    widths: list[float], lot: int, size: int, cut: Callable[[Sequence[float]], int]
) -> Iterator[tuple[int, float]]:
    """(items, width) of the passes that items of these widths make, given in such lots."""
    for begin in range(0, len(widths), lot):
        some, at = sorted(widths[begin : begin + lot]), 0
        while at < len(some):
            few = cut(some[at : at + size])
            yield few, some[at + few - 1]
            at += few
