"""Which of the inputs that were tried left something behind, as they were tried: told by counts."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from safepush.fuzz.probe import Tried
from safepush.fuzz.process.leaks import MEASURES, Measure

#: inputs that are looked into, each by a series of its own
MOST = 2
#: of memory and sizes, so much in one prediction; of files and threads, one
LEAST_BYTES = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Left:
    """After `tried` its process held on to more; `after` failed since that was last told."""

    tried: Tried
    measure: Measure
    after: tuple[Tried, ...] = ()


class Traces:
    """What a process holds on to only goes up where something is kept for good."""

    def __init__(self) -> None:
        self._most: dict[tuple[str, int], int] = {}
        self._left: list[Left] = []
        self._looked_into: set[tuple[str, str]] = set()
        self._failed: list[Tried] = []

    def see(self, wave: Sequence[Tried]) -> list[Left]:
        """Predictions that were made side by side: in what order, what they held tells."""
        self._failed += [one for one in wave if one.failed and not one.measured]
        found = [left for number in range(len(MEASURES)) for left in self._more(wave, number)]
        self._left += found
        if any(one.measured for one in wave):
            self._failed = []
        return found

    def _more(self, wave: Sequence[Tried], number: int) -> Iterator[Left]:
        measure = MEASURES[number]
        told = [
            (value, one.prediction.usage.host, one)
            for one in wave
            if one.prediction is not None and one.prediction.usage is not None
            if (value := measure.of(one.prediction.usage)) is not None
        ]
        for value, host, one in sorted(told, key=lambda each: each[0]):
            most = self._most.get((host, number))
            if most is not None and value - most >= max(1, LEAST_BYTES * measure.is_size):
                yield Left(tried=one, measure=measure, after=tuple(self._failed))
            self._most[host, number] = max(value, most or value)

    def suspects(self, *, sizes: bool) -> Iterator[Tried]:
        """A few whose values come up most often where something was left, the plainest of each.

        `sizes`: also where it is memory, which may be large for other reasons. None twice.
        """
        left = [
            one.tried for one in self._left if one.tried.succeeded and sizes >= one.measure.is_size
        ]
        while len(self._looked_into) < MOST:
            left = [one for one in left if not _items(one) & self._looked_into]
            counts = Counter(item for one in left for item in _items(one))
            if not counts:
                return
            item, _ = counts.most_common(1)[0]
            self._looked_into.add(item)
            yield min((one for one in left if item in _items(one)), key=_changes)


def _items(tried: Tried) -> set[tuple[str, str]]:
    inputs: Mapping[str, Any] = tried.probe.inputs
    return {(name, repr(inputs.get(name))) for name in tried.probe.changed}


def _changes(tried: Tried) -> int:
    return len(tried.probe.changed)
