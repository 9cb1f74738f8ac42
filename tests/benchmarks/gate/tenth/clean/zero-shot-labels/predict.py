"""Sorts a text under labels that it has never seen."""

import zlib

import numpy as np
from cog import BaseModel, BasePredictor, Input

SIZE = 256


class Label(BaseModel):
    label: str
    score: float


class Output(BaseModel):
    best: str | None
    labels: list[Label]


class Predictor(BasePredictor):
    def vector(self, text: str) -> np.ndarray:
        padded = f"  {' '.join(text.lower().split())}  ".encode()
        vector = np.zeros(SIZE)
        for start in range(len(padded) - 3):
            vector[zlib.crc32(padded[start : start + 4]) % SIZE] += 1
        return vector / np.linalg.norm(vector)

    def predict(
        self,
        text: str = Input(
            description="Text to classify. Only the first 2000 characters are looked at.",
            default="The goalkeeper of the football team stopped a penalty.",
        ),
        labels: str = Input(
            description="Labels, separated by commas: 1 to 50. A label given twice counts once.",
            default="football, cooking, weather",
            max_length=2000,
        ),
        multi_label: bool = Input(
            description="If true, each score is on its own; if false, all scores add up to 1.",
            default=False,
        ),
        top_k: int = Input(description="Return at most this many labels", default=5, ge=1),
        threshold: float = Input(
            description="Leave out labels with a score below (0 to 1)", default=0, ge=0, le=1
        ),
    ) -> Output:
        """Best first, scores to six digits. `best` is null if no label reaches the threshold."""
        clean = labels.encode("utf-8", "replace").decode().split(",")
        names = list(dict.fromkeys(name.strip() for name in clean if name.strip()))
        if not 1 <= len(names) <= 50:
            raise ValueError("labels: give 1 to 50, separated by commas")
        place = self.vector(text[:2000].encode("utf-8", "replace").decode())
        logits = 8 * np.array([self.vector(name) @ place for name in names])
        if multi_label:
            scores = 1 / (1 + np.exp(2 - logits))
        else:
            scores = np.exp(logits - logits.max())
            scores /= scores.sum()
        order = np.argsort(-scores, kind="stable")
        found = [Label(names[index], round(float(scores[index]), 6)) for index in order]
        kept = [label for label in found if label.score >= threshold][:top_k]
        return Output(kept[0].label if kept else None, kept)
