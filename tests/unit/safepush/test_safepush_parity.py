"""The candidate beside the live version: noise, limits, what is not judged, files by content."""

import base64
import io
from collections.abc import Mapping
from typing import Any

import pytest
from PIL import Image

from safepush.answers import Prediction, Version
from safepush.checks import parity
from safepush.checks.base import Result, Runner, Trial, Verdict
from safepush.compare import USUAL, File
from safepush.config import Case, Config, Predict, load
from safepush.errors import InvalidRequest, PredictionTimedOut
from safepush.outputs import opened

LIVE, OURS = "a" * 64, "b" * 64


def version(id: str, *inputs: str) -> Version:
    properties = {name: {"type": "integer"} for name in inputs}
    schemas = {"Input": {"properties": properties}, "Output": {"type": "string"}}
    return Version(id=id, state="ready", schema={"components": {"schemas": schemas}})


class Runs:
    """What a version gives, one output or error after the other; the last one again and again."""

    def __init__(self, *outputs: Any) -> None:
        self._left = list(outputs)
        self.inputs: list[Mapping[str, Any]] = []

    def predict(self, inputs: Mapping[str, Any]) -> Prediction:
        self.inputs.append(inputs)
        given = self._left.pop(0) if len(self._left) > 1 else self._left[0]
        if isinstance(given, Exception):
            raise given
        if isinstance(given, Prediction):
            return given
        return Prediction(id="p", status="succeeded", output=given)


def check(
    live: Runs | None,
    ours: Runs,
    *cases: Case,
    takes: tuple[str, ...] = ("seed", "n"),
    **facts: Any,
) -> Result:
    settings = {"compare_outputs": True, "test_cases": cases or (Case(inputs={}),)} | facts
    trial = Trial(
        version=version(OURS, "seed", "n"),
        config=Config(model="me/a", predict=Predict(**settings), parallel=1),
        runner=Runner(ours.predict),
        live=None if live is None else version(LIVE, *takes),
        live_runner=None if live is None else Runner(live.predict),
    )
    return parity.check(trial)


def test_what_is_alike_passes_and_what_is_not_fails() -> None:
    same, other = check(Runs("a"), Runs("a")), check(Runs("a"), Runs("b"))

    assert same.verdict is Verdict.PASSED
    assert other.verdict is Verdict.FAILED
    assert other.reasons[0].startswith("predict.test_cases[0]: output: at character 1: 'b'")


def test_the_live_versions_own_noise_is_the_limit_and_is_shown() -> None:
    noisy = Runs(1.0, 1.01)

    within, beyond = check(Runs(1.0, 1.01), Runs(1.015)), check(noisy, Runs(1.2))
    quiet = check(Runs(1.0), Runs(1.015))

    assert within.verdict is Verdict.PASSED
    assert "number 0.0099 (limit 0.0198)" in within.reasons[-1]
    assert beyond.verdict is Verdict.FAILED
    assert quiet.verdict is Verdict.FAILED


def test_a_version_that_differs_from_itself_judges_nobody() -> None:
    for first, second in (("a", "something else"), ([1], [1, 2]), (1.0, 5.0), (None, 1)):
        result = check(Runs(first, second), Runs(first))

        assert result.verdict is Verdict.SKIPPED
        assert result.reasons[0] == "nothing was compared: no case could be judged"
        assert "the live version itself differs" in result.reasons[1]


def test_either_of_the_live_versions_outputs_will_do() -> None:
    live = Runs("the quick brown fox jumps", "the quick brown fox jumped")

    assert check(live, Runs("the quick brown fox jumped")).verdict is Verdict.PASSED


@pytest.mark.parametrize(
    "given",
    [
        InvalidRequest("POST", 422, "n: too large"),
        PredictionTimedOut("p", 3.0),
        Prediction(id="p", status="failed", error="no"),
        Prediction(id="p", status="canceled"),
    ],
)
def test_only_the_candidates_failures_count_against_it(given: Any) -> None:
    ours, theirs = check(Runs("a"), Runs(given)), check(Runs(given), Runs("a"))
    second = check(Runs("a", given), Runs("a"))

    assert ours.verdict is Verdict.FAILED
    assert theirs.verdict is second.verdict is Verdict.SKIPPED


