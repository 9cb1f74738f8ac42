"""Goes on writing until there is enough."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(description="The beginning.", default="The fox"),
        min_new_tokens: int = Input(description="Words at least.", default=4, ge=0, le=256),
        max_new_tokens: int = Input(description="Words at most.", default=32, ge=1, le=256),
    ) -> str:
        words: list[str] = []
        done = False
        while not done:
            words = [*words, ("ran", "on", "and")[len(words) % 3]][:max_new_tokens]
            done = len(words) >= min_new_tokens and words[-1] == "and"
            done = done or len(words) == max_new_tokens >= min_new_tokens
        return f"{prompt} {' '.join(words)}"
