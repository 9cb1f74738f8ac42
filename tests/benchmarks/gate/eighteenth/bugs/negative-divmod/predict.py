"""Tell a length of time in words."""

from cog import BasePredictor, Input

UNITS = [("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1)]


class Predictor(BasePredictor):
    def predict(
        self,
        seconds: int = Input(
            description="The length in seconds; below zero it is told with 'minus'.",
            default=93_784,
            ge=-1_000_000_000,
            le=1_000_000_000,
        ),
        parts: int = Input(
            description="Name at most this many units, the largest first; the rest is left out.",
            default=4,
            ge=1,
            le=4,
        ),
        short: bool = Input(description="Write d, h, m and s for the units.", default=False),
    ) -> str:
        """Return words like `1 day 2 hours`; units of which there are none are left out."""
        rest = seconds
        named = []
        for unit, size in UNITS:
            count, rest = divmod(rest, size)
            if count == 0:
                continue
            if short:
                named.append(f"{count}{unit[0]}")
            else:
                named.append(f"{count} {unit}" + ("" if count == 1 else "s"))
        if not named:
            return "0s" if short else "0 seconds"
        return ("minus " if seconds < 0 else "") + " ".join(named[:parts])
