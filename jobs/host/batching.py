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
MOST = 256
#: doubling goes on while a pass gives so much more per second than one of half its size
WORTH_IT = 1.1
#: passes of one size before its speed is believed: the first one of a size often warms something up
TRIES = 2

Inputs = dict[str, Any]
Run = Callable[[list[Inputs]], Sequence[Any]]


class Pace:
    """How many items to give at once: doubled while that pays, halved when memory runs out."""

    def __init__(self, most: int = MOST) -> None:
        self.size = 1
        self._most = max(1, most)
        self._best_rate = 0.0
        self._rates: list[float] = []
        self._settled = self._most == 1

    def measured(self, items: int, seconds: float) -> None:
        """A pass of so many items took so long."""
        if self._settled or items != self.size:
            return
        self._rates.append(items / max(seconds, 1e-9))
        if len(self._rates) < TRIES:
            return
        rate, self._rates = max(self._rates), []
        if rate < self._best_rate * WORTH_IT:
            self.size = max(1, self.size // 2)
            self._settled = True
        elif self.size * 2 > self._most:
            self._settled = True
        else:
            self.size *= 2
        self._best_rate = max(rate, self._best_rate)

    def too_many(self, items: int) -> None:
        """Memory ran out with so many items: never so many again."""
        self._most = self.size = max(1, min(self.size, items // 2))
        self._settled = True


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
        self.pace.measured(len(numbers), seconds)
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


def _length(item: Inputs) -> int:
    return sum(len(value) for value in item.values() if isinstance(value, str))
