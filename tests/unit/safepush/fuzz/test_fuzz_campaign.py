"""The whole fuzzer on models that are plain functions here: what it finds, and within what."""

import ast
import itertools
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from safepush.answers import Prediction
from safepush.errors import BudgetSpent, ConfigInvalid, PredictionTimedOut
from safepush.fuzz import found as findings
from safepush.fuzz.campaign import Campaign
from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import fields_of
from safepush.fuzz.runs import Runs
from safepush.fuzz.task import Outcome, Task

TEXT = {"type": "string", "description": "Some text."}
Model = Callable[..., Any]


class Bench:
    """Runs a function as a model, and counts."""

    def __init__(self, model: Model, budget: int | None = None) -> None:
        self._model = model
        self._left = budget
        self.inputs: list[dict[str, Any]] = []

    def predict(self, inputs: Any, *, limit_s: float) -> Prediction:
        if self._left is not None:
            if not self._left:
                raise BudgetSpent(1, "predictions")
            self._left -= 1
        self.inputs.append(dict(inputs))
        id = f"p{len(self.inputs)}"
        began = time.monotonic()
        try:
            output = self._model(**inputs)
        except TimeoutError as exc:
            raise PredictionTimedOut(id, limit_s) from exc
        except Exception as exc:
            return Prediction(id=id, status="failed", error=f"{type(exc).__name__}: {exc}")
        took_s = time.monotonic() - began
        return Prediction(id=id, status="succeeded", output=output, took_s=took_s)


def fuzz(
    model: Model,
    properties: dict[str, Any],
    *,
    output: Any = None,
    required: tuple[str, ...] = (),
    source: Source | None = None,
    most: int | None = None,
    parallel: int = 1,
    **task: Any,
) -> tuple[Outcome, Bench]:
    """What is found in a model of these inputs; where nothing else is said, it has its code."""
    shape = {"type": "object", "properties": properties, "required": list(required)}
    schema = {"components": {"schemas": {"Input": shape, "Output": output or {"type": "string"}}}}
    bench = Bench(model, most)
    runs = Runs(bench.predict, lambda one: one.output, parallel=parallel, longest_s=60)
    code = Source((("predict.py", ""),)) if source is None else source
    told = Task(schema=schema, fields=fields_of(schema), source=code, **{"budget": 60, **task})
    return Campaign(told, runs).run(), bench


def rules(outcome: Outcome) -> set[str]:
    return {one.rule for one in outcome.found}


def test_a_sound_model_is_not_flagged_and_the_budget_is_kept() -> None:
    outcome, bench = fuzz(lambda text="a": text[::-1], {"text": {**TEXT, "default": "a"}})

    assert outcome.found == ()
    assert len(bench.inputs) == outcome.predictions == 60


def test_a_crash_is_confirmed_and_made_small() -> None:
    def model(text: str, steps: int = 4) -> str:
        return text.encode("latin-1").decode("latin-1")

    steps = {"type": "integer", "minimum": 1, "maximum": 9, "default": 4}
    outcome, _ = fuzz(model, {"text": TEXT, "steps": steps}, required=("text",))

    assert outcome.found
    assert {(one.rule, one.place) for one in outcome.found} == {("fuzz-crash", "input.text")}
    assert all(set(one.inputs) == {"text"} for one in outcome.found)
    # without a traceback one character and several are two causes
    assert min(len(one.inputs["text"]) for one in outcome.found) == 1


def test_what_happens_once_is_told_and_is_no_finding() -> None:
    calls = itertools.count()

    def model(text: str = "a") -> str:
        if next(calls) == 7:
            raise IndexError("a moment's weakness")
        return "always this"

    outcome, _ = fuzz(model, {"text": {**TEXT, "default": "a"}})

    assert "fuzz-crash" not in rules(outcome)
    assert any("seen once and not again: fuzz-crash" in note for note in outcome.notes)


def test_a_declared_refusal_is_none() -> None:
    def model(text: str) -> str:
        if not text.strip():
            raise ValueError("text must not be empty")
        return text

    assert fuzz(model, {"text": TEXT}, required=("text",))[0].found == ()


