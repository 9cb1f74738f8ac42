"""Number the lines of a listing while it is read."""

from cog import BasePredictor, ConcatenateIterator, Input


class Predictor(BasePredictor):
    """Line numbers, in blocks."""

    def setup(self) -> None:
        """Begin with nothing to send."""
        self.waiting: list[str] = []

    def take(self, line: str, width: int) -> None:
        """Check a line and put it with those to send."""
        if "\t" in line:
            raise ValueError("text must not hold tabs: indent with spaces")
        if len(line) > width:
            line = line[: width - 1] + "…"
        self.waiting.append(line)

    def predict(
        self,
        text: str = Input(
            description="The listing, without tabs",
            default="begin\n  work\nend",
            max_length=20000,
        ),
        first: int = Input(description="Number of the first line", default=1, ge=0, le=10000),
        block: int = Input(description="Lines in each piece", default=4, ge=1, le=100),
        width: int = Input(
            description="Longer lines are cut, and end in an ellipsis", default=80, ge=8, le=400
        ),
    ) -> ConcatenateIterator[str]:
        """Yield the numbered lines, a block at a time."""
        number = first
        lines = text.split("\n")
        for index, line in enumerate(lines, start=1):
            self.take(line, width)
            if len(self.waiting) < block and index < len(lines):
                continue
            piece = []
            for ready in self.waiting:
                piece.append(f"{number:>5} {ready}\n")
                number += 1
            self.waiting.clear()
            yield "".join(piece)
