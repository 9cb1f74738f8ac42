"""Reads settings from JSON text."""

import json

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self, settings: str = Input(description="Settings as JSON.", default='{"depth": 2}')
    ) -> str:
        try:
            told = json.loads(settings)
        except json.JSONDecodeError:
            raise ValueError("settings must be JSON") from None
        return f"depth {told.get('depth', 1)}"
