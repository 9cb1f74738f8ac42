"""Takes what one speaker says out of a transcript."""

from cog import BaseModel, BasePredictor, Input

SAMPLE = """Guest: Hello, I have a question about my order.
Desk: Of course, which one?
Guest: I bought a blue chair last week.
Desk: Thank you, I will look it up."""


class Output(BaseModel):
    lines: list[str]
    share: float


class Predictor(BasePredictor):
    def predict(
        self,
        transcript: str = Input(
            description="One line for each turn: a name, a colon and what was said.",
            default=SAMPLE,
            max_length=50000,
        ),
        speaker: str = Input(
            description="Whose turns to take, written as in the transcript.",
            default="Guest",
            min_length=1,
            max_length=50,
        ),
    ) -> Output:
        """What the speaker said, turn by turn without the name, and the share of all turns."""
        turns = [line.strip() for line in transcript.splitlines() if line.strip()]
        prefix = f"{speaker.strip()}:"
        own = [turn.lstrip(prefix + " ") for turn in turns if turn.startswith(prefix)]
        share = len(own) / len(turns) if turns else 0.0
        return Output(lines=own, share=round(share, 4))
