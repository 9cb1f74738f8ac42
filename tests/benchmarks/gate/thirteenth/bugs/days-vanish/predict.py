"""Writes durations as people read them."""

from datetime import timedelta

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    """Turns seconds into clock time or words."""

    def predict(
        self,
        seconds: int = Input(
            description="The duration, up to ten days.", default=3725, ge=0, le=864000
        ),
        style: str = Input(
            description="clock: hours:minutes:seconds, with as many hours as it takes. "
            "words: the same as in 1 h 2 min 5 s.",
            default="clock",
            choices=["clock", "words"],
        ),
    ) -> str:
        """The whole duration as text."""
        whole = timedelta(seconds=seconds)
        hours, rest = divmod(whole.seconds, 3600)
        minutes, left = divmod(rest, 60)
        if style == "words":
            return f"{hours} h {minutes} min {left} s"
        return f"{hours}:{minutes:02d}:{left:02d}"
