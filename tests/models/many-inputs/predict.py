"""A model with one input of every kind that a manifest can get wrong."""

from typing import Optional

from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    """Answers with its prompt."""

    def predict(
        self,
        prompt: str = Input(description="Required.", max_length=500),
        code: str = Input(description="Three capitals.", regex="^[A-Z]{3}$", default="ABC"),
        steps: int = Input(description="Bounded.", ge=1, le=100, default=10),
        scale: float = Input(description="A fraction.", ge=0, le=1, default=0.5),
        size: str = Input(description="A choice.", choices=["small", "large"], default="small"),
        flag: bool = Input(description="Yes or no.", default=False),
        tags: list[str] = Input(description="Several.", default=[]),
        image: Optional[Path] = Input(description="A file.", default=None),  # noqa: UP045
    ) -> str:
        """Answer."""
        return prompt
