"""Guesses the subject of texts, a line each."""

import math

from cog import BasePredictor, Input

SUBJECTS = {
    "food": ["bread", "soup", "cook", "salt", "dinner"],
    "music": ["song", "band", "drum", "tune", "choir"],
    "sport": ["match", "team", "goal", "race", "ball"],
    "travel": ["train", "road", "ticket", "hotel", "map"],
}


class Predictor(BasePredictor):
    def guess(self, text: str, top_k: int, threshold: float) -> str:
        words = [word.strip(".,!?") for word in text.lower().split()]
        hits = {name: sum(word in known for word in words) for name, known in SUBJECTS.items()}
        weights = {name: math.exp(hit - max(hits.values())) for name, hit in hits.items()}
        total = sum(weights.values())
        scores = {name: round(weight / total, 4) for name, weight in weights.items()}
        best = sorted(scores, key=lambda name: (-scores[name], name))[:top_k]
        kept = [name for name in best if scores[name] >= threshold]
        return ", ".join(f"{name} {scores[name]}" for name in kept)

    def predict(
        self,
        texts: str = Input(
            description="Texts, a line each; a line without known words is equally all subjects",
            default="The band missed the train.\nSalt the soup!",
        ),
        top_k: int = Input(
            description="Most subjects to give for a text; there are 4, and more gives all",
            default=2,
            ge=1,
            le=100,
        ),
        threshold: float = Input(
            description="Subjects below it are left out, which may leave none",
            default=0.0,
            ge=0,
            le=1,
        ),
    ) -> list[str]:
        """Give the subjects of each line with their scores, in the order of the lines."""
        lines = texts.split("\n")
        # equal lines are judged once
        judged = {line: self.guess(line, top_k, threshold) for line in set(lines)}
        return [judged[line] for line in lines]
