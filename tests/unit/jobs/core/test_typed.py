"""The judge of whole blocks never lets through what the line reader would refuse."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.core import checker, manifest, typed
from jobs.core.manifest import Problem
from jobs.core.snapshot import Block

SIZE = {"enum": ["small", "large"], "type": "string"}
PROPERTIES: dict[str, Any] = {
    "text": {"type": "string", "minLength": 1, "maxLength": 5},
    "word": {"type": "string", "pattern": "^[a-z]+$"},
    "steps": {"type": "integer", "minimum": 1, "maximum": 100},
    "seed": {"type": "integer", "nullable": True},
    "scale": {"type": "number", "minimum": 0.5},
    "wide": {"type": "number"},
    "on": {"type": "boolean"},
    "size": {"allOf": [{"$ref": "#/components/schemas/size"}]},
    "level": {"enum": [1, 2, 4], "type": "integer"},
    "image": {"type": "string", "format": "uri"},
    "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 3},
}
INPUT = {"type": "object", "properties": PROPERTIES, "required": ["text"]}
DOCUMENT = {"components": {"schemas": {"Input": INPUT, "size": SIZE}}}
CHECK = checker.compile(DOCUMENT)
GOOD = {
    "text": "é: x",
    "word": "abc",
    "steps": 5,
    "seed": None,
    "scale": 1,
    "wide": -1.5,
    "on": True,
    "size": "small",
    "level": 4,
    "image": "pictures/1.png",
    "tags": ["a:", "b"],
}


def judge(text: bytes) -> list[str] | None:
    judged = typed.judge(DOCUMENT)
    assert judged is not None
    return judged(text)


def entries(text: bytes, *, fast: bool) -> Iterator[tuple[Any, ...]]:
    """What the reader finds, rows one by one."""
    judged = typed.judge(DOCUMENT) if fast else None
    for entry in manifest.read([text], gzip=False, check=CHECK, judge=judged):
        if isinstance(entry, Problem):
            yield entry.line, entry.code, entry.field
        else:
            assert isinstance(entry, Block)
            rows = [json.loads(line) for line in entry.text.splitlines()]
            yield from ((entry.line + at, row) for at, row in enumerate(rows))


def line(**changes: Any) -> bytes:
    return json.dumps({"custom_id": "a", "input": GOOD} | changes).encode() + b"\n"


def test_good_rows_are_judged_at_once() -> None:
    few = line(custom_id="b", input={"text": "x"})
    assert judge(line() + few + line(custom_id="c")) == ["a", "b", "c"]


ODD = [
    b"\n",
    b" " + line(),
    line()[:-1] + b"\r\n" + line(custom_id="b"),
    line()[:-1],
    line()[:-1] + line(),
    b'{"custom_id": "a", "input":\n{"text": "x"}}\n',
    b'{"custom_id": "a", "custom_id": "b", "input": {"text": "x"}}\n',
    b'{"custom_id": "a", "input": {"text": "x", "text" : "y"}}\n',
    b'{"custom_id": "a", "input": {"text": "x", "wide": 1e999}}\n',
    b'{"custom_id": "a", "input": {"text": "x", "wide": NaN}}\n',
    b'{"custom_id": "a", "input": {"text": "x", "wide": 100000000000000000000}}\n',
    b'{"custom_id": "a", "input": {"text": "x", "seed": 18446744073709551616}}\n',
    b'{"custom_id": "a", "input": {"text": "\\ud800"}}\n',
    b'{"custom_id": "a", "input": {"text": "\xff"}}\n',
    line(custom_id="a\u2028b"),
    line(custom_id="\x7f"),
    line(custom_id=""),
    line(custom_id="x" * 513),
    line(more=1),
    line(input={}),
    line(input=GOOD | {"nope": 1}),
    line(input=GOOD | {"image": "../secret"}),
    line(input=GOOD | {"image": ""}),
    line(input=GOOD | {"steps": 1.0}),
    line(input=GOOD | {"steps": True}),
    line(input=GOOD | {"tags": ["a"] * 4}),
    line(input=GOOD | {"tags": None}),
]


@pytest.mark.parametrize("odd", ODD)
def test_what_is_odd_is_left_to_the_line_reader(odd: bytes) -> None:
    assert judge(line() + odd) is None
    text = line(custom_id="1") + odd + line(custom_id="2")
    assert list(entries(text, fast=True)) == list(entries(text, fast=False))


VALUES = (
    st.none() | st.booleans() | st.integers(-(2**65), 2**65) | st.floats() | st.text(max_size=6)
)
VALUES = VALUES | st.lists(VALUES, max_size=4) | st.dictionaries(st.text(), VALUES, max_size=2)
INPUTS = st.dictionaries(st.sampled_from([*PROPERTIES, "nope"]), VALUES, max_size=4)


@given(st.lists(st.tuples(st.text(max_size=4), INPUTS), min_size=1, max_size=3), st.booleans())
def test_the_judge_agrees_with_the_line_reader(
    rows: list[tuple[str, dict[str, Any]]], whole: bool
) -> None:
    made = [{"custom_id": id, "input": (GOOD if whole else {}) | given} for id, given in rows]
    text = b"".join(
        json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n" for row in made
    )
    assert list(entries(text, fast=True)) == list(entries(text, fast=False))


@pytest.mark.parametrize(
    "shape",
    [
        {"type": "object"},
        {},
        {"anyOf": [{"type": "string"}, {"type": "number"}]},
        {"type": "array", "items": {"type": "array", "items": {}}},
        {"type": "array", "items": {"type": "string", "format": "uri"}},
        {"enum": ["a", 1]},
        {"type": "integer", "minimum": 0.5},
        {"type": "string", "pattern": "("},
    ],
)
def test_a_schema_that_a_struct_cannot_say_has_no_judge(shape: dict[str, Any]) -> None:
    record = {"type": "object", "properties": {"x": shape}}
    assert typed.judge({"components": {"schemas": {"Input": record}}}) is None
