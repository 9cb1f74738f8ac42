"""Talks about gardens, and about nothing else."""

import re

from cog import BasePredictor, ConcatenateIterator, Input

ADVICE = {
    "rose": "Roses like sun and a deep drink once a week; cut them back when the frost is over.",
    "tomato": "Tomatoes want warmth, a stick to lean on and no rain on their leaves.",
    "lawn": "A lawn is best cut often and never short, and it needs air in spring.",
    "apple": "An apple tree is thinned in winter, so that light comes to every branch.",
}
DECLINED = "Sorry, I only know about roses, tomatoes, lawns and apples."


class Predictor(BasePredictor):
    """Says what it knows about the plants that a question names."""

    def predict(
        self,
        question: str = Input(
            description="Only the plants named in it matter; a question without any is declined.",
            default="When do I cut my roses?",
            max_length=2000,
        ),
        max_words: int = Input(
            description="The answer breaks off after so many words, also within a sentence.",
            default=40,
            ge=1,
            le=100,
        ),
        shout: bool = Input(description="In capitals.", default=False),
    ) -> ConcatenateIterator[str]:
        """The answer word by word."""
        asked = re.findall(r"[^\W\d_]+", question.lower())
        known = [plant for plant in ADVICE if {plant, f"{plant}s", f"{plant}es"} & set(asked)]
        answer = " ".join(ADVICE[plant] for plant in known) or DECLINED
        for place, word in enumerate(answer.split(" ")[:max_words]):
            said = word.upper() if shout else word
            yield said if place == 0 else f" {said}"
