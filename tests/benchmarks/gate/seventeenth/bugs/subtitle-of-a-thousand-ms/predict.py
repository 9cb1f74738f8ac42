"""Makes subtitles of lines of text."""

from cog import BasePredictor, Input


def stamp(seconds):
    """A time as hours:minutes:seconds,milliseconds."""
    whole = int(seconds)
    milliseconds = round((seconds - whole) * 1000)
    minutes, second = divmod(whole, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02},{milliseconds:03}"


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="One subtitle per line; blank lines are left out.",
            default="Good morning.\nThe kettle is on.",
            max_length=5000,
        ),
        seconds_per_line: float = Input(
            description="How long each is shown.", default=2.5, ge=0.1, le=60
        ),
        start: float = Input(
            description="Second at which the first one begins.", default=0.0, ge=0, le=3600
        ),
    ) -> str:
        """An SRT file: numbered cues, times as HH:MM:SS,mmm to the nearest millisecond."""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        cues = []
        for number, line in enumerate(lines):
            begin = start + number * seconds_per_line
            end = start + (number + 1) * seconds_per_line
            times = f"{stamp(begin)} --> {stamp(end)}"
            cues.append(f"{number + 1}\n{times}\n{line}\n")
        return "\n".join(cues)
