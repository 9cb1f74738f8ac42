"""What one prediction has of another: loaded once for all, kept in a table, or mixed up at once."""

import time
from typing import Any

import numpy as np
import pytest

from safepush.answers import Prediction
from safepush.compare import Tolerance
from safepush.fuzz.campaign import Campaign
from safepush.fuzz.fields import fields_of
from safepush.fuzz.inputs import pairs
from safepush.fuzz.layers import changed
from safepush.fuzz.probe import Probe
from safepush.fuzz.process import asides, atonce, precision, printed, standing
from safepush.fuzz.process.steadiness import Steadiness, again
from safepush.fuzz.runs import Runs
from safepush.fuzz.task import Task
from tests.unit.safepush.fuzz.test_fuzz_campaign import TEXT, Bench, Model, fuzz, rules
from tests.unit.safepush.fuzz.test_fuzz_inputs import document, source_of

STYLES = {"type": "string", "enum": ["none", "sepia"], "default": "none"}
SCALE = {"type": "number", "minimum": 0, "maximum": 1, "default": 0.5}
KEEPS = "class Predictor:\n    def load(self, name):\n        self.loaded = name"


def adapted(*, anew: bool) -> Model:
    """Loads an adapter with a scale, and again for another scale or not."""
    loaded: list[Any] = []

    def model(style: str = "none", scale: float = 0.5, **_: float) -> str:
        if not loaded or loaded[0] != style or (anew and loaded[1] != scale):
            loaded[:] = [style, scale if style != "none" else 0]
        return repr(loaded)

    return model


@pytest.mark.parametrize(("anew", "found"), [(False, {"fuzz-state-leak"}), (True, set())])
def test_what_is_loaded_under_a_name_alone_is_found(anew: bool, found: set[str]) -> None:
    outcome, _ = fuzz(
        adapted(anew=anew), {"style": STYLES, "scale": SCALE}, source=source_of(KEEPS)
    )

    assert rules(outcome) == found


@pytest.mark.parametrize(("budget", "made"), [(12, 0), (24, 4), (60, 12), (500, 16)])
def test_of_a_small_budget_settings_that_stay_take_a_quarter(budget: int, made: int) -> None:
    runs = Runs(Bench(adapted(anew=True)).predict, repr, parallel=1, longest_s=60)
    scales = dict.fromkeys(("scale", "strength", "weight", "guidance", "noise"), SCALE)
    fields = fields_of(document({"style": STYLES, **scales}, []))
    usual = {"style": "none", "scale": 0.5}
    steadiness = Steadiness(fields, usual, source_of(KEEPS), Tolerance())
    first = runs.first(Probe(inputs=usual, layer="usual"))
    steadiness.begin(first, runs.one(again(first)))
    before = runs.made

    list(standing.suspicions(fields, usual, runs, steadiness, budget=budget))

    assert runs.made - before == made


ASYNC = "class Predictor:\n    async def predict(self, text):\n        self.text = text"


def slowly(*, shared: bool) -> Model:
    """Answers with its own text, or with the one that came last."""
    last: list[str] = []

    def model(text: str = "one") -> str:
        last[:] = [text]
        time.sleep(0.01)
        return last[0] if shared else text

    return model


@pytest.mark.parametrize(("shared", "found"), [(True, True), (False, False)])
def test_predictions_that_share_what_they_were_sent_are_found(shared: bool, found: bool) -> None:
    outcome, _ = fuzz(
        slowly(shared=shared),
        {"text": {**TEXT, "default": "one"}},
        source=source_of(ASYNC),
        parallel=4,
    )

    assert ("fuzz-state-leak" in rules(outcome)) is found


def test_what_is_mixed_up_is_told_with_what_it_was_made_beside() -> None:
    outcome, _ = fuzz(
        slowly(shared=True),
        {"text": {**TEXT, "default": "one"}},
        source=source_of(ASYNC),
        parallel=4,
    )

    told = [one for one in outcome.found if one.rule == "fuzz-state-leak"]
    assert [one.cause for one in told] == [atonce.CAUSE]
    assert told[0].before


@pytest.mark.parametrize(
    ("place", "told"),
    [("output.milliseconds", True), ("output.made_at", True), ("output.steps[0].took_s", True),
     ("output", False), ("output.score", False), ("output.format", False), ("output.items", False)],
)  # fmt: skip
def test_members_that_tell_the_time_differ_each_time(place: str, told: bool) -> None:
    assert asides.is_told(place, {}, source_of("import time\ntime.time()")) is told
    assert not asides.is_told(place, {}, source_of("def predict(): pass"))


@pytest.mark.parametrize(
    ("output", "told"),
    [({"cached": True}, True), ({"cached": 3}, False), ({"items": [{"from_cache": False}]}, True),
     ({"request_id": "a1"}, True), ({"score": True}, False)],
)  # fmt: skip
def test_members_that_tell_what_was_known_or_which_run_it_is_differ(
    output: Any, told: bool
) -> None:
    chance = source_of("import uuid\nuuid.uuid4()")
    place = "output.items[0].from_cache" if "items" in output else f"output.{next(iter(output))}"

    assert asides.is_told(place, output, chance) is told


