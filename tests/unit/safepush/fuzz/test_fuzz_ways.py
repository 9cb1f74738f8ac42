"""What holds as usual has to hold under every other switch and choice, and after a failure too."""

import re
import threading
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from safepush.answers import Prediction
from safepush.errors import PredictionTimedOut
from safepush.fuzz.campaign import Campaign
from safepush.fuzz.fields import fields_of
from safepush.fuzz.inputs import beside, edits
from safepush.fuzz.promises import members
from safepush.fuzz.promises.promise import Made
from safepush.fuzz.promises.said import figures
from safepush.fuzz.promises.said.sentences import Said
from safepush.fuzz.runs import Runs
from safepush.fuzz.task import Task
from tests.unit.safepush.fuzz.test_fuzz_campaign import Bench, rules
from tests.unit.safepush.fuzz.test_fuzz_campaign import fuzz as tried
from tests.unit.safepush.fuzz.test_fuzz_inputs import document
from tests.unit.safepush.fuzz.test_fuzz_promises import FILE, LIST
from tests.unit.safepush.fuzz.test_fuzz_promises import Made as Written
from tests.unit.safepush.fuzz.test_fuzz_relations import MANY, TEXT, causes, given, source_of

SWITCH = {"type": "boolean", "default": False}
OBJECTS = {"type": "array", "items": {"type": "object"}}


# Capitals


@pytest.mark.parametrize("passed_on", [True, False])
def test_capitals_that_matter_under_another_switch_are_found(passed_on: bool) -> None:
    def model(
        text: str = "The cat sat. A cat ran.",
        find: str = "cat",
        ignore_case: bool = False,
        whole_words: bool = False,
    ) -> int:
        if len(find) > 500:  # nor is a pattern made of it
            return 0
        flags = re.IGNORECASE if ignore_case and (passed_on or not whole_words) else re.NOFLAG
        edge = r"\b" if whole_words else ""
        return len(re.findall(f"{edge}{re.escape(find)}{edge}", text[:500], flags))

    inputs = given(text="The cat sat. A cat ran.", find="cat")
    made = causes(
        model, {**inputs, "ignore_case": SWITCH, "whole_words": SWITCH}, {"type": "integer"}
    )

    told = "capitals in 'find' make a difference with 'whole_words'"
    assert [one for one in made if "capitals" in one] == [told] * (not passed_on)


# Order


@pytest.mark.parametrize(
    ("turns", "said", "found"),
    [
        (True, "Rows that agree keep their order.", 1),
        (False, "Rows that agree keep their order.", 0),
        (True, "What to sort by.", 0),
    ],
)
def test_ties_that_are_turned_round_are_found(turns: bool, said: str, found: int) -> None:
    usual = "plum,12\npear,7\nfig,31"

    def model(table: str = usual, descending: bool = False) -> list[str]:
        rows = [one for one in table.splitlines() if one]
        key = lambda one: one.partition(",")[2]  # noqa: E731
        if turns:
            made = sorted(rows, key=key)
            return made[::-1] if descending else made
        return sorted(rows, key=key, reverse=descending)

    inputs = {**given(table=usual), "descending": SWITCH}
    inputs["table"] = {**inputs["table"], "description": said}

    assert len([one for one in causes(model, inputs, LIST) if "what agrees" in one]) == found


def test_lines_are_made_to_agree_at_either_end() -> None:
    made = list(edits.agreeing("List: bread\nGarden: beans"))

    assert made == ["List: bread\nList: beans", "List: bread\nGarden: bread"]
    assert not [*edits.agreeing("plain words\nand more")]
    assert not [*edits.agreeing("one: line")]


def test_files_of_lines_with_one_name_are_found() -> None:
    def model(notes: str = "List: bread\nGarden: beans") -> list[Written]:
        lines = notes[:200].splitlines()
        told = {one.partition(":")[0]: one for one in lines}
        return [(f"{name[:40]}.txt", told[name].encode() or b" ") for name in map(head, lines)]

    def head(line: str) -> str:
        return line.partition(":")[0]

    output = {"type": "array", "items": FILE}
    made = causes(model, given(notes="List: bread\nGarden: beans"), output)

    assert any("written over that of another item" in one for one in made)


# Items under other choices


