"""Shift the times of subtitles."""

import re

from cog import BasePredictor, Input

STAMP = r"(\d{2}):([0-5]\d):([0-5]\d),(\d{3})"
TIMES = re.compile(rf"^{STAMP} --> {STAMP}(?!\d)", re.ASCII | re.MULTILINE)
LAST = 100 * 3_600_000 - 1


def to_milliseconds(hours: str, minutes: str, seconds: str, thousandths: str) -> int:
    """Count the milliseconds of a time."""
    return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(thousandths)


def to_stamp(total: int) -> str:
    """Write a time as subtitles do."""
    seconds, thousandths = divmod(total, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02},{thousandths}"


class Predictor(BasePredictor):
    def predict(
        self,
        subtitles: str = Input(
            description="Subtitles in SRT form, with times like 00:01:02,345.",
            default=(
                "1\n00:00:01,500 --> 00:00:03,250\nGood morning.\n\n"
                "2\n00:00:04,125 --> 00:00:06,750\nIs the kettle on?\n"
            ),
            max_length=20000,
        ),
        shift: int = Input(
            description="Milliseconds to add; a time before zero becomes zero.",
            default=1000,
            ge=-3_600_000,
            le=3_600_000,
        ),
    ) -> str:
        """Return the subtitles, with nothing changed but the times."""

        def move(match: re.Match[str]) -> str:
            stamps = match.groups()
            start = to_milliseconds(*stamps[:4]) + shift
            end = to_milliseconds(*stamps[4:]) + shift
            if max(start, end) > LAST:
                raise ValueError("a time would pass 99:59:59,999")
            return f"{to_stamp(max(start, 0))} --> {to_stamp(max(end, 0))}"

        moved, cues = TIMES.subn(move, subtitles)
        if not cues or cues != subtitles.count("-->"):
            raise ValueError("the subtitles have no times, or some that cannot be read")
        return moved