def test_a_word_of_a_text_is_sent_where_words_are_looked_for() -> None:
    fields = fields_of(
        document(
            {
                "text": {"type": "string", "default": "the blue boats and the sea"},
                "extra": {"type": "array", "items": {"type": "string"}, "default": ["sea"]},
                "find": {"type": "string", "default": "the"},
            },
            [],
        )
    )

    made = list(pairs.relations(fields, {}))

    assert {"extra": ["boats"]} in made
    assert {"find": "boats"} in made


def test_a_model_with_few_inputs_is_asked_the_usual_once_more_at_the_end() -> None:
    paints = ["umber", "ochre"]

    def model(order: str = "studio") -> str:
        if order == "by name":
            paints.sort()
        return paints[0]

    order = {"type": "string", "enum": ["studio", "by name"], "default": "studio"}
    outcome, bench = fuzz(model, {"order": order})

    assert rules(outcome) == {"fuzz-state-leak"}
    assert len(bench.inputs) < 60


# What a prediction leaves for later ones

PRECISE = {"type": "boolean", "default": False}
SCORES = {"type": "array", "items": {"type": "number"}}


def scored(*, stays: bool) -> Model:
    """Gives numbers of 32 bits, or of 64 where it is asked for them, and maybe from then on."""
    kind = [np.float32]

    def model(precise: bool = False) -> list[float]:
        own = np.float64 if precise else kind[0]
        if stays:
            kind[0] = own
        return np.tanh(np.linspace(0.1, 0.9, 5, dtype=own)).tolist()

    return model


@pytest.mark.parametrize(("stays", "found"), [(True, {"fuzz-state-leak"}), (False, set())])
def test_a_type_of_numbers_that_stays_is_found(stays: bool, found: set[str]) -> None:
    outcome, _ = fuzz(scored(stays=stays), {"precise": PRECISE}, output=SCORES)

    assert rules(outcome) == found


def test_rounded_numbers_and_words_say_nothing_of_their_type() -> None:
    short = [0.1, 0.25, 3.0]
    single, double = [float(np.float32(1 / 3)), *short], [1 / 3, *short]

    assert precision.differs(single, double)
    assert precision.differs({"a": double}, {"a": single})
    assert not precision.differs(single, single)
    assert not precision.differs(short, double)
    assert not precision.differs("a third", double)
    assert not precision.differs([float("inf"), 1e300 / 3], single[1:])


@pytest.mark.parametrize(
    ("kept", "found"),
    [
        ("handlers", [printed.CAUSE]),  # one more each time
        ("none", []),
        ("once", []),  # says twice what it said once, and no more than that
        ("first", []),  # says something the first time alone
    ],
)
def test_what_prints_the_same_once_more_each_time_is_found(kept: str, found: list[str]) -> None:
    handlers = [1]

    def predict(inputs: Any, *, limit_s: float) -> Prediction:
        lines = ["counts: 3"] * len(handlers) if inputs.get("verbose") else []
        if inputs.get("verbose") and (kept == "handlers" or (kept, len(handlers)) == ("once", 1)):
            handlers.append(1)
        if kept == "first":
            handlers.clear()
        return Prediction(id="p", status="succeeded", output="same", logs="\n".join(lines))

    schema = document({"verbose": {"type": "boolean", "default": False}}, [])
    runs = Runs(predict, lambda one: one.output, parallel=1, longest_s=60)
    task = Task(schema=schema, fields=fields_of(schema), source=source_of(""), budget=60)

    assert [one.cause for one in Campaign(task, runs).run().found] == found


def test_what_changed_later_ones_is_found_though_much_else_was_sent_since() -> None:
    kept = ["none"]

    def model(text: str = "a", style: str | None = None) -> str:
        kept[:] = [style or kept[0]]
        return f"{text} {kept[0]}"

    usual: dict[str, Any] = {"text": "a"}
    runs = Runs(Bench(model).predict, lambda one: one.output, parallel=1, longest_s=60)
    fields = fields_of(document({"text": TEXT, "style": {**STYLES, "nullable": True}}, []))
    steadiness = Steadiness(fields, usual, source_of(""), Tolerance())
    first = runs.first(Probe(inputs=usual, layer="usual"))
    runs.one(changed(usual, {"style": "sepia"}, "boundaries"))
    for number in range(20):
        runs.one(changed(usual, {"text": f"b{number}"}, "awkward"))
    suspicion = steadiness.judge(runs.one(again(first)))
    runs.one(changed(usual, {"style": "none"}, "boundaries"))

    assert suspicion is not None
    confirmed = steadiness.confirmed(suspicion, runs)

    assert confirmed is not None
    assert confirmed.before == ({"text": "a", "style": "sepia"},)
