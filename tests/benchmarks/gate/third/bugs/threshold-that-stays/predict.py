"""Finds long words; how long, a caller may say."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def setup(self) -> None:
        self._settings = {"least": 4, "most": 10}

    def predict(
        self,
        text: str = Input(description="A text.", default="a small step for somebody, said he"),
        least: int | None = Input(description="Letters.", default=None, ge=1, le=40),
        most: int | None = Input(description="Words to give.", default=None, ge=1, le=40),
    ) -> list[str]:
        given = {"least": least, "most": most}
        self._settings.update({name: value for name, value in given.items() if value is not None})
        words = [word for word in text.split() if len(word) >= self._settings["least"]]
        return words[: self._settings["most"]]
