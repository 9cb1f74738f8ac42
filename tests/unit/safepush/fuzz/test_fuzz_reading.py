"""Where predictions are not wasted: texts read in a format, branches, and what is usual anyhow."""

import itertools
import re
from datetime import date
from typing import Any

import pytest

from safepush.answers import Prediction
from safepush.fuzz import layers
from safepush.fuzz.fields import Field, fields_of
from safepush.fuzz.inputs import inside, meaning, pairs
from safepush.fuzz.inputs.reading import ENOUGH, Reading
from safepush.fuzz.probe import Probe, Tried
from tests.unit.safepush.fuzz.test_fuzz_campaign import fuzz
from tests.unit.safepush.fuzz.test_fuzz_inputs import document, plan, source_of

DAY = {"type": "string", "default": "2024-05-17"}
YEARS = {"type": "integer", "default": 1, "minimum": 1, "maximum": 30}


def field(schema: dict[str, Any], name: str = "start") -> Field:
    return fields_of(document({name: schema}, []))[0]


def test_texts_written_as_the_default_come_first_whatever_the_input_is_called() -> None:
    days = ["2024-02-29", "2024-01-31", "2100-01-31"]

    assert meaning.odd(field(DAY))[:3] == days
    assert meaning.odd(field(DAY, "x"))[:3] == days
    assert meaning.odd(field({"type": "string", "default": "dusk"}, "x")) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("2024-05-17", "1999-1-2", True), ("16:9", "1:1", True), ("16:9", "16x9", False),
     ("a word", "other words", False), ("12", "13", False)],
)  # fmt: skip
def test_two_texts_are_written_alike_by_their_signs(one: str, other: str, same: bool) -> None:
    assert (meaning.form(one) is not None and meaning.form(one) == meaning.form(other)) is same


def test_what_is_put_together_with_other_inputs_is_written_as_the_default() -> None:
    told = pairs.telling(field(DAY), {})

    assert told == ["2024-05-17", "2024-02-29", "2024-01-31", "2100-01-31"]


def contract(start: str = "2024-05-17", years: int = 1) -> str:
    try:
        first = date.fromisoformat(start)
    except ValueError:
        raise ValueError("start must be a day") from None
    try:
        return first.replace(year=first.year + years).isoformat()
    except ValueError as exc:
        raise RuntimeError(str(exc)) from None


def test_a_model_that_reads_days_is_tried_with_days_above_all() -> None:
    outcome, bench = fuzz(contract, {"start": DAY, "years": YEARS}, budget=100)

    told = [one["start"] for one in bench.inputs[:90] if "start" in one]
    free = [one for one in told if not re.fullmatch(r"[-\d]+", one)]
    assert {one.rule for one in outcome.found} == {"fuzz-crash"}
    assert outcome.found[0].number < 20
    assert len(free) < 25


def probe(layer: str, **inputs: Any) -> Probe:
    return Probe(inputs=inputs, layer=layer, changed=tuple(inputs))


def ended(probe: Probe, status: str) -> Tried:
    return Tried(probe=probe, prediction=Prediction(id="p1", status=status, output="x"))


def reading(*, refused: int, taken: int = 0) -> Reading:
    made = Reading(fields_of(document({"start": DAY, "years": YEARS}, [])), {})
    for at in range(refused):
        made.see(ended(probe("awkward", start=f"no {at}"), "failed"), refused=True)
    for at in range(taken):
        made.see(ended(probe("awkward", start=f"yes {at}"), "succeeded"), refused=False)
    return made


def test_after_a_few_refusals_most_free_texts_are_left_out() -> None:
    ideas = [probe("awkward", start="x" * size) for size in range(1, 41)]

    assert len(list(reading(refused=ENOUGH - 1).worth(ideas))) == 40
    assert len(list(reading(refused=ENOUGH).worth(ideas))) == 10


def test_who_takes_a_text_of_any_kind_is_sent_all_of_them() -> None:
    ideas = [probe("awkward", start="x" * size) for size in range(1, 41)]

    assert len(list(reading(refused=20, taken=1).worth(ideas))) == 40


def test_texts_in_the_format_and_those_of_the_code_are_never_left_out() -> None:
    ideas = [probe("awkward", start="1999-01-01"), probe("edits", start="1999-01"),
             probe("source", start="a"), probe("awkward", years=3)]  # fmt: skip

    assert list(reading(refused=20).worth(ideas)) == ideas


def test_with_other_inputs_the_usual_text_is_sent_for_a_vain_one_and_none_twice() -> None:
    ideas = [probe("pairs", start="x", years=3), probe("pairs", start="y", years=3),
             probe("pairs", start="y")]  # fmt: skip

    assert list(reading(refused=20).worth(ideas)) == [probe("pairs", years=3)]


def test_where_nothing_else_comes_to_mind_it_ends() -> None:
    ideas = (probe("random", start="x" * size) for size in itertools.count(1))

    assert list(reading(refused=20).worth(ideas)) == []


def test_a_default_that_is_sent_is_no_other_input() -> None:
    probes = layers.probes(plan(properties={"start": DAY, "years": YEARS}))
    tried = [one.inputs for one in itertools.islice(probes, 60)]

    assert all(one.get("years") != 1 for one in tried)
    assert all(one.get("start") != "2024-05-17" for one in tried)


SAVE = """
def predict(kind, quality, text):
    if kind == "png":
        save(quality)
    else:
        other(text)
"""
KINDS = {
    "kind": {"type": "string", "enum": ["webp", "png"], "default": "webp"},
    "quality": {"type": "integer", "default": 80, "minimum": 1, "maximum": 100},
    "text": {"type": "string", "default": "a"},
}


def test_a_branch_is_gone_into_with_the_edges_of_the_inputs_that_it_works_with() -> None:
    fields = fields_of(document(KINDS, []))

    made = list(inside.ideas(fields, {}, source_of(SAVE)))

    assert made == [{"kind": "png", "quality": 100}, {"kind": "png", "quality": 1}]
