"""What only looks like a broken promise: sound models that some rule once took for flawed."""

from base64 import b64encode
from typing import Any

import pytest

from safepush.compare import File
from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import fields_of
from safepush.fuzz.promises import limits, measured, members
from safepush.fuzz.promises.promise import Made
from tests.unit.safepush.fuzz.test_fuzz_inputs import document
from tests.unit.safepush.fuzz.test_fuzz_promises import picture, sound


def judged(name: str, schema: dict[str, Any], inputs: dict[str, Any], output: Any) -> bool | None:
    """What the promise of one number says of an output."""
    fields = fields_of(document({name: schema}, []))
    (promise,) = limits.promises(fields)
    return promise.kept(Made(inputs=inputs, changed=frozenset(inputs), output=output))


@pytest.mark.parametrize(
    ("scores", "texts", "kept"),
    [
        ([0.2, 0.9], ["one", "two"], None),  # one for each that was sent
        ([0.2, 0.9], "one\ntwo", None),
        ([0.2, 0.9, 0.9], ["one", "two"], False),
        ([0.8, 0.9, 0.9], ["one", "two"], True),
    ],
)
def test_a_threshold_leaves_nothing_out_where_each_item_has_its_score(
    scores: list[float], texts: Any, kept: bool | None
) -> None:
    threshold = {"type": "number", "minimum": 0, "maximum": 1, "default": 0.5}
    output = [{"label": "a", "score": one} for one in scores]

    assert judged("threshold", threshold, {"threshold": 0.5, "texts": texts}, output) is kept


@pytest.mark.parametrize(("sent", "kept"), [(96, True), (80, False), (8, False)])
def test_a_picture_may_come_back_as_large_as_it_was_sent(sent: int, kept: bool) -> None:
    most = {"type": "integer", "minimum": 1, "maximum": 4096, "default": 64}
    image = f"data:image/png;base64,{b64encode(picture(sent, 4)[1]).decode()}"

    told = judged("max_size", most, {"max_size": 64, "image": image}, File(picture(96, 4)[1]))

    assert told is kept


AUDIO = {"type": "string", "format": "uri", "description": "A WAV file."}


@pytest.mark.parametrize(("setting", "kept"), [("start", None), ("bits", False)])
def test_who_cuts_a_sound_tells_how_long_the_rest_is(setting: str, kept: bool | None) -> None:
    fields = fields_of(document({"audio": AUDIO, setting: {"type": "number", "default": 0}}, []))
    audio = f"data:audio/x-wav;base64,{b64encode(sound(2.0)[1]).decode()}"
    told = "the output says another length than the sound that was sent has"
    promise = next(one for one in measured.promises(fields) if one.broken == told)
    inputs = {"audio": audio, setting: 1}

    made = Made(inputs=inputs, changed=frozenset(inputs), output={"duration": 1.0})

    assert promise.kept(made) is kept


@pytest.mark.parametrize(("setting", "kept"), [("normalize", None), ("pooling", False)])
def test_a_vector_that_is_not_to_be_normalised_has_any_length(
    setting: str, kept: bool | None
) -> None:
    usual = Made(inputs={}, changed=frozenset(), output=[[0.5, 0.5, 0.5, 0.5]])
    promises = members.promises([], usual, Source())
    promise = next(one for one in promises if one.broken == "a vector is not of length 1")

    made = Made(inputs={}, changed=frozenset({setting}), output=[[1.5, 0.5, 0.5, 0.5]])

    assert promise.kept(made) is kept
