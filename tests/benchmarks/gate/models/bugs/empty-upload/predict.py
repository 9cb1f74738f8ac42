"""Tells what a file is by its first byte."""

from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def predict(self, document: Path = Input(description="Any document.")) -> str:
        content = document.read_bytes()
        if content[0] == 0x89:
            return "png"
        return "text" if content[:64].isascii() else "binary"