def test_a_choice_that_the_schema_names_may_not_be_refused() -> None:
    def model(mode: str = "a") -> str:
        if mode == "c":
            raise ValueError("mode must be a or b")
        return mode

    mode = {"type": "string", "enum": ["a", "b", "c"], "default": "a"}
    outcome, _ = fuzz(model, {"mode": mode})

    assert [(one.rule, one.inputs["mode"]) for one in outcome.found] == [("fuzz-refused", "c")]


def test_a_choice_may_ask_for_another_input() -> None:
    def model(mode: str = "a", mask: str | None = None) -> str:
        if mode == "b" and mask is None:
            raise ValueError("mode b needs a mask")
        return mode

    mode = {"type": "string", "enum": ["a", "b"], "default": "a"}
    outcome, _ = fuzz(model, {"mode": mode, "mask": {**TEXT, "nullable": True}})

    assert outcome.found == ()


def test_a_null_that_is_allowed_may_not_be_a_crash() -> None:
    def model(text: str | None = "a") -> str:
        return text.lower()  # type: ignore[union-attr]

    outcome, _ = fuzz(model, {"text": {**TEXT, "default": "a", "nullable": True}})

    assert [dict(one.inputs) for one in outcome.found] == [{"text": None}]


def test_too_long_is_found() -> None:
    def model(text: str = "a") -> str:
        if len(text) > 100:
            raise TimeoutError
        return text

    outcome, _ = fuzz(model, {"text": {**TEXT, "default": "a"}})

    assert rules(outcome) == {"fuzz-timeout"}


def timed(seconds: Callable[..., float], *names: str) -> set[str]:
    """The rules that are found where predictions of these texts take so long, as a server says."""

    def predict(inputs: Any, *, limit_s: float) -> Prediction:
        took_s = seconds(*(len(inputs.get(name, "a")) for name in names))
        if took_s > limit_s:
            raise PredictionTimedOut("p", limit_s)
        return Prediction(id="p", status="succeeded", output="a", took_s=took_s)

    inputs = {"properties": {name: {**TEXT, "default": "a"} for name in names}}
    schema = {"components": {"schemas": {"Input": inputs, "Output": TEXT}}}
    runs = Runs(predict, lambda one: one.output, parallel=1, longest_s=60)
    code = Source((("predict.py", ""),))
    task = Task(schema=schema, fields=fields_of(schema), source=code, budget=40)
    return rules(Campaign(task, runs).run())


def test_a_square_is_slow_and_a_line_is_not() -> None:
    assert timed(lambda text: (text / 100_000) ** 2, "text") == {"fuzz-slow"}
    assert timed(lambda text: text / 400_000, "text") == set()


def test_two_texts_that_are_slow_where_both_are_long_are_found() -> None:
    assert timed(lambda one, other: one * other / 1e10, "one", "other") == {"fuzz-slow"}
    assert timed(lambda one, other: (one + other) / 400_000, "one", "other") == set()


def test_the_same_seed_has_to_give_the_same() -> None:
    def model(seed: int = 0) -> float:
        return random.Random(seed or None).random()

    seed = {"type": "integer", "minimum": 0, "maximum": 99, "default": 0, "description": "Seed."}
    outcome, _ = fuzz(model, {"seed": seed}, output={"type": "number"})

    (one,) = outcome.found
    assert (one.rule, dict(one.inputs)) == ("fuzz-nondeterministic", {"seed": 0})


def test_without_a_seed_chance_is_allowed_and_told() -> None:
    code = "import random\ndef predict(text): return random.random()"
    source = Source((("predict.py", code),), (ast.parse(code),))
    outcome, _ = fuzz(
        lambda text="a": random.random(),
        {"text": {**TEXT, "default": "a"}},
        output={"type": "number"},
        source=source,
    )

    assert outcome.found == ()
    assert any("repeatability was not judged" in note for note in outcome.notes)


def test_a_leak_comes_with_what_has_to_be_sent_before() -> None:
    state = {"style": ""}

    def model(text: str = "a", style: str = "") -> str:
        state["style"] = style or state["style"]
        return text + state["style"]

    told = {"text": {**TEXT, "default": "a"}, "style": {**TEXT, "default": ""}}
    outcome, _ = fuzz(model, told)

    (one,) = outcome.found
    assert one.rule == "fuzz-state-leak"
    assert one.before
    assert all(inputs.get("style") for inputs in one.before)


