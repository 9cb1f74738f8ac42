"""Lay out the ticks of an axis."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    """Ticks for a chart."""

    def predict(
        self,
        start: float = Input(description="Where the axis begins", default=0.0, ge=-1e15, le=1e15),
        span: float = Input(description="How long the axis is", default=10.0, ge=0, le=1000),
        step: float = Input(
            description="Distance between ticks, at most 2000 are drawn",
            default=2.5,
            ge=0.01,
            le=500,
        ),
        style: str = Input(
            description="How ticks are written", default="plain", choices=["plain", "short"]
        ),
    ) -> list[str]:
        """Give the labels of the ticks, each once."""
        if span / step > 2000:
            raise ValueError("step is too small for span: more than 2000 ticks")
        end = start + span
        labels: list[str] = []
        position = start
        while position <= end:
            label = f"{position:z.2f}" if style == "plain" else f"{position:z.12g}"
            if not labels or labels[-1] != label:
                labels.append(label)
            position += step
        return labels
