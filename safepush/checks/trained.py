"""The version that a training made: which one it is, and that it goes when nobody is to use it."""

from safepush.answers import Prediction
from safepush.checks.base import Trainer
from safepush.errors import NotFound, NotReady, ServiceError
from safepush.plain import plain


class NoVersion(Exception):
    """A training ended well and made nothing; the text says so."""


def made_by(training: Prediction, destination: str) -> str:
    """The id of the version that a training made; Replicate writes `owner/name:id`."""
    output = training.output if isinstance(training.output, dict) else {}
    model, _, id = str(output.get("version") or "").rpartition(":")
    if not id or model not in ("", destination):
        raise NoVersion(f"training {training.id} succeeded, but names no version of {destination}")
    return id


def why_unusable(trainer: Trainer, training: Prediction) -> str | None:
    """Why nobody can use what a training that ended well has made."""
    try:
        version, _ = trainer.trained(made_by(training, trainer.destination))
    except (NoVersion, NotFound, NotReady) as exc:
        return plain(exc)
    if version.state == "ready":
        return None
    return f"the version that it made is {version.state}: {plain(version.error or 'no reason')}"


def forget(trainer: Trainer, training: Prediction) -> None:
    """Remove what a training made, since nobody is to use it."""
    try:
        trainer.forget(made_by(training, trainer.destination))
    except (NoVersion, ServiceError):
        return
