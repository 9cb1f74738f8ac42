"""Answers with regard to what was said."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        message: str = Input(description="What is said.", default="hello"),
        history: list[str] = Input(description="What was said before.", default=[]),
    ) -> str:
        history.append(message)
        return f"{len(history)}: {' / '.join(history[-3:])}"
