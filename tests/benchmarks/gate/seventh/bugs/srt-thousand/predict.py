"""Makes subtitles for a script, at a given speed of reading."""

import math
import re
import tempfile

from cog import BasePredictor, Input, Path

DEFAULT = "Welcome to the harbour.\nToday we look at the old cranes.\nMind the step, please."


def stamp(seconds: float) -> str:
    whole = math.floor(seconds)
    milliseconds = round((seconds - whole) * 1000)
    minutes, second = divmod(whole, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02},{milliseconds:03}"


class Predictor(BasePredictor):
    def predict(
        self,
        script: str = Input(description="Script, each line is a subtitle", default=DEFAULT),
        words_per_second: float = Input(
            description="How fast it is read", default=2.5, ge=0.5, le=10
        ),
        pause: float = Input(description="Seconds between two subtitles", default=0.2, ge=0, le=5),
    ) -> Path:
        """Give an SRT file; lines without words are left out."""
        lines = [" ".join(line.split()) for line in script.splitlines() if line.strip()]
        cues = []
        clock = 0.0
        for number, line in enumerate(lines, 1):
            start = clock
            for _ in line.split():
                clock += 1 / words_per_second
            text = re.sub("-+>", "->", line).encode("utf-8", "replace").decode()
            cues.append(f"{number}\n{stamp(start)} --> {stamp(clock)}\n{text}\n")
            clock += pause
        with tempfile.NamedTemporaryFile(
            "w", suffix=".srt", delete=False, encoding="utf-8", newline=""
        ) as file:
            file.write("\n".join(cues))
        return Path(file.name)
