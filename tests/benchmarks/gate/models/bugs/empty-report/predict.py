"""Writes the lines that hold a word into a file."""

from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="Several lines.", default="one line\nanother line\n"),
        word: str = Input(description="The word to look for.", default="line"),
    ) -> Path:
        out = Path("/tmp/found.txt")
        out.write_text("\n".join(line for line in text.splitlines() if word in line))
        return out
