"""Subtitles moved in time."""

import re

from cog import BasePredictor, Input, Path

TIME = re.compile(r"(\d{2}):(\d{2}):(\d{2}),(\d{3})")


class Predictor(BasePredictor):
    def predict(
        self,
        subtitles: Path = Input(description="An SRT file."),
        shift_ms: int = Input(
            description="Milliseconds later; times never go below zero.",
            default=500,
            ge=-600000,
            le=600000,
        ),
    ) -> str:
        def later(found: re.Match[str]) -> str:
            hours, minutes, seconds, ms = map(int, found.groups())
            at = max(0, ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms + shift_ms)
            seconds, ms = divmod(at, 1000)
            return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},{ms:03}"

        text = subtitles.read_text(encoding="utf-8")
        if not text.strip():
            raise ValueError("subtitles must not be empty")
        return TIME.sub(later, text)
