"""Outputs: what JSON can carry goes over as it is, all else is named."""

import datetime
import enum
import json
import pathlib
from dataclasses import dataclass
from typing import Any

import numpy
import pytest

from jobs.host import frames
from jobs.host.values import InvalidOutput, plain


class Colour(enum.Enum):
    RED = "red"


class Level(enum.IntEnum):
    HIGH = 3


class Word(str):
    pass


@dataclass
class Box:
    width: float
    label: str


def kept(path: pathlib.PurePath) -> str:
    return f"/kept/{path.name}"


def nested(depth: int) -> Any:
    value: Any = 0
    for _ in range(depth):
        value = [value]
    return value


def circle() -> list[Any]:
    ring: list[Any] = []
    ring.append(ring)
    return ring


GOOD = [
    (None, None),
    (True, True),
    ("text 🦔", "text 🦔"),
    (2**64 - 1, 2**64 - 1),
    (-(2**63), -(2**63)),
    (0.1, 0.1),
    ((1, "two"), [1, "two"]),
    (Word("word"), "word"),
    (Colour.RED, "red"),
    (Level.HIGH, 3),
    (Box(1.5, "a"), {"width": 1.5, "label": "a"}),
    ({1: "a", 2.5: "b", None: "c", False: "d"}, {"1": "a", "2.5": "b", "null": "c", "false": "d"}),
    ({Colour.RED: 1, Word("w"): 2}, {"red": 1, "w": 2}),
    (pathlib.Path("a/b.png"), {"__path__": "/kept/b.png"}),
    ([{"file": pathlib.Path("b")}], [{"file": {"__path__": "/kept/b"}}]),
    (numpy.float64(0.5), 0.5),
    (numpy.float32(0.5), 0.5),
    (numpy.int64(7), 7),
    (numpy.bool_(True), True),
    (numpy.array([[1, 2], [3, 4]]), [[1, 2], [3, 4]]),
    (nested(100), nested(100)),
]
BAD = [
    (float("nan"), "nan"),
    ([1.0, float("inf")], "inf"),
    (numpy.float64("nan"), "nan"),
    (numpy.array([1.0, float("-inf")]), "-inf"),
    (2**64, "more than 64 bits"),
    (-(10**5000), "more than 64 bits"),
    ("\ud83d", "surrogate"),
    ({"\udc00": 1}, "surrogate"),
    ({(1, 2): 3}, "a key of the output is a tuple"),
    ({float("nan"): 3}, "a key of the output is a float"),
    ({"1": "a", 1: "b"}, "the same text"),
    ({"__path__": "/etc/passwd"}, "__path__"),
    (b"bytes", "a bytes, which is not JSON; give a Path to a file"),
    ({1, 2}, "a set, which is not JSON"),
    (object(), "a object, which is not JSON"),
    ((number for number in range(3)), "a generator, which is not JSON"),
    (datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC), "a datetime, which is not JSON"),
    (nested(102), "nested more than 100 deep"),
    (circle(), "nested more than 100 deep"),
]


@pytest.mark.parametrize(("value", "wanted"), GOOD, ids=map(str, range(len(GOOD))))
def test_what_json_can_carry(value: Any, wanted: Any) -> None:
    made = plain(value, kept)

    assert made == wanted
    assert frames.decode(frames.encode(made)) == wanted
    assert json.loads(json.dumps(made)) == wanted


@pytest.mark.parametrize(("value", "words"), BAD, ids=map(str, range(len(BAD))))
def test_what_it_cannot(value: Any, words: str) -> None:
    with pytest.raises(InvalidOutput) as caught:
        plain(value, kept)

    assert words in str(caught.value)
