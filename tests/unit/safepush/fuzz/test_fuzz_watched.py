"""What is seen over several predictions or in what they say: traces, secrets, counts, refusals."""

import ast
import itertools
from collections.abc import Callable
from typing import Any

import pytest

from safepush.answers import Prediction, Usage
from safepush.errors import PredictionTimedOut
from safepush.fuzz.campaign import Campaign
from safepush.fuzz.code import keeping
from safepush.fuzz.code.interplay import refuses_together
from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import fields_of
from safepush.fuzz.probe import Probe
from safepush.fuzz.relations.proportion import is_in_proportion
from safepush.fuzz.runs import Runs
from safepush.fuzz.task import Outcome, Task
from tests.unit.safepush.fuzz.test_fuzz_campaign import TEXT, fuzz, rules
from tests.unit.safepush.fuzz.test_fuzz_elsewhere import Elsewhere

CHOICE = {"type": "string", "enum": ["png", "gif"], "default": "png"}
SECRET = {"type": "string", "format": "password", "x-cog-secret": True}
COUNT = {"type": "integer", "minimum": 1, "maximum": 8, "default": 4, "description": "How many."}


def source_of(text: str) -> Source:
    return Source((("predict.py", text),), (ast.parse(text),))


# What is left behind


def left(kind: str, wanted: str, budget: int = 100) -> Outcome:
    """What is found where one choice leaves one thing of a kind behind."""
    counts = itertools.count(5)
    last = [5]

    def predict(inputs: Any, *, limit_s: float) -> Prediction:
        if wanted in (inputs.get("format", "png"), "any"):
            last[0] = next(counts)
        usage = Usage(host="h", **{kind: last[0]})
        return Prediction(id="p", status="succeeded", output="a", took_s=0.01, usage=usage)

    schema = {
        "components": {
            "schemas": {"Input": {"properties": {"format": CHOICE, "text": TEXT}}, "Output": TEXT}
        }
    }
    runs = Runs(predict, lambda one: one.output, parallel=1, longest_s=60)
    code = source_of("")
    task = Task(schema=schema, fields=fields_of(schema), source=code, budget=budget)
    return Campaign(task, runs).run()


@pytest.mark.parametrize(
    ("kind", "wanted", "told"),
    [
        ("open_files", "any", "open files, with the same inputs"),
        ("threads", "any", "threads, with the same inputs"),
        ("temp_files", "gif", "temporary files, with the same inputs"),
        ("threads", "gif", "threads, with the same inputs"),
    ],
)
def test_what_is_left_each_time_or_by_one_choice_is_found(
    kind: str, wanted: str, told: str
) -> None:
    outcome = left(kind, wanted)

    (one,) = outcome.found
    assert (one.cause, one.inputs.get("format", "png")) == (told, {"any": "png"}.get(wanted, "gif"))
    assert one.number <= 100


@pytest.mark.parametrize("kind", ["open_files", "threads", "temp_files"])
@pytest.mark.parametrize("budget", [20, 100])
def test_what_is_left_each_time_is_seen_at_once(kind: str, budget: int) -> None:
    (one,) = left(kind, "any", budget).found

    assert one.number <= 6
    assert "(over 28 of them in one process)" in one.detail


def test_a_store_with_an_end_costs_a_few_predictions_and_is_no_finding() -> None:
    names: dict[int, None] = {}

    def told(text: str) -> Usage:
        names[len(names)] = None
        return Usage(host="h", open_files=min(len(names), 20))

    outcome = watched(told)

    assert outcome.found == ()
    assert any("no more after a while: open files" in note for note in outcome.notes)


def test_what_is_left_where_it_is_refused_is_found() -> None:
    count = itertools.count(3)
    last = [3]

    def told(text: str) -> Usage:
        if not text.strip():
            last[0] = next(count)
            raise ValueError("text must not be empty")
        return Usage(host="h", temp_files=last[0])

    (one,) = watched(told).found

    assert (one.rule, one.cause) == ("fuzz-temp-growth", "temporary files, after one that fails")
    assert [each["text"].strip() for each in one.before] == [""]


def watched(told: Callable[[str], Usage]) -> Outcome:
    """What is found where this is told after each prediction of a text, or it is refused."""

    def predict(inputs: Any, *, limit_s: float) -> Prediction:
        try:
            usage = told(inputs.get("text", "a"))
        except ValueError as exc:
            return Prediction(id="p", status="failed", error=f"ValueError: {exc}")
        return Prediction(id="p", status="succeeded", output="a", took_s=0.01, usage=usage)

    shape = {"properties": {"text": {**TEXT, "default": "a"}}}
    schema = {"components": {"schemas": {"Input": shape, "Output": TEXT}}}
    runs = Runs(predict, lambda one: one.output, parallel=1, longest_s=60)
    return Campaign(Task(schema=schema, fields=fields_of(schema), source=source_of("")), runs).run()


def test_what_a_refusal_changed_before_it_came_is_found() -> None:
    """It is gone with the next prediction, so the next one has to be a usual one."""
    kept: list[str] = []

    def model(text: str = "a", more: str = "") -> str:
        kept.append(more)
        if "\x00" in more:
            raise ValueError("more must not hold NUL")
        told = f"{text} {len(''.join(kept))}"
        kept.clear()
        return told

    inputs = {"text": {**TEXT, "default": "a"}, "more": {**TEXT, "default": ""}}
    outcome, _ = fuzz(model, inputs, budget=80)

    (one,) = (one for one in outcome.found if one.rule == "fuzz-state-leak")
    assert any("\x00" in each.get("more", "") for each in one.before)


def test_what_is_never_left_is_not_looked_into() -> None:
    outcome = left("temp_files", "none")

    assert outcome.found == ()
    assert outcome.predictions <= 112


