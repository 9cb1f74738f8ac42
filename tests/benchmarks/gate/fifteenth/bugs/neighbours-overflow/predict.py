"""Find passages of a handbook."""

import re

from cog import BaseModel, BasePredictor, Input

PASSAGES = [
    "Turn the key to the left and wait until the lamp is green.",
    "The pump fills the tank in about four minutes.",
    "Clean the filter once a week with warm water.",
    "A red lamp tells that the tank is empty.",
    "Store the machine in a dry room above five degrees.",
    "Replace the filter after two hundred hours.",
]


class Hit(BaseModel):
    """A passage that fits."""

    number: int
    text: str
    score: float


def words(text: str) -> set[str]:
    """The words that count."""
    return {word for word in re.findall(r"\w+", text.lower()) if len(word) > 2}


class Predictor(BasePredictor):
    """Search by shared words."""

    def setup(self) -> None:
        """Index the handbook."""
        self.index = [words(passage) for passage in PASSAGES]

    def predict(
        self,
        query: str = Input(description="What to look for", default="clean filter", max_length=2000),
        top_k: int = Input(description="Give at most so many passages", default=3, ge=1, le=6),
        neighbours: bool = Input(
            description="Prefer the passages beside the best one as well", default=False
        ),
    ) -> list[Hit]:
        """Give the best passages, at most top_k; none if no word fits."""
        wanted = words(query)
        scores = [len(wanted & known) / max(1, len(wanted)) for known in self.index]
        ranked = sorted(range(len(scores)), key=lambda number: (-scores[number], number))
        chosen = [number for number in ranked if scores[number] > 0][:top_k]
        if neighbours and chosen:
            best = chosen[0]
            for number in (best - 1, best + 1):
                if 0 <= number < len(PASSAGES) and number not in chosen:
                    chosen.append(number)
        return [
            Hit(number=number, text=PASSAGES[number], score=round(scores[number], 4))
            for number in chosen
        ]
