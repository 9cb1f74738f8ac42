"""Many items through `predict_batch`: who shares a forward pass, how many at a time, who fails.

A model offers `predict_batch(inputs: list[dict]) -> list`, and may name its `batchable` inputs:
those that may differ within one pass. Without the list all may.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from jobs.host.values import InvalidOutput

#: a pass may be this large, unless the model names its own `max_batch_size`
MOST = 1024
#: a size is better than another if it does so much more per second
BETTER = 1.05
#: of sizes that are about as good as the best, so near, the smallest is taken
NEAR = 1.02
#: passes of one size before its speed is believed: the first one of a size often warms something up
TRIES = 2
#: sizes in a row that may be no better before the search ends: one may be slow by chance
PATIENCE = 2
#: passes until a neighbour of the size that was found is tried: the machine may have been busy
AGAIN = 20
#: texts so short cost what any item costs: a prompt is no text of varied length
LEAST_LENGTH = 64

Inputs = dict[str, Any]
Run = Callable[[list[Inputs]], Sequence[Any]]


class Pace:
    """How many items to give at once: doubled while that pays, halved when memory runs out.

    Once a size is found its neighbours are tried now and then, and it moves to one that is better
    than the size itself before and after that: items that come later may be quicker at any size.
    """

    def __init__(self, most: int = MOST) -> None:
        self.size = 1
        self._most = max(1, most)
        self._found: int | None = None if self._most > 1 else 1
        #: the work per second of each size in this round
        self._rates: dict[int, float] = {}
        self._tries: list[float] = []
        self._passes = 0
        self._upward = True

    def measured(self, items: int, seconds: float, work: float | None = None) -> None:
        """A pass of so many items took so long; `work` is what it had to do, if not the items."""
        self._passes += 1
        if self._found is not None and self.size == self._found and self._passes < AGAIN:
            return
        if items != self.size:
            return
        self._tries.append((items if work is None else work) / max(seconds, 1e-9))
        if len(self._tries) == TRIES:
            rate = max(self._tries)
            self._rates[self.size] = (self._rates.get(self.size, rate) + rate) / 2
            self._tries = []
            self._next()

    def _next(self) -> None:
        if self._found is None:
            worse = _worse(self._rates)
            if worse < PATIENCE and self.size * 2 <= self._most:
                self.size *= 2
            else:
                self._settle()
        elif self.size != self._found:
            self.size = self._found  # once more
        elif len(self._rates) == 1 and self._neighbour() != self.size:
            self.size = self._neighbour()
        else:
            self._settle()

    def _settle(self) -> None:
        """Take the smallest size that is about as good as the best."""
        enough = max(self._rates.values()) / NEAR
        self.size = self._found = min(size for size, rate in self._rates.items() if rate >= enough)
        self._rates = {}
        self._passes = 0
        self._upward = not self._upward

    def _neighbour(self) -> int:
        return min(self.size * 2, self._most) if self._upward else max(1, self.size // 2)

    def too_many(self, items: int) -> None:
        """Memory ran out with so many items: never so many again."""
        self._most = self.size = self._found = max(1, min(self.size, items // 2))
        self._rates, self._tries, self._passes = {}, [], 0


def _worse(rates: dict[int, float]) -> int:
    """How many sizes were tried since the last one that was better than all before it."""
    best, since = 0.0, 0
    for rate in rates.values():
        since = 0 if rate > best * BETTER else since + 1
        best = max(rate, best)
    return since


class Batcher:
    """Runs items in passes, and finds the bad ones among them by halving."""

    def __init__(
        self, run: Run, *, batchable: Sequence[str] | None = None, most: int | None = None
    ) -> None:
        """`batchable`: inputs that may differ within a pass, all of them if it is None."""
        self._run = run
        self._batchable = None if batchable is None else frozenset(batchable)
        self.pace = Pace(MOST if most is None else most)

    def __call__(self, items: Sequence[Inputs]) -> Iterator[tuple[int, Any, float]]:
        """(number, output or the exception in its place, seconds) of every item, in any order."""
        for group in self._groups(items):
            # neighbours of like length waste the least padding
            waiting = sorted(group, key=lambda number: _length(items[number]))
            while waiting:
                some = waiting[: self.pace.size]
                del waiting[: len(some)]
                yield from self._pass(items, some)

    def _groups(self, items: Sequence[Inputs]) -> list[list[int]]:
        """Numbers of the items that may share a pass."""
        if self._batchable is None:
            return [list(range(len(items)))]
        groups: dict[str, list[int]] = {}
        for number, item in enumerate(items):
            fixed = {name: item[name] for name in item if name not in self._batchable}
            key = json.dumps(fixed, sort_keys=True, default=repr)
            groups.setdefault(key, []).append(number)
        return list(groups.values())

    def _pass(
        self, items: Sequence[Inputs], numbers: list[int]
    ) -> Iterator[tuple[int, Any, float]]:
        began = time.perf_counter()
        outputs = self._together([items[number] for number in numbers])
        seconds = time.perf_counter() - began
        if isinstance(outputs, BaseException):
            yield from self._apart(items, numbers, outputs)
            return
        self.pace.measured(len(numbers), seconds, _work([items[number] for number in numbers]))
        for number, output in zip(numbers, outputs, strict=True):
            yield number, output, seconds / len(numbers)

    def _together(self, inputs: list[Inputs]) -> "list[Any] | BaseException":
        try:
            outputs = list(self._run(inputs))
        except BaseException as error:
            error.__traceback__ = error.__traceback__ if len(inputs) == 1 else None
            return error
        if len(outputs) != len(inputs):
            return WrongNumber(len(outputs), len(inputs))
        return outputs

    def _apart(
        self, items: Sequence[Inputs], numbers: list[int], error: BaseException
    ) -> Iterator[tuple[int, Any, float]]:
        if out_of_memory(error):
            # the frames that the error holds would keep what they hold on the device
            error.__traceback__ = None
            _give_back_memory()
            self.pace.too_many(len(numbers))
        if len(numbers) == 1:
            yield numbers[0], error, 0.0
            return
        half = len(numbers) // 2
        for some in (numbers[:half], numbers[half:]):
            yield from self._pass(items, some)


class WrongNumber(InvalidOutput):
    """`predict_batch` gave another number of outputs than it was given inputs."""

    def __init__(self, outputs: int, inputs: int) -> None:
        super().__init__(f"predict_batch() gave {outputs} outputs for {inputs} inputs")


def out_of_memory(error: BaseException) -> bool:
    """Whether it says that memory ran out, on the machine or on the device."""
    return isinstance(error, MemoryError) or "OutOfMemory" in type(error).__name__


def _give_back_memory() -> None:
    """What torch keeps for later goes back to the device, if torch is in use at all."""
    import gc
    import sys

    gc.collect()
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()


def _work(items: list[Inputs]) -> float:
    """What the items of a pass ask for: of texts their length, and not what pads them.

    Passes of short texts come before passes of long ones, so rows per second would not compare. A
    pass is as wide as its longest text; if that counted, the larger pass would seem the better one.
    """
    return sum(max(LEAST_LENGTH, _length(item)) for item in items)


def _length(item: Inputs) -> int:
    return sum(len(value) for value in item.values() if isinstance(value, str))
