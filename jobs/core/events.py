"""Moves become events here and nowhere else."""

from dataclasses import dataclass
from datetime import datetime

from jobs.core import batch, prediction, training

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
#: a prediction's events, and the same of a training, begin so
PREDICTION, TRAINING = "prediction.", "training."
#: each tells all there was by then: one that was not sent yet gives way to the next of its type
NEWS = frozenset({"prediction.output", "prediction.logs", "training.logs"})
PREDICTION_TYPES = frozenset(PREDICTION_EVENTS.values()) | {"prediction.output", "prediction.logs"}
TRAINING_TYPES = frozenset({"training.start", "training.logs", "training.completed"})
TYPES = frozenset(BATCH_EVENTS.values()) | PREDICTION_TYPES | TRAINING_TYPES


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
    return Event(_of(value.id, name), value.id, at) if name else None


def _of(id: str, name: str) -> str:
    return name.replace(PREDICTION, TRAINING) if training.is_training(id) else name


def wanted(type: str, filter: tuple[str, ...]) -> bool:
    """Whether a filter lets an event through; Replicate's short names leave out whose it is."""
    return not filter or type in filter or short(type) in filter


def short(type: str) -> str:
    """Replicate's name for an event of a prediction or a training."""
    return type.removeprefix(PREDICTION).removeprefix(TRAINING)
