"""Send a text back with a capital letter at the start of each sentence."""

from collections.abc import Iterator

from cog import BasePredictor, ConcatenateIterator, Input

ENDS = ".!?"


def capitalized(sentence: str) -> str:
    """Make the first letter of a sentence a capital and leave the rest."""
    for place, letter in enumerate(sentence):
        if letter.isalnum():
            return sentence[:place] + letter.upper() + sentence[place + 1 :]
    return sentence


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text one by one, with the space before them."""
    waiting = ""
    for place, letter in enumerate(text):
        waiting += letter
        following = text[place + 1 : place + 2]
        if letter in ENDS and (not following or following.isspace()):
            yield waiting
            waiting = ""


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="The text. A sentence ends with . ! or ? before a space or the end.",
            default="the gate is open. come in! tea is ready.",
            max_length=10000,
        ),
        small: bool = Input(
            description="Make all other letters small; otherwise they stay.", default=False
        ),
    ) -> ConcatenateIterator[str]:
        """Stream the text, sentence by sentence."""
        for sentence in sentences(text):
            yield capitalized(sentence.lower() if small else sentence)
