"""Inputs become arguments by name, or by position where that makes no difference to the model."""

import functools
from collections.abc import Callable
from typing import Any

import pytest

from jobs.host import answer
from jobs.host.arguments import Arguments
from jobs.host.results import Results


class Model:
    """Takes its inputs in this way and that."""

    def plain(self, left: str, right: int | str) -> str:
        return f"{left} {right}"

    def named(self, *, left: str, right: str) -> str:
        return f"{left} {right}"

    def first_named(self, left: str, *, right: str) -> str:
        return f"{left} {right}"

    def with_default(self, left: str, right: str = "b") -> str:
        return f"{left} {right}"

    @functools.wraps(plain)
    def wrapped(self, **given: Any) -> str:
        return self.plain(**given)

    @functools.wraps(plain)
    def turned(self, right: str, left: str) -> str:
        return f"{left} {right}"

    @staticmethod
    def static(left: str, right: str) -> str:
        return f"{left} {right}"


def bare(left: str, right: str) -> str:
    return f"{left} {right}"


ROWS = [{"left": "a", "right": "b"}, {"right": "b", "left": "a"}]


@pytest.mark.parametrize("predict", [Model().plain, Model().turned, Model.static, bare])
def test_a_function_without_oddities_is_called_by_position(predict: Callable[..., str]) -> None:
    rows = Arguments(predict).in_order(ROWS)
    assert rows is not None
    assert [predict(*row) for row in rows] == ["a b", "a b"]


@pytest.mark.parametrize("name", ["named", "first_named", "with_default", "wrapped"])
def test_what_may_take_them_otherwise_is_called_by_name(name: str) -> None:
    predict = getattr(Model(), name)
    arguments = Arguments(predict)
    assert arguments.in_order(ROWS) is None
    assert [predict(**arguments.of(dict(row))) for row in ROWS] == ["a b", "a b"]


@pytest.mark.parametrize("odd", [{}, {"left": "a"}, {"left": "a", "other": 1}, {**ROWS[0], "x": 1}])
def test_rows_that_are_not_just_the_arguments_go_by_name(odd: dict[str, Any]) -> None:
    assert Arguments(bare).in_order([*ROWS, odd]) is None


@pytest.mark.parametrize(
    ("took_ns", "told"),
    [
        ([0, 499, 500, 1_499, 999_499], b"0.000000 0.000000 0.000001 0.000001 0.000999"),
        ([999_501], b"0.001000"),
        ([400, 1_500_123_456], b"0.000000 1.500123"),
    ],
)
def test_seconds_are_told_to_the_microsecond(took_ns: list[int], told: bytes) -> None:
    results = Results(len(took_ns))
    results.took_ns = took_ns
    frame = b"".join(answer.frame(results, (0, 0), more=False))
    assert frame.split(b"\n")[1] == told
