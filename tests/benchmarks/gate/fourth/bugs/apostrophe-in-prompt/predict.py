"""Options out of a prompt, as in: a red barn --size 64 --seed 3."""

import shlex

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(description="A prompt with options.", default="a red barn --size 64"),
    ) -> dict[str, str]:
        words, options = [], {}
        rest = iter(shlex.split(prompt))
        for word in rest:
            if word.startswith("--") and len(word) > 2:
                options[word[2:]] = next(rest, "")
            else:
                words.append(word)
        return {**options, "prompt": " ".join(words)}
