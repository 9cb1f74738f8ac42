"""Chats about whatever it is told."""

from cog import BasePredictor, Input

STYLES = {"short": "{}.", "friendly": "{}, my friend."}


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.turns: list[str] = []

    def answer(self, style: str) -> str:
        message = self.turns[-1]
        topic = max(message.split(), key=len, default="nothing")
        reply = STYLES[style].format(f"Tell me more about {topic}")
        if len(self.turns) > 1:
            reply += f" Earlier you said: {self.turns[-2]}"
        return reply

    def predict(
        self,
        message: str = Input(description="What to talk about", default="I saw a heron today"),
        context: str = Input(
            description="Earlier messages of this conversation, one a line; empty begins a new one",
            default="",
        ),
        style: str = Input(
            description="How to answer", default="short", choices=["short", "friendly"]
        ),
    ) -> str:
        self.turns += [line for line in context.split("\n") if line.strip()]
        self.turns.append(message)
        self.turns = self.turns[-20:]
        return self.answer(style)
