"""Shares of labels."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        labels: list[str] = Input(description="Names of the classes.", default=["cat", "dog"]),
    ) -> str:
        places = {label: at for at, label in enumerate(labels)}
        shares = [1 / len(labels) for _ in labels]
        pairs = zip(places, shares, strict=True)
        return ", ".join(f"{label} {share:.2f}" for label, share in pairs)
