"""Makes titles fit."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        title: str = Input(
            description="Title to fit; runs of white space become single spaces.",
            default="A short history of the kettle and of those who waited for it",
            max_length=5000,
        ),
        width: int = Input(
            description="Most characters that come back. A longer title is cut after the last word "
            "that fits and ends with `…`, which counts; if no word fits, it is cut within the "
            "first one.",
            default=32,
            ge=1,
            le=200,
        ),
    ) -> str:
        """The title, or as much of it as there is room for."""
        words = title.split()
        whole = " ".join(words)
        if len(whole) <= width:
            return whole
        kept = ""
        for word in words:
            longer = f"{kept} {word}" if kept else word
            if len(longer) > width - 1:
                break
            kept = longer
        return (kept or whole[: width - 1]) + "…"
