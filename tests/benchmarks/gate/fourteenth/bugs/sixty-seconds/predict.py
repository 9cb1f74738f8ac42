"""Says when a clip starts and ends."""

from cog import BaseModel, BasePredictor, Input


def clock(seconds: float) -> str:
    """Hours, minutes and seconds with colons."""
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{int(hours):02d}:{int(minutes):02d}:{rest:02.0f}"


class Cue(BaseModel):
    """One cue of a list."""

    number: int
    starts: str
    ends: str


class Predictor(BasePredictor):
    """Makes cue lists for clips of equal length."""

    def predict(
        self,
        start: float = Input(
            description="Where the first clip starts (seconds).", default=0.0, ge=0.0, le=36000.0
        ),
        length: float = Input(
            description="How long each clip is (seconds).", default=12.4, ge=0.5, le=600.0
        ),
        pause: float = Input(
            description="Seconds between two clips.", default=2.6, ge=0.0, le=60.0
        ),
        clips: int = Input(description="How many clips.", default=3, ge=1, le=50),
    ) -> list[Cue]:
        """The cues, in times of day HH:MM:SS rounded to the second."""
        cues = []
        for number in range(clips):
            begin = start + number * (length + pause)
            cues.append(Cue(number=number + 1, starts=clock(begin), ends=clock(begin + length)))
        return cues
