"""Find a word in a text."""

from cog import BaseModel, BasePredictor, Input


class Output(BaseModel):
    """Where the word stands."""

    places: list[int]
    total: int | None
    complete: bool


class Predictor(BasePredictor):
    """Search, which stops early when there is too much."""

    def predict(
        self,
        text: str = Input(description="The text", default="tick tock tick tock", max_length=100000),
        word: str = Input(description="What to find; must not be empty", default="tick"),
        at_most: int = Input(
            description="Stop after so many places; complete is then false and total is null, "
            "as nobody counted the rest",
            default=10,
            ge=1,
            le=1000,
        ),
        overlapping: bool = Input(description="Places may overlap", default=False),
    ) -> Output:
        """Give the places, counted from 0; none if the word is not there."""
        if not word:
            raise ValueError("word must not be empty")
        places: list[int] = []
        start = text.find(word)
        while start >= 0:
            if len(places) == at_most:
                return Output(places=places, total=None, complete=False)
            places.append(start)
            start = text.find(word, start + (1 if overlapping else len(word)))
        return Output(places=places, total=len(places), complete=True)
