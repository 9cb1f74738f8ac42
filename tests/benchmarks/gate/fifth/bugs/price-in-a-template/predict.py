"""A prompt in the words of a style."""

from string import Template

from cog import BasePredictor, Input

STYLES = {
    "photo": "a photograph of {}, 35 mm, $light light",
    "ink": "{} drawn in ink, $light light",
    "oil": "an oil painting of {}, $light light",
}


class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(description="What it shows.", default="an old mill", max_length=400),
        style: str = Input(description="How.", default="photo", choices=list(STYLES)),
        light: str = Input(description="Light.", default="soft", choices=["soft", "hard", "no"]),
    ) -> str:
        wanted = STYLES[style].replace("{}", prompt.strip() or "nothing in particular")
        return Template(wanted).substitute(light=light)
