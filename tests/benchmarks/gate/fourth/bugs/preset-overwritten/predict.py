"""The settings that a picture would be painted with."""

from typing import Optional

from cog import BasePredictor, Input

PRESETS = {
    "soft": {"strength": 0.3, "grain": 0.1},
    "bold": {"strength": 0.9, "grain": 0.4},
}


class Predictor(BasePredictor):
    def predict(
        self,
        preset: str = Input(description="Settings.", default="soft", choices=["soft", "bold"]),
        strength: Optional[float] = Input(
            description="Instead of the preset's.", default=None, ge=0, le=1
        ),
    ) -> dict[str, float]:
        settings = PRESETS[preset]
        if strength is not None:
            settings["strength"] = strength
        return settings
