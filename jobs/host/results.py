"""What the rows of a lot gave, by column: what is written and read a million times is short."""

from typing import Any, NamedTuple


class Failure(NamedTuple):
    """Why one item gave nothing; `code` is for programs, `message` for people."""

    code: str
    message: str


class Results:
    """A place for the result of each of so many items, to be filled in any order."""

    def __init__(self, items: int) -> None:
        self.outputs: list[Any] = [None] * items
        self.seconds = [0.0] * items
        #: places of the outputs that hold files
        self.files: list[int] = []
        self.failures: dict[int, Failure] = {}

    def fail(self, at: int, failure: Failure) -> None:
        """The item at this place gave nothing."""
        self.outputs[at], self.failures[at] = None, failure

    def message(self, pass_rows: int) -> dict[str, Any]:
        """As it is told to the worker."""
        return {
            "op": "done",
            "pass_rows": pass_rows,
            "outputs": self.outputs,
            "seconds": self.seconds,
            "files": [at for at in self.files if at not in self.failures],
            "failures": [(at, *failure) for at, failure in self.failures.items()],
        }
