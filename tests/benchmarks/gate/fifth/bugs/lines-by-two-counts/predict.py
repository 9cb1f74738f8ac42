"""Numbers the lines of a text and sets them flush right."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="Lines of text.", default="one\nthree\nfour and five"),
        width: int = Input(description="Letters a line.", default=24, ge=8, le=120),
    ) -> str:
        lines = text.split("\n")
        widths = [len(line) for line in lines]
        out = []
        for n, line in enumerate(text.splitlines()):
            out.append(f"{n + 1:>3} {' ' * max(0, width - widths[n])}{line}")
        return "\n".join(out)
