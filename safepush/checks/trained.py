"""The version that a training made: which one it is, and that it goes when nobody is to use it."""

from safepush.answers import Prediction
from safepush.checks.base import Trainer
from safepush.errors import ServiceError


class NoVersion(Exception):
    """A training ended well and made nothing; the text says so."""


def made_by(training: Prediction, destination: str) -> str:
    """The id of the version that a training made; Replicate writes `owner/name:id`."""
    output = training.output if isinstance(training.output, dict) else {}
    model, _, id = str(output.get("version") or "").rpartition(":")
    if not id or model not in ("", destination):
        raise NoVersion(f"training {training.id} succeeded, but names no version of {destination}")
    return id


def forget(trainer: Trainer, training: Prediction) -> None:
    """Remove what a training made, since nobody is to use it."""
    try:
        trainer.forget(made_by(training, trainer.destination))
    except (NoVersion, ServiceError):
        return