@pytest.mark.parametrize(
    ("masked", "about", "found"),
    [(False, "", 1), (True, "", 0), (False, " Scores are relative to each other.", 0)],
)
def test_an_item_that_has_something_of_others_under_a_choice_is_found(
    masked: bool, about: str, found: int
) -> None:
    said = f"There is one score for each text, in the order of the texts.{about}"
    pooling = {"type": "string", "enum": ["mean", "max"], "default": "mean"}

    def model(texts: list[str], pooling: str = "mean") -> list[float]:
        longest = max((len(one) for one in texts), default=0)
        if pooling == "max" and not masked:
            return [float(len(one) == longest) + len(one) / 1000 for one in texts]
        return [len(one) / 1000 for one in texts]

    usual = ["What a bright day", "Rain again"]
    inputs = {"texts": {**LIST, "default": usual, "description": said}, "pooling": pooling}
    output = {"type": "array", "items": {"type": "number"}}
    made = causes(lambda texts=usual, pooling="mean": model(texts, pooling), inputs, output)

    assert len([one for one in made if "among others than alone" in one]) == found


# Days


def test_the_last_days_of_a_year_are_sent_in_each_way_of_two_choices() -> None:
    choice = {"type": "string", "enum": ["a", "b"], "default": "a"}
    other = {"type": "string", "enum": ["x", "y"], "default": "x"}
    day = {"type": "string", "default": "2024-05-17"}
    fields = fields_of(document({"day": day, "style": choice, "tongue": other}, []))
    made = list(beside.ideas(fields, {}))

    assert {"day": "2024-12-30", "style": "b", "tongue": "y"} in made
    assert {"day": "2021-01-03"} in made
    words = fields_of(document({"day": {"type": "string", "default": "some"}, "style": choice}, []))
    assert not any(one.get("day") in beside.DAYS for one in beside.ideas(words, {}))


def made(output: Any, **inputs: Any) -> Made:
    return Made(inputs=inputs, changed=frozenset(inputs), output=output)


def kept(output: Any, told: str, **inputs: Any) -> bool | None:
    """Whether an output holds to the promise of these words."""
    fields = fields_of(document({name: {**MANY, "default": 3} for name in inputs}, []))
    promises = members.promises(fields, made(output, **inputs), source_of(""))
    return next(one for one in promises if told in one.broken).kept(made(output, **inputs))


@pytest.mark.parametrize(
    ("label", "day", "right"),
    [
        ("2025-W01", "2024-12-30", True),
        ("2024-W01", "2024-12-30", False),
        ("2020-W53", "2021-01-03", True),
        ("2024-W10", "no day", None),
        ("week 10", "2024-03-04", None),
    ],
)
def test_a_week_that_its_day_is_not_in_is_told(label: str, day: str, right: bool | None) -> None:
    assert kept([{"label": label, "first": day}], "a week is not") is right
    assert date(2024, 12, 30).isocalendar().year == 2025


# Counts and sums


@pytest.mark.parametrize(
    ("pages", "total", "right"), [(8, 24, True), (9, 24, False), (9, 25, True), (1, 0, None)]
)
def test_pages_that_the_results_do_not_fill_are_told(
    pages: int, total: int, right: bool | None
) -> None:
    output = {"entries": [], "pages": pages, "total": total}

    assert kept(output, "pages than all results", per_page=3) is right


@pytest.mark.parametrize(
    ("said", "shares", "right"),
    [
        ("the shares add up to exactly 100", (33.3, 33.3, 33.4), True),
        ("the shares add up to exactly 100", (33.3, 33.3, 33.3), False),
        ("the shares add up to 100", (33.3, 33.3, 33.3), True),
        ("the shares add up to 100", (3.1,) * 32, True),
        ("the shares add up to 100", (33.3, 33.3), False),
    ],
)
def test_shares_that_are_told_to_be_exact_are_added_up(
    said: str, shares: tuple[float, ...], right: bool
) -> None:
    output = [{"label": "a", "percent": one} for one in shares]
    (promise,) = figures.promises([Said(said)], (), made(output))

    assert promise.kept(made(output)) is right


@pytest.mark.parametrize(("name", "found"), [("plus", 0), ("sides", 1)])
def test_a_total_with_more_than_its_parts_is_let_be(name: str, found: int) -> None:
    inputs = {name: {"type": "integer", "minimum": 0, "maximum": 9, "default": 0}}

    def model(**given: int) -> list[dict[str, Any]]:
        return [{"dice": [2, 3], "total": 5 + given.get(name, 0)}]

    assert len([one for one in causes(model, inputs, OBJECTS) if "not the sum" in one]) == found


