"""How much of a transcript is as it should be."""

from difflib import SequenceMatcher

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        transcript: str = Input(description="As heard.", default="the whether is nice today"),
        reference: str = Input(description="As said.", default="The weather is nice today."),
        ignore_case: bool = Input(description="Capitals do not count.", default=True),
    ) -> float:
        if ignore_case:
            transcript, reference = transcript.lower(), reference.lower()
        return round(SequenceMatcher(None, transcript, reference, autojunk=False).ratio(), 4)
