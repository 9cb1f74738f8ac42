"""Packs a text into archives of chapters."""

import tempfile
import zipfile
from collections.abc import Iterator

from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="The text; a chapter begins after each blank line.",
            default="It was late.\n\nThe lamp went out.\n\nNobody spoke.",
            max_length=20000,
        ),
        per_archive: int = Input(description="Chapters per archive.", default=2, ge=1, le=50),
    ) -> Iterator[Path]:
        """Yield ZIP archives, each as soon as its chapters are packed."""
        chapters = [part for part in text.split("\n\n") if part.strip()]
        if len(chapters) > 200:
            raise ValueError("At most 200 chapters.")
        for first in range(0, len(chapters), per_archive):
            with tempfile.NamedTemporaryFile(suffix=".zip", delete=False) as file:
                target = Path(file.name)
            with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
                for place, chapter in enumerate(chapters[first : first + per_archive], first + 1):
                    archive.writestr(f"chapter-{place}.txt", chapter.encode("utf-8", "replace"))
                yield target