def test_pieces_of_a_stream_are_no_numbers_of_it() -> None:
    most = {"type": "integer", "minimum": 1, "maximum": 50, "default": 50}
    most["description"] = "At most so many numbers."
    pieces = {"type": "array", "items": TEXT, "x-cog-array-type": "iterator",
              "x-cog-array-display": "concatenate"}  # fmt: skip

    def model(text: str = "one two", limit: int = 50) -> list[str]:
        return [one for word in text.split()[:limit] for one in (word, ", ")]

    code = "def predict() -> ConcatenateIterator[str]: pass"
    told = causes(model, {**given(text="one two"), "limit": most}, pieces, code)

    assert not [one for one in told if "more numbers" in one]


# What differs each time, and what never ends


DROPS = "import torch\nnet = torch.nn.Dropout(0.3)\n"


@pytest.mark.parametrize(
    ("said", "code", "found"),
    [
        ("Numbers.", "import torch", set()),  # it may well draw something
        ("The same numbers always get the same score.", "import torch", {"fuzz-state-leak"}),
        ("The same numbers get the same score only with a seed.", "import torch", set()),
        ("Numbers.", DROPS, {"fuzz-state-leak"}),
        ("Numbers.", f"{DROPS}net.eval()", set()),
    ],
)
def test_another_output_each_time_is_found_where_none_is_meant(
    said: str, code: str, found: set[str]
) -> None:
    calls = iter(range(10**6))
    inputs = {"text": {**TEXT, "default": "a", "description": said}}
    outcome, _ = tried(lambda text="a": f"{text} {next(calls)}", inputs, source=source_of(code))

    assert rules(outcome) == found


class Locked(Bench):
    """Has no end once something failed, until it is ended."""

    def __init__(self, *, frees: bool) -> None:
        super().__init__(lambda text="a": text)
        self._frees = frees
        self._lock = threading.Lock()

    def predict(self, inputs: Any, *, limit_s: float) -> Prediction:
        if not self._lock.acquire(blocking=False):
            self._lock = threading.Lock()  # a new process
            raise PredictionTimedOut("p", limit_s)
        if not inputs.get("text", "a"):
            self._lock = threading.Lock() if self._frees else self._lock
            return Prediction(id="p", status="failed", error="ValueError: text must not be empty")
        self._lock.release()
        return super().predict(inputs, limit_s=limit_s)


@pytest.mark.parametrize("frees", [True, False])
def test_no_end_after_one_that_failed_is_found(frees: bool) -> None:
    bench = Locked(frees=frees)
    schema = document({"text": {"type": "string", "default": "a"}}, [])
    runs = Runs(bench.predict, lambda one: one.output, parallel=1, longest_s=60)
    task = Task(schema=schema, fields=fields_of(schema), source=source_of(""), budget=60)
    found = [one for one in Campaign(task, runs).run().found if one.rule == "fuzz-timeout"]

    assert [(one.cause, one.before) for one in found] == (
        [] if frees else [("no end after one that failed", ({"text": ""},))]
    )


# What cannot be sent


def surrogates() -> Iterator[Any]:
    yield "\ud800"
    yield ["fine", "\udfff"]


def test_half_a_pair_of_surrogates_is_not_sent() -> None:
    text, many = fields_of(document({"text": TEXT, "many": LIST}, []))

    assert [one.takes(value) for one, value in zip((text, many), surrogates(), strict=True)] == [
        False,
        False,
    ]
    assert text.takes("\U0001f642 é")


# What fails by its count


@pytest.mark.parametrize(("every", "found"), [(7, 1), (10**6, 0)])
def test_what_fails_now_and_then_whatever_is_sent_is_found(every: int, found: int) -> None:
    calls = iter(range(1, 10**6))

    def model(text: str = "a") -> str:
        if next(calls) % every == 0:
            raise RuntimeError("the pool has no connection left")
        return text

    outcome, _ = tried(model, {"text": {**TEXT, "default": "a"}}, budget=100)

    told = [one for one in outcome.found if one.rule == "fuzz-crash"]
    assert [one.cause.startswith("now and then, whatever is sent: ") for one in told] == [
        True
    ] * found
