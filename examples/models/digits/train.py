"""Teach the model something new: a LoRA from a zip of pictures, as Replicate's trainers take."""

from pathlib import Path as LocalPath

from cog import BaseModel, Input, Path


class TrainingOutput(BaseModel):
    """What a training leaves."""

    weights: Path


def train(
    images: Path = Input(description="A zip of pictures; a caption.csv in it says what they show."),
    trigger_word: str = Input(
        description="The words for pictures without a caption.", default="TOK", max_length=200
    ),
    steps: int = Input(description="How long to learn.", default=200, ge=1, le=5000),
    batch_size: int = Input(description="Pictures per step.", default=32, ge=1, le=256),
    learning_rate: float = Input(description="How fast.", default=4e-3, ge=1e-6, le=1e-1),
    rank: int = Input(description="How much the LoRA can hold.", default=8, ge=1, le=64),
    seed: int = Input(description="The same seed learns the same.", default=0, ge=0, le=2**31 - 1),
) -> TrainingOutput:
    """Learn, and leave a LoRA."""
    # here, so that a push can ask what train() takes without waiting for torch
    from learning import Course, learn

    course = Course(steps, batch_size, learning_rate, rank, seed)
    return TrainingOutput(weights=Path(learn(LocalPath(images), trigger_word, course)))
