"""Replaces a word in a text file."""

import tempfile
import uuid

from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def predict(
        self,
        document: Path = Input(description="A text file; bytes that are not UTF-8 are replaced."),
        find: str = Input(
            description="What to replace.", default="the", min_length=1, max_length=80
        ),
        replacement: str = Input(description="By what.", default="a", max_length=80),
    ) -> Path:
        """Return the changed text file."""
        text = document.read_bytes().decode("utf-8", errors="replace")
        target = Path(tempfile.gettempdir()) / f"{uuid.uuid4().hex}.txt"
        changed = text.replace(find, replacement)
        if changed != text:
            target.write_bytes(changed.encode("utf-8", errors="replace"))
        return target
