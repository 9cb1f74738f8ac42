"""What only looks like a broken promise: sound models that some rule once took for flawed."""

from base64 import b64encode
from typing import Any

import pytest

from safepush.compare import File
from safepush.fuzz import limits
from safepush.fuzz.fields import fields_of
from safepush.fuzz.promises import Made
from tests.unit.safepush.fuzz.test_fuzz_inputs import document
from tests.unit.safepush.fuzz.test_fuzz_promises import picture


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
