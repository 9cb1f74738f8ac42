"""Make the table of a tone curve."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    """Tone curves for pictures of 8 bits."""

    def predict(
        self,
        gamma: float = Input(
            description="Bend of the curve, 1 is straight", default=2.2, ge=0, le=8
        ),
        lift: int = Input(description="Added to the darkest step", default=0, ge=0, le=64),
        gain: float = Input(description="Times the lightest step", default=1.0, ge=0.1, le=4),
        invert: bool = Input(description="Swap dark and light", default=False),
    ) -> list[int]:
        """Give 256 values between 0 and 255."""
        exponent = 1 / gamma
        table = []
        for step in range(256):
            value = (step / 255) ** exponent
            value = lift + value * gain * (255 - lift)
            table.append(min(255, max(0, round(value))))
        if invert:
            table = [255 - value for value in table]
        return table
