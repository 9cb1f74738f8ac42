"""Moves become events here and nowhere else."""

from dataclasses import dataclass
from datetime import datetime

from jobs.core import batch, prediction

BATCH_EVENTS = {
    batch.State.VALIDATING: "batch.created",
    batch.State.IN_PROGRESS: "batch.in_progress",
    batch.State.COMPLETED: "batch.completed",
    batch.State.FAILED: "batch.failed",
    batch.State.CANCELLED: "batch.cancelled",
    batch.State.EXPIRED: "batch.expired",
}
PREDICTION_EVENTS = {
    prediction.State.PROCESSING: "prediction.start",
    prediction.State.SUCCEEDED: "prediction.completed",
    prediction.State.FAILED: "prediction.completed",
    prediction.State.CANCELED: "prediction.completed",
}
#: each tells all there was by then: one that was not sent yet gives way to the next of its type
NEWS = frozenset({"prediction.output", "prediction.logs"})
PREDICTION_TYPES = frozenset(PREDICTION_EVENTS.values()) | NEWS
TYPES = frozenset(BATCH_EVENTS.values()) | PREDICTION_TYPES


@dataclass(frozen=True)
class Event:
    """Something that happened to one subject; the store numbers it within the subject."""

    type: str
    subject: str
    at: datetime


def of_batch(value: batch.Batch, at: datetime) -> Event | None:
    """The event that a batch's new state makes, if it makes one."""
    name = BATCH_EVENTS.get(value.state)
    return Event(name, value.id, at) if name else None


def of_prediction(value: prediction.Prediction, at: datetime) -> Event | None:
    """The event that a prediction's new state makes, if it makes one."""
    name = PREDICTION_EVENTS.get(value.state)
    return Event(name, value.id, at) if name else None


def wanted(type: str, filter: tuple[str, ...]) -> bool:
    """Whether a filter lets an event through; Replicate's short names count for predictions."""
    return not filter or type in filter or type.removeprefix("prediction.") in filter
