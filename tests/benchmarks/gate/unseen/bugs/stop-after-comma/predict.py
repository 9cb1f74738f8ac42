"""Ends a text at the first of some stop sequences."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(description="The beginning.", default="Count to ten"),
        system_prompt: str = Input(description="How to behave.", default="You are helpful."),
        max_tokens: int = Input(description="Words at most.", default=64, ge=1, le=512),
        stop_sequences: str = Input(
            description="Where to stop; several are separated by commas, as in '<end>,<stop>'.",
            default="",
        ),
    ) -> str:
        said = f"{system_prompt} {prompt}. one two three four five <end> six seven"
        said = " ".join(said.split(" ")[:max_tokens])
        if stop_sequences:
            for stop in stop_sequences.split(","):
                said = said.split(stop)[0]
        return said or "(nothing)"
