"""Cut the start off a film's subtitles."""

import re

from cog import BasePredictor, Input

STAMP = r"(\d{2}):([0-5]\d):([0-5]\d),(\d{3})"
TIMES = re.compile(rf"{STAMP} --> {STAMP}", re.ASCII)


def to_milliseconds(stamp: tuple[str, ...]) -> int:
    """Count the milliseconds of a time."""
    hours, minutes, seconds, thousandths = (int(part) for part in stamp)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths


def to_stamp(total: int) -> str:
    """Write a time as subtitles do."""
    seconds, thousandths = divmod(total, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},{thousandths:03}"


class Predictor(BasePredictor):
    def predict(
        self,
        subtitles: str = Input(
            description=(
                "Subtitles in SRT form, cues apart by empty lines. What is no cue is left out."
            ),
            default=(
                "1\n00:00:01,000 --> 00:00:02,500\nQuiet!\n\n"
                "2\n00:00:04,000 --> 00:00:06,000\nSomeone is\nat the door.\n\n"
                "3\n00:00:09,040 --> 00:00:11,000\nIt is only the wind.\n"
            ),
            max_length=20000,
        ),
        cut: int = Input(
            description=(
                "Milliseconds to cut. Cues that end by then are dropped; one that is cut through "
                "begins at zero."
            ),
            default=5000,
            ge=0,
            le=86_400_000,
        ),
    ) -> str:
        """Return the cues that remain, in the order given, numbered from 1; it may be empty."""
        text = subtitles.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        kept = []
        for block in re.split(r"\n(?:[ \t]*\n)+", text):
            lines = block.lstrip().rstrip("\n").split("\n")
            if lines[0].strip().isdecimal() and len(lines) > 1:
                lines.pop(0)
            match = TIMES.fullmatch(lines[0].strip())
            if not match:
                continue
            start, end = to_milliseconds(match.groups()[:4]), to_milliseconds(match.groups()[4:])
            if end <= cut:
                continue
            times = f"{to_stamp(max(0, start - cut))} --> {to_stamp(end - cut)}"
            words = "\n".join(lines[1:])
            kept.append(f"{len(kept) + 1}\n{times}\n{words}\n")
        return "\n".join(kept)
