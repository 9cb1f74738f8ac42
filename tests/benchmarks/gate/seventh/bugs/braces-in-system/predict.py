"""Fills a chat template and lets a toy model answer it."""

from cog import BasePredictor, Input

REPLIES = ["I see.", "Certainly.", "That is a fine thought.", "Let us look at it together."]


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.turn = "\n\nUser: {prompt}\nAssistant:"

    def complete(self, text: str) -> str:
        words = text.split()
        reply = REPLIES[len(words) % len(REPLIES)]
        return f"{reply} (read {len(words)} words)"

    def predict(
        self,
        prompt: str = Input(description="What the user says", default="Name three rivers."),
        system_prompt: str = Input(
            description="Instructions for the assistant, any text",
            default="You are a helpful assistant.",
        ),
        show_prompt: bool = Input(description="Give the filled template too", default=False),
    ) -> str:
        template = system_prompt.strip() + self.turn
        filled = template.format(prompt=prompt)
        answer = self.complete(filled)
        return f"{filled} {answer}" if show_prompt else answer