# What is said


@pytest.mark.parametrize("where", ["the output", "the error"])
def test_a_secret_that_comes_back_is_found_and_not_told(where: str) -> None:
    def model(text: str = "a", api_token: str | None = None) -> str:
        if where == "the error" and api_token:
            raise ValueError(f"text cannot be had with {api_token}")
        return f"{text} by {api_token}"

    outcome, bench = fuzz(model, {"text": {**TEXT, "default": "a"}, "api_token": SECRET})

    (one,) = (one for one in outcome.found if one.rule == "fuzz-secret-shown")
    assert one.cause == f"{where} shows the secret input 'api_token'"
    assert {each["api_token"] for each in bench.inputs if "api_token" in each}


def test_a_secret_that_another_input_says_too_is_none() -> None:
    outcome, _ = fuzz(
        lambda text="a", token=None: text,
        {"text": TEXT, "token": SECRET},
        given={"text": "sk-4f9a1c7e2b80d653", "token": "sk-4f9a1c7e2b80d653"},
    )

    assert "fuzz-secret-shown" not in rules(outcome)


@pytest.mark.parametrize(
    ("name", "description", "found"),
    [
        ("num_outputs", "How many.", True),
        ("num_images", "How many.", True),
        ("num_outputs", "At most so many.", False),
        ("words", "How many.", False),
    ],
)
def test_fewer_outputs_than_asked_for_are_found(name: str, description: str, found: bool) -> None:
    def model(**inputs: int) -> list[str]:
        return ["a"] * (inputs.get(name, 4) // 2 * 2)

    outcome, _ = fuzz(
        model,
        {name: {**COUNT, "description": description}},
        output={"type": "array", "items": TEXT},
    )

    assert ("fuzz-output-count" in rules(outcome)) is found


# What is kept


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        ("class P:\n def predict(self, a):\n  self.seen[a] = 1", True),
        ("class P:\n def predict(self, a):\n  self.seen.append(a)", True),
        ("SEEN = {}\ndef predict(a): SEEN[a] = 1", True),
        ("@lru_cache(maxsize=2)\ndef load(a): return a", True),
        ("def predict(a):\n global last\n last = a", True),
        ("class P:\n def setup(self):\n  self.seen = {}\n def predict(self, a): return a", False),
        ("def predict(a):\n seen = {}\n seen[a] = 1\n return seen", False),
    ],
)
def test_code_that_keeps_something_is_seen(code: str, kept: bool) -> None:
    assert keeping.keeps(source_of(code)) is kept


def test_an_output_that_is_kept_by_too_little_shows_in_a_fresh_process() -> None:
    def fresh() -> Any:
        seen: dict[str, str] = {}

        def model(text: str = "one", format: str = "png") -> str:
            return seen.setdefault(text, f"{text}.{format}")

        return model

    code = source_of("class P:\n def predict(self, a):\n  self.seen[a] = 1")
    told: dict[str, Any] = {"text": {**TEXT, "default": "one"}, "format": CHOICE}

    outcome, _ = fuzz(fresh(), told, source=code, elsewhere=Elsewhere(fresh()))

    (one,) = outcome.found
    assert one.cause == "another output in another process"
    assert one.inputs.get("format") == "gif"


# What is refused, and what takes long


@pytest.mark.parametrize(
    ("test", "together"),
    [
        ("2 * crop >= picture.width", True),
        ("crop > 50", False),
        ("crop > 50 or picture.width < 4", False),
        ("crop > picture.width or crop > picture.height", True),
    ],
)
def test_a_refusal_that_asks_about_another_input_is_of_both(test: str, together: bool) -> None:
    code = f"""
def predict(image, crop):
    picture = open(image)
    if {test}:
        raise ValueError("crop leaves nothing")
"""
    line = 'raise ValueError("crop leaves nothing")'

    assert refuses_together(source_of(code), line, "crop", ["image", "crop"]) is together


@pytest.mark.parametrize(
    ("loop", "together"),
    [
        ("for n in range(count * 9):\n  if far(n, apart):\n   return n", True),
        ("for n in range(9):\n  if far(n, apart):\n   return n", False),
        ("for n in range(count):\n  print(apart)", False),
        ("while tries(apart):\n  if far(count):\n   break\n else:", True),
    ],
)
def test_who_gives_up_trying_refuses_all_that_the_tries_were_made_of(
    loop: str, together: bool
) -> None:
    line = 'raise ValueError("they cannot be so far apart")'
    indent = "  " if loop.endswith("else:") else " "
    code = f"def predict(count, apart):\n {loop}\n{indent}{line}\n"

    assert refuses_together(source_of(code), line, "apart", ["count", "apart"]) is together


@pytest.mark.parametrize(
    ("power", "length", "excused"),
    [(1, 100_000, True), (2, 100_000, False), (0, 100_000, False), (1, 5_000, False)],
)
def test_what_is_late_in_proportion_to_its_length_is_just_long(
    power: int, length: int, excused: bool
) -> None:
    """So long takes 12 s; a model of power 0 takes no time, but for that one."""

    def predict(inputs: Any, *, limit_s: float) -> Prediction:
        part = len(inputs["text"]) / length
        took_s = 12 * part**power if power else 12 * (part == 1)
        if took_s > limit_s:
            raise PredictionTimedOut("p", limit_s)
        return Prediction(id="p", status="succeeded", output="a", took_s=took_s)

    runs = Runs(predict, lambda one: one.output, parallel=1, longest_s=60)
    late = runs.one(Probe(inputs={"text": "a" * length}, layer="growth"))

    assert late.limit_s is not None
    assert is_in_proportion(late, runs) is excused
