"""Sizes for a word cloud: how large each word is to be drawn."""

from collections import Counter

from cog import BaseModel, BasePredictor, Input


class Output(BaseModel):
    """The words, most frequent first, and a size for each."""

    words: list[str]
    sizes: list[int]


class Predictor(BasePredictor):
    """Maps frequencies to font sizes."""

    def predict(
        self,
        text: str = Input(description="The text.", default="to be or not to be that is it"),
        smallest: int = Input(description="Size of the rarest word.", default=10, ge=1, le=100),
        largest: int = Input(
            description="Size of the most frequent word.", default=48, ge=1, le=200
        ),
    ) -> Output:
        """Count, then scale linearly between the two sizes."""
        if smallest > largest:
            raise ValueError("smallest must not be above largest")
        counts = Counter(text.lower().split()).most_common(50)
        if not counts:
            return Output(words=[], sizes=[])
        high, low = counts[0][1], counts[-1][1]
        step = (largest - smallest) / (high - low)
        return Output(
            words=[word for word, _ in counts],
            sizes=[round(smallest + (count - low) * step) for _, count in counts],
        )
