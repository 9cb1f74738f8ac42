"""Answers yes-or-no questions the way an oracle does."""

from cog import BasePredictor, Input

ANSWERS = {
    "kind": [
        "Yes, and sooner than you think.",
        "Yes, if you ask a friend for help.",
        "Yes, but rest first.",
        "Perhaps, when the leaves fall.",
        "Not today, but do try again.",
        "No, and it is better so.",
        "Only you can know.",
        "The signs are good.",
    ],
    "grim": [
        "Yes, at a price.",
        "Yes, and you will regret it.",
        "Perhaps, if the crows are silent.",
        "No.",
        "No, and do not ask again.",
        "The signs are bad.",
        "It is too late for that.",
        "Beware of Thursdays.",
    ],
}


class Predictor(BasePredictor):
    """An oracle that never changes its mind."""

    def predict(
        self,
        question: str = Input(
            description=(
                "The question. The same question gets the same answer, today and always; "
                "capitals, spaces and the question mark do not matter."
            ),
            default="Will it rain on Sunday?",
        ),
        mood: str = Input(description="Mood of the oracle.", default="kind", choices=list(ANSWERS)),
    ) -> str:
        """Look the answer up."""
        words = " ".join(question.lower().split()).rstrip("? ")
        if not words:
            raise ValueError("ask something")
        answers = ANSWERS[mood]
        return answers[hash((mood, words)) % len(answers)]
