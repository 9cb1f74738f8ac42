"""Reports on a text for an archive."""

import time
import uuid
from datetime import UTC, datetime

from cog import BaseModel, BasePredictor, Input


class Report(BaseModel):
    """What was counted; id, made_at and took_ms are of this very run and differ each time."""

    id: str
    made_at: str
    took_ms: float
    words: int
    lines: int
    longest_word: str


class Predictor(BasePredictor):
    """Every report can be told from every other."""

    def predict(
        self,
        text: str = Input(
            description="Text to report on.", default="Two lines\nof a letter", max_length=100_000
        ),
        source: str = Input(
            description="Where it comes from; begins the id.", default="box", max_length=20
        ),
    ) -> Report:
        """A report with its own id and time, in UTC."""
        begun = time.perf_counter()
        words = text.split()
        prefix = "".join(sign for sign in source if sign.isalnum())
        longest = max(words, key=len, default="")
        return Report(
            id=f"{prefix or 'box'}-{uuid.uuid4().hex}",
            made_at=datetime.now(UTC).isoformat(timespec="microseconds"),
            took_ms=round((time.perf_counter() - begun) * 1000, 3),
            words=len(words),
            lines=text.count("\n") + (text[-1:] not in ("", "\n")),
            longest_word=longest,
        )
