"""Hide words in a text."""

from cog import BaseModel, BasePredictor, Input


class Output(BaseModel):
    """The text with its hidden words."""

    text: str
    hidden: int


def places(text: str, word: str) -> list[int]:
    """Where the word begins."""
    found, start = [], text.find(word)
    while start >= 0:
        found.append(start)
        start = text.find(word, start + len(word))
    return found


class Predictor(BasePredictor):
    """Cover words, whatever their case."""

    def predict(
        self,
        text: str = Input(
            description="The text", default="Meet me at the Harbour.", max_length=20000
        ),
        words: str = Input(
            description="Words to cover, with commas between", default="harbour", max_length=500
        ),
        sign: str = Input(description="What covers a letter", default="*", choices=["*", "#", "_"]),
    ) -> Output:
        """Cover each letter of each word."""
        low = text.lower()
        covered = [False] * len(text)
        hidden = 0
        for word in {word.strip().lower() for word in words.split(",")} - {""}:
            for start in places(low, word):
                hidden += 1
                covered[start : start + len(word)] = [True] * len(word)
        letters = []
        for index, _ in enumerate(low):
            letters.append(sign if covered[index] else text[index])
        return Output(text="".join(letters), hidden=hidden)
