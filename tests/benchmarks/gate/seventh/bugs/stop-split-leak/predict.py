"""Answers a prompt piece by piece, as a small language model does."""

import random

from cog import BasePredictor, ConcatenateIterator, Input

OPENINGS = ["Let me think about it. ", "Good question. ", "Here is what I know. "]


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.longest_piece = 4

    def predict(
        self,
        prompt: str = Input(description="What to answer", default="Where does the river begin?"),
        stop: str = Input(
            description="The answer ends before this text, of which nothing is sent", default=""
        ),
        max_pieces: int = Input(description="Most pieces to send", default=200, ge=1, le=2000),
        seed: int = Input(description="The same seed gives the same answer", default=7, ge=0),
    ) -> ConcatenateIterator[str]:
        said = ""
        for count, piece in enumerate(self.pieces(prompt, seed)):
            if count == max_pieces:
                return
            before = len(said)
            said += piece
            if stop and stop in said:
                yield said[before : max(said.index(stop), before)]
                return
            yield piece

    def pieces(self, prompt: str, seed: int):
        rng = random.Random(seed)
        answer = f"{rng.choice(OPENINGS)}You asked: {prompt} I would say that it depends."
        while answer:
            size = rng.randint(1, self.longest_piece)
            yield answer[:size]
            answer = answer[size:]
