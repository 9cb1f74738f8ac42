"""Fills a chat template and answers from a table of key words."""

from cog import BaseModel, BasePredictor, Input

TEMPLATE = "<|system|>{system} Be {tone}.<|end|><|user|>%QUESTION%<|end|><|assistant|>"
REPLIES = {
    "weather": "Look out of the window first; a forecast is only a forecast.",
    "recipe": "Start with an onion, and the rest will follow.",
    "travel": "Take the early train and a warm coat.",
}
FALLBACK = "That is a good question, and I have no good answer."


class Output(BaseModel):
    """The prompt as the model saw it, and what it said."""

    prompt: str
    reply: str
    tokens: int


class Predictor(BasePredictor):
    """A talker with a system prompt."""

    def setup(self) -> None:
        """Make the template ready for both steps."""
        self.template = TEMPLATE.replace("%QUESTION%", "{{question}}")

    def predict(
        self,
        question: str = Input(description="What to ask.", default="Any travel tips?"),
        system: str = Input(
            description="System prompt: any text; it is put into the prompt as it is.",
            default="You are a helpful assistant.",
        ),
        tone: str = Input(
            description="Tone of the reply.", default="brief", choices=["brief", "warm", "formal"]
        ),
    ) -> Output:
        """Answer the question in the tone."""
        opening = self.template.format(system=self.tidy(system), tone=tone)
        prompt = opening.format(question=self.tidy(question))
        return Output(prompt=prompt, reply=self.reply(question, tone), tokens=len(prompt.split()))

    def reply(self, question: str, tone: str) -> str:
        lowered = question.lower()
        text = next((reply for word, reply in REPLIES.items() if word in lowered), FALLBACK)
        opening = {"brief": "", "warm": "Dear friend: ", "formal": "To whom it may concern: "}
        return opening[tone] + text

    def tidy(self, text: str) -> str:
        """Swap what is not Unicode text for a question mark."""
        return text.encode("utf-8", "replace").decode("utf-8")
