"""What the rows of a lot gave, by column: what is written and read a million times is short."""

from collections.abc import Callable
from typing import Any, NamedTuple


class Failure(NamedTuple):
    """Why one item gave nothing; `code` is for programs, `message` for people."""

    code: str
    message: str


CANCELED = Failure("canceled", "the prediction was cancelled")


class Results:
    """A place for the result of each of so many items, to be filled in any order."""

    def __init__(self, items: int) -> None:
        self.outputs: list[Any] = [None] * items
        #: how long each took, in nanoseconds: whole numbers are written at a tenth of the cost
        self.took_ns = [0] * items
        #: places of the outputs that hold files
        self.files: list[int] = []
        self.failures: dict[int, Failure] = {}
        #: which prediction it is, where several are told of at once
        self.number = 0
        #: what the process holds on to by now, where that is told
        self.usage: dict[str, int] | None = None
        #: what the model noted of an item beside its output
        self.metrics: dict[int, dict[str, Any]] = {}
        #: what looks at outputs that nobody has looked at yet: (output) -> what is told, or why not
        self.unchecked: Callable[[Any], Any] | None = None
        #: what each printed, where that is told apart
        self.logs: dict[int, str] = {}

    def take(self, at: int, one: "Results") -> None:
        """The result of a lone item, as that of the item at this place."""
        self.outputs[at], self.took_ns[at] = one.outputs[0], one.took_ns[0]
        if one.files:
            self.files.append(at)
        if one.failures:
            self.failures[at] = one.failures[0]
        if one.metrics:
            self.metrics[at] = one.metrics[0]
        if one.logs:
            self.logs[at] = one.logs[0]

    def part(self, first: int, stop: int) -> "Results":
        """Those of the items from `first` to `stop - 1`."""
        part = Results(0)
        part.outputs, part.took_ns = self.outputs[first:stop], self.took_ns[first:stop]
        part.files = [at - first for at in self.files if first <= at < stop]
        failures = self.failures.items()
        part.failures = {at - first: why for at, why in failures if first <= at < stop}
        metrics = self.metrics.items()
        part.metrics = {at - first: noted for at, noted in metrics if first <= at < stop}
        part.logs = {at - first: text for at, text in self.logs.items() if first <= at < stop}
        return part

    def check(self) -> None:
        """Look at the outputs that were left for later; the model may have its next rows by now."""
        if self.unchecked is None:
            return
        for at, output in enumerate(self.outputs):
            if at not in self.failures:
                told = self.unchecked(output)
                if isinstance(told, Failure):
                    self.fail(at, told)
                else:
                    self.outputs[at] = told
        self.unchecked = None

    def fail(self, at: int, failure: Failure) -> None:
        """The item at this place gave nothing."""
        self.outputs[at], self.failures[at] = None, failure

    def message(self, rows: tuple[int, int], *, more: bool) -> dict[str, Any]:
        """What is told to the worker above the columns; `more`: the rest of its lot follows.

        `rows`: those that share a pass, and those that the search for them ended with.
        """
        return {
            "op": "done",
            "number": self.number,
            "more": more,
            "pass_rows": rows[0],
            "found_rows": rows[1],
            "busy_s": sum(self.took_ns) / 1e9,
            "files": [at for at in self.files if at not in self.failures],
            "failures": [(at, *failure) for at, failure in self.failures.items()],
            "usage": self.usage,
            "metrics": list(self.metrics.items()),
            "logs": list(self.logs.items()),
        }