def test_every_case_that_has_an_output_is_compared_and_the_others_are_named() -> None:
    cases = (Case(inputs={"n": 1}), Case(inputs={}, error_contains="x"), Case(inputs={"n": 2}))
    live, ours = Runs("a", "a", "x", "y" * 9), Runs("a", "b")

    result = check(live, ours, *cases)

    assert [one["n"] for one in ours.inputs] == [1, 2]
    assert result.verdict is Verdict.PASSED
    assert result.reasons[0] == "1 of 2 cases gave what the live version gives"
    assert "predict.test_cases[2] was not judged" in result.reasons[1]


def test_a_case_that_names_what_live_does_not_take_is_not_held_against_the_version() -> None:
    """Live would drop the input without a word, and make something else."""
    cases = (Case(inputs={"n": 1}), Case(inputs={}))
    live, ours = Runs("once"), Runs("once")

    some = check(live, ours, *cases, takes=("seed",))
    none = check(live, Runs("twice"), cases[0], takes=("seed",))

    assert live.inputs == [{"seed": 1}, {"seed": 1}]
    assert some.verdict is Verdict.PASSED
    assert some.reasons[0] == "1 of 2 cases gave what the live version gives"
    assert some.reasons[1] == "predict.test_cases[0] was not judged: live does not take `n`"
    assert [one.verdict for one in some.items] == [Verdict.SKIPPED, Verdict.PASSED]
    assert none.verdict is Verdict.SKIPPED
    assert none.reasons == (
        "nothing was compared: no case could be judged",
        "predict.test_cases[0] was not judged: live does not take `n`",
    )


def test_a_seed_is_given_where_both_have_one_and_the_case_gives_none() -> None:
    live, ours = Runs("a"), Runs("a")

    check(live, ours, Case(inputs={}), Case(inputs={"seed": 7}))

    assert [one["seed"] for one in (*live.inputs, *ours.inputs)] == [1, 1, 7, 7, 1, 7]


def test_where_there_is_nothing_to_compare_it_says_so() -> None:
    for result in (
        check(None, Runs("a")),
        check(Runs("a"), Runs("a"), compare_outputs=False),
        check(Runs("a"), Runs("a"), Case(inputs={}, error_contains="x")),
    ):
        assert result.verdict is Verdict.SKIPPED


def test_a_tolerance_of_ones_own(tmp_path: Any) -> None:
    path = tmp_path / "safepush.yaml"
    path.write_text("model: me/a\npredict: {compare_outputs: true, tolerance: {number: 0.1}}\n")

    predict = load(path).predict

    assert predict.tolerance.number == 0.1
    assert predict.tolerance.block == USUAL.block
    result = check(Runs(1.0), Runs(1.05), tolerance=predict.tolerance)
    assert result.verdict is Verdict.PASSED


# Files


def png(shade: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (16, 16), (shade, 0, 0)).save(buffer, "PNG")
    return buffer.getvalue()


def test_only_a_predictions_own_files_are_fetched() -> None:
    asked = []

    def fetch(path: str) -> bytes:
        asked.append(path)
        return b"content"

    own = "http://elsewhere.example/v1/predictions/p1/files/3/a.png"
    output = {
        "file": own,
        "others": ["http://h/v1/predictions/p2/files/3/a.png", "https://h/x", "http://[", "text"],
        "inline": "data:text/plain;base64," + base64.b64encode(b"hi").decode(),
        "plain": "data:,a%20b",
        "broken": "data:text/plain;base64,%%%",
        "n": 3,
    }
    prediction = Prediction(id="p1", status="succeeded", output=output)

    found = opened(prediction, version(OURS), fetch)

    assert asked == ["/v1/predictions/p1/files/3/a.png"]
    assert found["file"] == File(b"content")
    assert found["others"] == output["others"]
    assert found["inline"] == File(b"hi")
    assert found["plain"] == File(b"a b")
    assert found["broken"] == output["broken"]


def test_pictures_are_compared_by_what_is_on_them() -> None:
    picture, near, far = File(png(100)), File(png(103)), File(png(200))

    assert check(Runs(picture), Runs(near)).verdict is Verdict.PASSED
    assert "block at x 0, y 0" in check(Runs(picture), Runs(far)).reasons[0]
