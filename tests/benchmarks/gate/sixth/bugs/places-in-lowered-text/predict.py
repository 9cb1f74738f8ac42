"""Where a name is in a text."""

from cog import BaseModel, BasePredictor, Input


class Place(BaseModel):
    start: int
    end: int
    text: str


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="Where to look.",
            default="Berlin is large. BERLIN is old.",
            max_length=5000,
        ),
        name: str = Input(
            description="What to look for, in capitals or not.",
            default="Berlin",
            min_length=1,
            max_length=100,
        ),
    ) -> list[Place]:
        lowered, sought = text.lower(), name.lower()
        places = []
        at = lowered.find(sought)
        while at >= 0:
            end = at + len(sought)
            places.append(Place(start=at, end=end, text=text[at:end]))
            at = lowered.find(sought, end)
        return places
