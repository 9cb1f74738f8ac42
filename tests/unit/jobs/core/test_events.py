"""Which state makes which event, and who wants to hear of it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from jobs.core import batch, events, prediction
from jobs.core.events import Event
from tests.unit.jobs.core.test_batch import a_batch
from tests.unit.jobs.core.test_prediction import a_prediction

AT = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize("state", list(batch.State))
def test_what_a_batch_tells(state: batch.State) -> None:
    expected = {
        "validating": "batch.created",
        "cancelling": None,
        "finalizing": None,
    }.get(state.value, f"batch.{state}")
    event = events.of_batch(a_batch(state), AT)
    assert event == (Event(expected, "batch_1", AT) if expected else None)


@pytest.mark.parametrize("state", list(prediction.State))
def test_what_a_prediction_tells(state: prediction.State) -> None:
    """Replicate's words: an end of any kind is `completed`."""
    expected = {"starting": None, "processing": "prediction.start"}.get(
        state.value, "prediction.completed"
    )
    event = events.of_prediction(a_prediction(state), AT)
    assert event == (Event(expected, "pred_1", AT) if expected else None)


def test_a_training_tells_the_same_by_its_own_name() -> None:
    value = replace(a_prediction(prediction.State.SUCCEEDED), id="train_1")
    assert events.of_prediction(value, AT) == Event("training.completed", "train_1", AT)


def test_every_type_is_named() -> None:
    assert {
        "batch.created", "batch.in_progress", "batch.completed", "batch.failed",
        "batch.cancelled", "batch.expired", "prediction.start", "prediction.output",
        "prediction.logs", "prediction.completed",
        "training.start", "training.logs", "training.completed",
    } == events.TYPES  # fmt: skip


@pytest.mark.parametrize(
    ("type", "filter", "wanted"),
    [
        ("batch.failed", (), True),
        ("batch.failed", ("batch.failed",), True),
        ("batch.failed", ("batch.completed",), False),
        ("batch.failed", ("failed",), False),  # only predictions have short names
        ("prediction.logs", ("logs",), True),
        ("prediction.logs", ("output", "prediction.logs"), True),
        ("prediction.completed", ("start",), False),
        ("training.completed", ("completed",), True),
        ("training.logs", ("prediction.logs",), False),
    ],
)
def test_a_filter_lets_through_what_it_names(
    type: str, filter: tuple[str, ...], wanted: bool
) -> None:
    assert events.wanted(type, filter) is wanted
