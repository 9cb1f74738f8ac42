"""Counts the turns of talks: the same talk goes on where it was."""

from collections import OrderedDict

from cog import BaseModel, BasePredictor, Input


class Turn(BaseModel):
    turn: int
    answer: str


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.talks: OrderedDict[str, list[str]] = OrderedDict()

    def predict(
        self,
        message: str = Input(description="What is said.", default="Hello.", max_length=1000),
        talk: str = Input(
            description="A talk that is remembered from call to call; empty: a new one.",
            default="",
            max_length=64,
        ),
    ) -> Turn:
        said = self.talks.pop(talk, []) if talk else []
        before = said[-1] if said else ""
        said = [*said, message][-10:]
        if talk:
            self.talks[talk] = said
            if len(self.talks) > 100:
                self.talks.popitem(last=False)
        return Turn(turn=len(said), answer=f"You said {before!r} before." if before else "Go on.")
