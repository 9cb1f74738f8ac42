"""A small model: try it with `penstock predict . -i text=world`."""

from cog import BaseRunner, Input


class Runner(BaseRunner):
    """Greets, in as many ways as it is asked to."""

    def setup(self) -> None:
        """Load what takes long, once: weights, a tokenizer."""
        self.greetings = ["hello", "good day", "welcome"]

    def run(
        self,
        text: str = Input(description="Whom to greet."),
        count: int = Input(description="How many greetings.", default=1, ge=1, le=3),
    ) -> list[str]:
        """Run on one input. Write `predict_batch` too where many share a forward pass."""
        return [f"{greeting} {text}" for greeting in self.greetings[:count]]
