"""What a prediction gives while it runs: told at once, or soon, whether or not more comes."""

from contextlib import closing
from typing import Any

from jobs.worker.stream import Stream
from tests.ports.stores import a_prediction, clock
from tests.servers.penstock import until


class Rows:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.predictions = self
        self.told: list[Any] = []

    def show(self, value: Any, output: Any) -> None:
        pass

    def save(self, value: Any, *, output: Any) -> None:
        pass

    def tell(self, value: Any, type: str, at: Any, **changes: Any) -> bool:
        self.told.append(next(iter(changes.values())))
        return True


def a_stream(rows: Any) -> Stream:
    return Stream(rows, a_prediction(), clock)


def test_what_is_printed_in_a_row_is_told_though_the_model_then_is_silent() -> None:
    rows = Rows()
    with closing(a_stream(rows)) as stream:
        for text in ("one", "one two", "one two three"):
            stream.logs(text)
        assert rows.told == ["one"]
        until(lambda: len(rows.told) > 1)
    assert rows.told == ["one", "one two three"]


def test_an_output_does_not_keep_what_was_printed_with_it_waiting() -> None:
    rows = Rows()
    with closing(a_stream(rows)) as stream:
        stream.output("a")
        stream.logs("printed")
        stream.output("b")
        assert rows.told == [["a"]]
        until(lambda: len(rows.told) > 2)
    assert rows.told == [["a"], "printed", ["a", "b"]]


def test_nothing_is_told_after_its_end() -> None:
    rows = Rows()
    with closing(a_stream(rows)) as stream:
        stream.logs("one")
        stream.logs("one two")
        waits = stream._tell_late._timer
    assert waits is not None
    waits.join()
    assert rows.told == ["one"]
