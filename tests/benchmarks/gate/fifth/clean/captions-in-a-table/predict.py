"""A table of captions, for training."""

import csv

from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def predict(
        self,
        captions: list[str] = Input(
            description="What the pictures show.", default=["a cat on a wall", "two boats"]
        ),
        trigger: str = Input(description="Word to put first.", default="TOK"),
    ) -> Path:
        out = Path("/tmp/captions-quoted.csv")
        with open(out, "w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(["file", "caption"])
            for n, caption in enumerate(captions):
                table.writerow([f"{n:04}.jpg", f"{trigger} {caption}".strip()])
        return out
