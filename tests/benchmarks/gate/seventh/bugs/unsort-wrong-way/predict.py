"""Tells for every line whether it asks, shouts or states."""

from cog import BasePredictor, Input

BATCH = 8


class Predictor(BasePredictor):
    def label(self, line: str) -> str:
        line = line.rstrip()
        if not line:
            return "empty"
        if line.endswith("?"):
            return "question"
        if line.endswith("!") or line.isupper():
            return "shout"
        return "statement"

    def label_batch(self, lines: list[str]) -> list[str]:
        width = max(len(line) for line in lines)
        return [self.label(line.ljust(width)) for line in lines]

    def predict(
        self,
        lines: str = Input(
            description="Lines of text",
            default="Is it?\nIt rains now.\nCome in out of the rain!",
        ),
        limit: int = Input(description="Most lines to look at", default=100, ge=1, le=1000),
    ) -> list[str]:
        """Give one label for each line, in the order of the lines."""
        texts = lines.split("\n")[:limit]
        # lines of like length share a batch, which keeps the padding short
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        labels: list[str] = []
        for at in range(0, len(order), BATCH):
            labels += self.label_batch([texts[index] for index in order[at : at + BATCH]])
        return [labels[place] for place in order]
