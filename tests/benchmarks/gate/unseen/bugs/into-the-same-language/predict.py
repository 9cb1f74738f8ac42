"""Names the way from one language to another."""

from cog import BasePredictor, Input

LANGUAGES = ["en", "de", "fr", "es", "it", "pt"]


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="Text to translate.", default="good morning"),
        source: str = Input(description="Its language.", default="en", choices=LANGUAGES),
        target: str = Input(description="The other one.", default="de", choices=LANGUAGES),
    ) -> str:
        ways = [code for code in LANGUAGES if code != source]
        return f"{ways.index(target)}: {text}"
