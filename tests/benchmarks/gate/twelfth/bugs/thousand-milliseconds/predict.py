"""Subtitles: gives the lines of a script times and writes them as SRT."""

import tempfile

from cog import BasePredictor, Input, Path


def stamp(seconds: float) -> str:
    """A time as HH:MM:SS,mmm."""
    whole = int(seconds)
    thousandths = round((seconds - whole) * 1000)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest:02},{thousandths:03}"


class Predictor(BasePredictor):
    def predict(
        self,
        script: str = Input(
            description="The script, a subtitle a line; blank lines are skipped.",
            default="Good evening.\nIt has begun to rain.\nTake my coat.",
            max_length=5000,
        ),
        seconds_per_line: float = Input(
            description="How long each subtitle stands.", default=2.5, ge=0.5, le=20.0
        ),
        pause: float = Input(
            description="Seconds between two subtitles.", default=0.25, ge=0.0, le=10.0
        ),
        start: float = Input(
            description="Second of the first subtitle.", default=0.0, ge=0.0, le=3600.0
        ),
        upper: bool = Input(description="Capital letters.", default=False),
    ) -> Path:
        """Write an SRT file in UTF-8."""
        lines = [" ".join(line.split()) for line in script.splitlines() if line.strip()]
        if not lines:
            raise ValueError("the script has no lines")
        blocks = []
        for place, line in enumerate(lines):
            begin = start + place * (seconds_per_line + pause)
            times = f"{stamp(begin)} --> {stamp(begin + seconds_per_line)}"
            blocks.append(f"{place + 1}\n{times}\n{line.upper() if upper else line}\n")
        target = Path(tempfile.mkdtemp()) / "subtitles.srt"
        target.write_bytes("\n".join(blocks).encode("utf-8", "replace"))
        return target
