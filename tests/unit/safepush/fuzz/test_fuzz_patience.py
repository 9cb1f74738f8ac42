"""How long is waited for what has no end, and whose fault it is that something took long."""

from collections.abc import Callable
from typing import Any

import pytest

from safepush.answers import Prediction
from safepush.errors import PredictionTimedOut
from safepush.fuzz.campaign import Campaign
from safepush.fuzz.fields import fields_of
from safepush.fuzz.found import Found, is_explained
from safepush.fuzz.probe import Probe, Suspicion, Tried
from safepush.fuzz.runs import IMPATIENT, LEAST_LIMIT_S, Runs
from safepush.fuzz.task import Outcome, Task
from tests.unit.safepush.fuzz.test_fuzz_watched import TEXT, source_of

SIZE = {"type": "integer", "minimum": 1, "maximum": 9, "default": 4}
MORE = {"type": "integer", "minimum": 0, "maximum": 50, "default": 2}


class Clock:
    """A model that takes as long as it is told to, without anybody waiting for it."""

    def __init__(self, takes_s: Callable[..., float]) -> None:
        self._takes_s = takes_s
        self.waited: list[float] = []

    def predict(self, inputs: Any, *, limit_s: float) -> Prediction:
        took_s = self._takes_s(**inputs)
        if took_s > limit_s:
            self.waited.append(limit_s)
            raise PredictionTimedOut("p", limit_s)
        return Prediction(id="p", status="succeeded", output="a", took_s=took_s)


def fuzz(clock: Clock, properties: dict[str, Any]) -> Outcome:
    schema = {"components": {"schemas": {"Input": {"properties": properties}, "Output": TEXT}}}
    runs = Runs(clock.predict, lambda one: one.output, parallel=1, longest_s=60)
    task = Task(schema=schema, fields=fields_of(schema), source=source_of(""), budget=60)
    return Campaign(task, runs).run()


def test_a_cause_without_an_end_is_waited_for_a_few_times_and_told_once() -> None:
    clock = Clock(lambda size=4, more=2: 1e9 if size < 3 else 0.01)

    outcome = fuzz(clock, {"size": SIZE, "more": MORE})

    assert [(one.rule, list(one.names)) for one in outcome.found] == [("fuzz-timeout", ["size"])]
    whole = [one for one in clock.waited if one >= LEAST_LIMIT_S]
    assert len(whole) <= 5
    assert set(clock.waited) - set(whole) <= {LEAST_LIMIT_S * IMPATIENT}


def test_two_causes_without_an_end_are_two() -> None:
    outcome = fuzz(
        Clock(lambda size=4, more=2: 1e9 if size < 2 or more > 48 else 0.01),
        {"size": SIZE, "more": MORE},
    )

    told = {name for one in outcome.found for name in one.names}
    assert told == {"size", "more"}


def test_a_machine_that_is_slow_all_at_once_is_no_models_fault() -> None:
    """The usual inputs take long by then too, and some others somewhat longer."""
    count = iter(range(10**6))

    def takes_s(size: int = 4, more: int = 2) -> float:
        return (0.4 + 0.1 * size) * (30 if next(count) > 6 else 1)

    assert [one.rule for one in fuzz(Clock(takes_s), {"size": SIZE, "more": MORE}).found] == []


def test_how_slow_a_machine_is_shows_with_the_usual_inputs() -> None:
    took = iter([0.1, 0.2, 0.5, 0.1, 0.3, 0.3, 9.0, 9.0])

    def predict(inputs: Any, *, limit_s: float) -> Prediction:
        return Prediction(id="p", status="succeeded", output="a", took_s=next(took))

    runs = Runs(predict, lambda one: one.output, parallel=1, longest_s=60)
    runs.usual({"text": "a"}, 0.1)

    assert [runs.slowness(), runs.slowness()] == [1.0, 1.0]  # the better of two
    assert runs.slowness() == pytest.approx(3.0)
    assert runs.slowness() == 6.0  # and no more is believed of a machine
    assert runs.made == 0


@pytest.mark.parametrize(("changed", "explained"), [(("size", "more"), True), (("more",), False)])
def test_what_holds_all_of_another_cause_is_explained_by_it(
    changed: tuple[str, ...], explained: bool
) -> None:
    found = Found(rule="fuzz-timeout", cause="c", detail="d", inputs={"size": 1}, names=["size"])
    tried = Tried(probe=Probe(inputs={"size": 2, "more": 50}, layer="pairs", changed=changed))
    late = Suspicion(rule="fuzz-timeout", cause="e", detail="f", tried=tried)

    assert is_explained(late, [found]) is explained
    assert not is_explained(late, [])
