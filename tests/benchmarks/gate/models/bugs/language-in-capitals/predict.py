"""Greets in a language."""

from cog import BasePredictor, Input

GREETINGS = {"en": "hello", "de": "hallo", "fr": "bonjour"}


class Predictor(BasePredictor):
    def predict(
        self,
        name: str = Input(description="Whom to greet.", default="you"),
        language: str = Input(description="Two letters.", default="en"),
    ) -> str:
        if language.lower() not in GREETINGS:
            raise ValueError(f"language must be one of {', '.join(GREETINGS)}")
        return f"{GREETINGS[language]} {name}"