def test_a_budget_that_ends_before_the_proof_leaves_it_open() -> None:
    def model(text: str) -> str:
        if not text.isascii():
            raise KeyError("ö")
        return text

    outcome, bench = fuzz(model, {"text": TEXT}, required=("text",), most=20)

    assert len(bench.inputs) == 20
    assert outcome.found == ()
    assert outcome.unconfirmed == 1


def test_what_there_is_no_budget_for_is_not_told_as_tried() -> None:
    lines: list[str] = []
    outcome, _ = fuzz(lambda text: text, {"text": TEXT}, most=0, say=lines.append)

    assert (outcome.predictions, outcome.took, outcome.layers) == (0, 0, {})
    assert outcome.cut_short
    assert not any("none of the usual inputs" in note for note in outcome.notes)
    assert lines == ["fuzz: 0 of 60 predictions, 0 suspected"]


def test_each_count_is_told_once() -> None:
    lines: list[str] = []
    fuzz(lambda text="a": text, {"text": {**TEXT, "default": "a"}}, budget=40, say=lines.append)

    assert lines[-1].startswith("fuzz: 40 of 40 predictions")
    assert len(set(lines)) == len(lines)


def test_where_nothing_ordinary_succeeds_that_is_told() -> None:
    def model(text: str) -> str:
        raise ValueError("text must be a secret word")

    outcome, _ = fuzz(model, {"text": TEXT}, required=("text",))

    assert outcome.took == 0
    assert outcome.found == ()
    assert "add a good one to predict.test_cases" in outcome.notes[0]


def test_inputs_that_are_given_are_kept_and_those_left_out_not_sent() -> None:
    outcome, bench = fuzz(
        lambda text, key="": text + key, {"text": TEXT}, given={"key": "mine"}, required=("text",)
    )

    assert outcome.found == ()
    assert all(one["key"] == "mine" for one in bench.inputs if "key" in one)
    assert sum("key" in one for one in bench.inputs) > 50


def test_a_finding_is_written_down_and_read_again(tmp_path: Path) -> None:
    one = findings.Found(
        rule="fuzz-crash", cause="IndexError: x", detail="d", inputs={"text": ""}, names=("text",)
    )
    path = findings.save(one, tmp_path, model="me/a", version="f" * 64, seed=3)

    saved = findings.load(path)

    assert (saved.model, saved.version) == ("me/a", "f" * 64)
    assert saved.found.finding == one.finding
    assert one.finding.key == "fuzz-crash at input.text: IndexError: x"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"safepush": 1, "rule": "other"}'])
def test_another_file_is_no_finding(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)

    with pytest.raises(ConfigInvalid, match="no finding"):
        findings.load(path)


def test_a_model_that_hung_is_waited_for_before_the_next_is_called_late() -> None:
    """Its process was ended: whatever comes next waits for setup(), and is not to blame."""
    loading = False

    def predict(inputs: Any, *, limit_s: float) -> Prediction:
        nonlocal loading
        if loading and limit_s < 60:
            raise PredictionTimedOut("p", limit_s)
        loading = "!" in inputs["text"]
        if loading:
            raise PredictionTimedOut("p", limit_s)
        return Prediction(id="p", status="succeeded", output=inputs["text"], took_s=0.01)

    shape = {"type": "object", "properties": {"text": TEXT}, "required": ["text"]}
    schema = {"components": {"schemas": {"Input": shape, "Output": {"type": "string"}}}}
    runs = Runs(predict, lambda one: one.output, parallel=1, longest_s=60)
    code = Source((("predict.py", ""),))
    task = Task(schema=schema, fields=fields_of(schema), source=code, budget=30)

    outcome = Campaign(task, runs).run()

    assert [(one.rule, one.place) for one in outcome.found] == [("fuzz-timeout", "input.text")]
    assert "!" in outcome.found[0].inputs["text"]
    assert not any("seen once" in note for note in outcome.notes)
