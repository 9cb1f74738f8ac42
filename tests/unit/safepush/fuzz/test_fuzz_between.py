"""What one prediction has of another: loaded once for all, kept in a table, or mixed up at once."""

import time
from typing import Any

import pytest

from safepush.fuzz import asides, atonce, pairs
from safepush.fuzz.fields import fields_of
from tests.unit.safepush.fuzz.test_fuzz_campaign import TEXT, Model, fuzz, rules
from tests.unit.safepush.fuzz.test_fuzz_inputs import document, source_of

STYLES = {"type": "string", "enum": ["none", "sepia"], "default": "none"}
SCALE = {"type": "number", "minimum": 0, "maximum": 1, "default": 0.5}
KEEPS = "class Predictor:\n    def load(self, name):\n        self.loaded = name"


def adapted(*, anew: bool) -> Model:
    """Loads an adapter with a scale, and again for another scale or not."""
    loaded: list[Any] = []

    def model(style: str = "none", scale: float = 0.5) -> str:
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
