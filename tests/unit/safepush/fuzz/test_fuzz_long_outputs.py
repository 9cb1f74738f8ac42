"""Outputs of thousands of items: however many promises look at one, it is gone through once."""

import re
from typing import Any

import pytest

from safepush.answers import Prediction
from safepush.compat.values import accepts
from safepush.fuzz.fields import fields_of
from safepush.fuzz.probe import Probe, Tried
from safepush.fuzz.promises import members, writing
from safepush.fuzz.promises.digits import _numbers
from safepush.fuzz.promises.outputs import output_shape
from safepush.fuzz.promises.parts import leaves, texts
from safepush.fuzz.promises.promise import Made, kept
from safepush.fuzz.promises.said.kept import _ends
from safepush.fuzz.relations import collisions
from safepush.fuzz.runs import Runs
from tests.unit.safepush.fuzz.test_fuzz_promises import LIST
from tests.unit.safepush.fuzz.test_fuzz_watched import source_of

LONG = 1000


class Counted(list[Any]):
    """Counts how often it is gone through, and how often an item of it is taken."""

    rounds = 0
    taken = 0

    def __iter__(self) -> Any:
        self.rounds += 1
        return super().__iter__()

    def __getitem__(self, at: Any) -> Any:
        self.taken += 1
        return super().__getitem__(at)


class Sent(str):
    """Counts how often something is looked for in it."""

    __slots__ = ("looks",)

    def __contains__(self, part: str) -> bool:
        self.looks = getattr(self, "looks", 0) + 1
        return super().__contains__(part)


def test_the_members_of_all_objects_are_read_once_for_all_that_is_said_of_them() -> None:
    items = Counted({"start_time": at, "endTime": at + 1} for at in range(LONG))
    usual = Made(inputs={}, changed=frozenset(), output=items)
    promises = [*members.promises([], usual, source_of("sorted()"))]

    found = {one.broken for one in kept(promises, usual)}

    assert "'start' is more than 'end' in the output" in found
    assert items.rounds < len(promises) / 2  # some look at lists, or at items in their order


def test_what_was_sent_is_not_searched_for_each_text_of_the_output() -> None:
    usual = Made(inputs={}, changed=frozenset(), output=["a word"] * LONG)
    sent = vars(usual)["given"] = Sent("a word")

    kept([*writing.promises([], usual, source_of(""))], usual)

    assert sent.looks < 20


def test_of_items_that_are_no_files_no_two_are_compared() -> None:
    raw = Counted(map(str, range(LONG)))
    fields = fields_of({"components": {"schemas": {"Input": {"properties": {"texts": LIST}}}}})
    inputs = {"texts": [*raw]}
    probe = Probe(inputs=inputs, layer="growth", changed=("texts",))
    tried = Tried(
        probe=probe, prediction=Prediction(id="p", status="succeeded", output=raw), output=raw
    )
    runs = Runs(lambda inputs, limit_s: None, lambda one: None, parallel=1, longest_s=1)  # type: ignore[arg-type,return-value]

    assert [*collisions.suspicions(tried, fields, runs)] == []
    assert raw.taken < LONG


@pytest.mark.parametrize(
    ("stop", "text", "is_word", "kept"),
    [
        ("end", "to the end of it", True, False),
        ("end", "it bends, and the end", True, False),
        ("end", "it bends", True, True),
        ("end", "it bends", False, False),
        ("e.d", "to the end of it", False, True),
        ("end " * LONG, "to the end of it", True, True),
    ],
)
def test_a_stop_is_looked_for_as_it_is_written(
    stop: str, text: str, is_word: bool, kept: bool
) -> None:
    made = Made(inputs={"stop": stop}, changed=frozenset(), output=text)

    assert _ends("stop", True, is_word, made) is kept


def test_no_pattern_is_made_of_a_long_stop_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def escape(text: str) -> str:
        raise AssertionError("a pattern is made")

    monkeypatch.setattr(re, "escape", escape)
    made = Made(inputs={"stop": "end " * LONG}, changed=frozenset(), output="the end")

    assert _ends("stop", True, True, made) is True


def test_long_numbers_are_found_in_texts_and_by_themselves() -> None:
    found = _numbers([10**15 - 1, -(10**15), 2 * 10**15, f"of {3 * 10**15}", "123456789012345"])

    assert found == {str(times * 10**15) for times in (1, 2, 3)}


def test_texts_in_lists_within_each_other_are_told_with_where_they_are() -> None:
    output = ["a", 1, None, ["b"], {"c": "d", "e": ["f"]}]

    assert [*texts(output)] == [("[]", "a"), ("[][]", "b"), ("[].c", "d"), ("[].e[]", "f")]
    assert [*leaves(output)] == ["a", 1, "b", "d", "f"]


@pytest.mark.parametrize("kind", ["string", "number"])
@pytest.mark.parametrize(("odd", "told"), [("same", True), ("none", False), ("both", False)])
def test_each_of_many_items_is_held_to_what_they_are(kind: str, odd: str, told: bool) -> None:
    schema = {"type": "array", "items": {"type": kind}}
    shape = output_shape({"components": {"schemas": {"Input": {}, "Output": schema}}})
    assert shape is not None
    item = "a" if kind == "string" else 1
    last = {"same": item, "none": None, "both": [item]}[odd]

    assert accepts(shape, [item] * LONG + [last]) is told


@pytest.mark.parametrize(
    ("schema", "value", "rounds"),
    [
        ({}, ["a", 1], 0),
        ({"type": "array", "items": {}}, ["a", {"a": [1.5]}], 1),
        ({"type": "array", "items": {"type": "string"}}, ["a", "b"], 1),
    ],
)
def test_what_may_be_anything_is_not_looked_at(schema: Any, value: Any, rounds: int) -> None:
    shape = output_shape({"components": {"schemas": {"Input": {}, "Output": schema}}})
    assert shape is not None
    items = Counted(value)

    assert accepts(shape, items) is True
    assert items.rounds == rounds
