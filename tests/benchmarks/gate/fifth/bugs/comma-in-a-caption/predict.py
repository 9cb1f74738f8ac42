"""A table of captions, for training: a line for each, with its length and what it speaks of."""

from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def predict(
        self,
        captions: list[str] = Input(
            description="What the pictures show.", default=["a cat on a wall", "two boats"]
        ),
        trigger: str = Input(description="Word to put first.", default="TOK"),
    ) -> Path:
        out = Path("/tmp/captions.csv")
        with open(out, "w", encoding="utf-8") as file:
            file.write("file,caption,length\n")
            for n, caption in enumerate(captions):
                text = " ".join(f"{trigger} {caption}".split())
                file.write(f"{n:04}.jpg,{text},{len(text)}\n")
        return out
