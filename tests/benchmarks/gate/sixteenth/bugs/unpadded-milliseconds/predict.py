"""Cuts a speech into subtitles."""

import tempfile

from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def predict(
        self,
        speech: str = Input(
            description="What is said; it needs at least one word.",
            default="Good evening and welcome to the yearly meeting of the garden club. We have "
            "a lot to talk about tonight.",
            max_length=20000,
        ),
        start: float = Input(
            description="When the first word is said, in seconds.", default=0.5, ge=0, le=3600
        ),
        words_per_minute: int = Input(
            description="How fast it is said.", default=150, ge=60, le=300
        ),
        words_per_line: int = Input(
            description="How many words a subtitle has at most.", default=6, ge=1, le=20
        ),
    ) -> Path:
        """An SRT file in UTF-8, its times as HH:MM:SS,mmm with three digits of milliseconds."""
        words = speech.split()
        if not words:
            raise ValueError("speech has no words")
        each_s = 60 / words_per_minute
        cues = []
        for number, first in enumerate(range(0, len(words), words_per_line), 1):
            line = words[first : first + words_per_line]
            begin_s = start + first * each_s
            end_s = begin_s + len(line) * each_s
            cues.append(f"{number}\n{stamp(begin_s)} --> {stamp(end_s)}\n{' '.join(line)}\n")
        file = Path(tempfile.mkdtemp()) / "speech.srt"
        file.write_text("\n".join(cues), encoding="utf-8", errors="replace")
        return file


def stamp(seconds: float) -> str:
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    minutes, second = divmod(whole, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02},{milliseconds}"
