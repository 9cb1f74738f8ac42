"""Copies a file: files in, files out."""

import tempfile

from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    """A picture model, as far as its clients can see."""

    def predict(
        self,
        file: Path = Input(description="What to copy."),
        copies: int = Input(description="How often.", default=1, ge=1, le=10),
    ) -> list[Path]:
        """Copy it."""
        folder = Path(tempfile.mkdtemp())
        made = [Path(folder / f"copy-{number}.txt") for number in range(copies)]
        for place in made:
            place.write_bytes(file.read_bytes())
        return made
