"""Many items through `predict_batch`: who shares a forward pass, how many at a time, who fails.

A model offers `predict_batch(inputs: list[dict]) -> list`, and may name its `batchable` inputs:
those that may differ within one pass. Without the list all may.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from jobs.host.pace import MOST, Pace
from jobs.host.values import InvalidOutput
from jobs.host.waiting import waited_s

#: texts so short cost what any item costs: a prompt is no text of varied length
LEAST_WIDTH = 64

Inputs = dict[str, Any]
Run = Callable[[list[Inputs]], Sequence[Any]]


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
        lengths = list(map(_length, items))
        for group in self._groups(items):
            widths = [max(LEAST_WIDTH, lengths[number]) for number in group]
            self.pace.given(widths)
            # neighbours of like length waste the least padding
            waiting = sorted(group, key=lengths.__getitem__)
            widths.sort()
            at = 0
            while at < len(waiting):
                few = self.pace.cut(widths[at : at + self.pace.size])
                yield from self._pass(items, waiting[at : at + few])
                at += few

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
        began, waited = time.perf_counter(), waited_s()
        outputs = self._together([items[number] for number in numbers])
        seconds = time.perf_counter() - began
        waited = waited_s() - waited
        if isinstance(outputs, BaseException):
            yield from self._apart(items, numbers, outputs)
            return
        width = max(LEAST_WIDTH, _length(items[numbers[-1]]))  # they come by length
        self.pace.measured(len(numbers), max(seconds / 100, seconds - waited), width)
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
