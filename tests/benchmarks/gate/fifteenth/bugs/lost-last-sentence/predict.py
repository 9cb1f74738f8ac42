"""Send a text piece by piece, for reading aloud."""

from cog import BasePredictor, ConcatenateIterator, Input


class Predictor(BasePredictor):
    """Cut a text into sentences as it goes."""

    def predict(
        self,
        text: str = Input(
            description="What is to be read", default="Hello. How are you?", max_length=20000
        ),
        ends: str = Input(
            description="What ends a sentence", default="all", choices=["all", "full stop"]
        ),
        spaces: str = Input(
            description="Leave spaces as they are, or show them as middle dots",
            default="keep",
            choices=["keep", "show"],
        ),
    ) -> ConcatenateIterator[str]:
        """Yield sentences; joined, they are the whole text and nothing else."""
        marks = ".!?" if ends == "all" else "."
        sentence: list[str] = []
        closed = False
        for letter in text + "\0":
            if closed and not letter.isspace() and letter not in marks:
                piece = "".join(sentence)
                yield piece.replace(" ", "·") if spaces == "show" else piece
                sentence, closed = [], False
            if letter in marks:
                closed = True
            sentence.append(letter)
