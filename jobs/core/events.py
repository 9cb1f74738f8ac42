"""Moves become events here and nowhere else."""

import json
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
#: those that OpenAI has too: who is told in its words hears of these alone
OPENAI_TYPES = frozenset({"batch.completed", "batch.failed", "batch.cancelled", "batch.expired"})
#: in whose words an event is told; the first are ours, and need not be named
FORMATS = ("penstock", "openai")


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


def sayable(type: str, format: str | None) -> bool:
    """Whether there are words for an event in this format."""
    return format is None or type in OPENAI_TYPES


def spoken(id: str, body: bytes, format: str | None) -> bytes:
    """The body of an event as this format has it; the same bytes each time.

    OpenAI's says which batch it is about, and no more. What its format has no words for stays as it
    is: a test that the owner asked for.
    """
    if format is None or (told := json.loads(body))["type"] not in OPENAI_TYPES:
        return body
    at = datetime.fromisoformat(told["timestamp"]).timestamp()
    shape = {"object": "event", "id": id, "type": told["type"], "created_at": int(at)}
    return json.dumps(shape | {"data": {"id": told["data"]["id"]}}).encode()


def wanted(type: str, filter: tuple[str, ...]) -> bool:
    """Whether a filter lets an event through; Replicate's short names leave out whose it is."""
    return not filter or type in filter or short(type) in filter


def short(type: str) -> str:
    """Replicate's name for an event of a prediction or a training."""
    return type.removeprefix(PREDICTION).removeprefix(TRAINING)
