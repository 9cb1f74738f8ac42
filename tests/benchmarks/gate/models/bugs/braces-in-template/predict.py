"""Fills a template."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        template: str = Input(description="Text with {name} in it.", default="Dear {name},"),
        name: str = Input(description="Stands for {name}.", default="reader"),
    ) -> str:
        return template.format(name=name)
