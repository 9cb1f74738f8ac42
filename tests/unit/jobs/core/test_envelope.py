"""Blocks of rows in OpenAI's form are opened at once, but none that the line reader refuses."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.core import manifest, typed
from jobs.core.envelope import opener
from jobs.core.manifest import Problem
from tests.unit.jobs.core.test_typed import CHECK, DOCUMENT, GOOD, INPUTS

MODEL, DIGEST = "ann/hello", "ann/hello:" + "a" * 64
SPELLINGS = (MODEL, DIGEST)


def entries(text: bytes, *, fast: bool) -> Iterator[tuple[Any, ...]]:
    """What the reader finds, rows one by one."""
    judge = typed.judge(DOCUMENT) if fast else None
    for entry in manifest.read([text], gzip=False, check=CHECK, judge=judge, spellings=SPELLINGS):
        if isinstance(entry, Problem):
            yield entry.line, entry.code, entry.field
        else:
            rows = [json.loads(line) for line in entry.text.splitlines()]
            assert [row["custom_id"] for row in rows] == entry.ids.apart()
            yield from ((entry.line + at, row) for at, row in enumerate(rows))


def opened(text: bytes) -> bytes | None:
    made = opener(SPELLINGS)
    assert made is not None
    return made(text)


def line(body: Any = None, **changes: Any) -> bytes:
    whole = {"custom_id": "a:1", "method": "POST", "url": "/v1/predictions"}
    inner = {"model": DIGEST, "input": GOOD} if body is None else body
    row = whole | {"body": inner} | changes
    return json.dumps(row, ensure_ascii=False).encode() + b"\n"


def test_good_rows_are_opened_at_once() -> None:
    bare = b'{"body": {"input": {"text": "x"}}, "custom_id": "b"}\n'
    named = line({"input": {"text": "y"}, "model": MODEL}, custom_id="c")

    plain = opened(line() + bare + named)

    assert plain is not None
    assert [json.loads(row) for row in plain.splitlines()] == [
        {"custom_id": "a:1", "input": GOOD},
        {"custom_id": "b", "input": {"text": "x"}},
        {"custom_id": "c", "input": {"text": "y"}},
    ]


ODD = [
    b"\n",
    line()[:-1],
    line()[:-1] + line(),
    b'{"custom_id": "a", "input": {"text": "x"}}\n',
    line({"model": "ann/other", "input": GOOD}),
    line({"model": None, "input": GOOD}),
    line({"model": [MODEL], "input": GOOD}),
    line({"version": "a" * 64, "input": GOOD}),
    line({"model": MODEL, "messages": []}),
    line(method="GET"),
    line(method=None),
    line(url="/v1/chat/completions"),
    line(more=1),
    line([]),
    b'{"custom_id": "a", "custom_id": "b", "body": {"input": {"text": "x"}}}\n',
    b'{"custom_id": "a\\u003a", "custom_id": "b\\u003a", "body": {"input": {"text": "x"}}}\n',
    b'{"custom_id": "a", "body": {"input": {"text": "y"}}, "body": {"input": {"text": "x"}}}\n',
    b'{"custom_id": "a", "body": {"input": {"text": "x"}, "input": {"text": "y"}}}\n',
    b'{"custom_id": "a", "body": {"model": "ann/other", "model": "ann/hello", "input": {}}}\n',
    b'{"custom_id": "a", "body": {"input":\n{"text": "x"}}}\n',
]


@pytest.mark.parametrize("odd", ODD)
def test_what_is_odd_is_left_to_the_line_reader(odd: bytes) -> None:
    assert opened(line() + odd) is None
    text = line(custom_id="1") + odd + line(custom_id="2")
    assert list(entries(text, fast=True)) == list(entries(text, fast=False))


@pytest.mark.parametrize(
    "given",
    [
        b'{"text": "x", "text" : "y"}',
        b'{"text": "\\ud800"}',
        b'{"text": "\xff"}',
        b'{"text": 5}',
        b'{"text": "x", "wide": NaN}',
        b'{"text": "x", "seed": 18446744073709551616}',
        b"[]",
    ],
)
def test_what_is_in_an_input_is_judged_as_ever(given: bytes) -> None:
    odd = b'{"custom_id": "2", "body": {"input": %b}}\n' % given
    text = line(custom_id="1") + odd + line(custom_id="3")
    found = list(entries(text, fast=True))
    assert found == list(entries(text, fast=False))
    assert [one[0] for one in found] == [1, 2, 3]
    assert isinstance(found[1][1], str)  # a code


PARTS = {
    "custom_id": st.text(max_size=4),
    "method": st.sampled_from(["POST", "post"]),
    "url": st.sampled_from(["/v1/predictions", "/v1/embeddings"]),
}
BODIES = st.fixed_dictionaries(
    {"input": INPUTS.map(lambda given: GOOD | given)},
    optional={"model": st.sampled_from([*SPELLINGS, "ann/other", None, ":::"])},
)
ROWS = st.fixed_dictionaries({"body": BODIES}, optional=PARTS)


@given(st.lists(ROWS, min_size=1, max_size=3), st.booleans())
def test_it_agrees_with_the_line_reader(rows: list[dict[str, Any]], escaped: bool) -> None:
    text = b"".join(
        json.dumps(row, ensure_ascii=escaped).encode("utf-8", "surrogatepass") + b"\n"
        for row in rows
    )
    assert list(entries(text, fast=True)) == list(entries(text, fast=False))
