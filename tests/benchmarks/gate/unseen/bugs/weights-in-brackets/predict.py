"""Reads the weights of a prompt: (fox) is 1.1, ((fox)) is 1.21, (fox:1.4) is 1.4."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(
            description="What to draw; (word:1.3) gives a word more weight.",
            default="a (red:1.3) fox",
        ),
        negative_prompt: str = Input(description="What to leave out.", default="blurry"),
        width: int = Input(description="Pixels.", default=512, choices=[512, 768, 1024]),
    ) -> list[dict[str, float]]:
        return [self._weights(prompt), self._weights(negative_prompt), {"width": width}]

    def _weights(self, text: str) -> dict[str, float]:
        found: dict[str, float] = {}
        begun: list[int] = []
        for place, sign in enumerate(text):
            if sign == "(":
                begun.append(place)
            elif sign == ")":
                word, _, weight = text[begun.pop() + 1 : place].partition(":")
                found[word] = float(weight) if weight else found.get(word, 1.0) * 1.1
        return found
