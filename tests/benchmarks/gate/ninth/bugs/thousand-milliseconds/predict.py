"""Turns a script into subtitles."""

import tempfile

from cog import BasePredictor, Input, Path


def clock(seconds):
    """A time as SubRip writes it, such as 00:01:02,345."""
    whole = int(seconds)
    thousandths = round((seconds - whole) * 1000)
    minutes, second = divmod(whole, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{second:02},{thousandths:03}"


class Predictor(BasePredictor):
    """Counts every word as equally long."""

    def predict(
        self,
        script: str = Input(
            description="What is said.",
            default="Good morning and welcome to the harbour. The ferry leaves at noon.",
            max_length=5000,
        ),
        pace: float = Input(description="Seconds for each word.", default=0.5, ge=0.1, le=2),
        offset: float = Input(
            description="Seconds before the first word.", default=0.0, ge=0, le=3600
        ),
        words_per_line: int = Input(description="Words in each title.", default=6, ge=1, le=12),
    ) -> Path:
        """A SubRip file in UTF-8 with one numbered title after the other."""
        words = script.replace("\0", " ").split()
        titles = []
        for number, first in enumerate(range(0, len(words), words_per_line), start=1):
            line = words[first : first + words_per_line]
            begin, end = offset + first * pace, offset + (first + len(line)) * pace
            titles.append(f"{number}\n{clock(begin)} --> {clock(end)}\n{' '.join(line)}\n")
        out = Path(tempfile.mkdtemp()) / "script.srt"
        out.write_text("\n".join(titles), encoding="utf-8", errors="replace")
        return out
