"""Where the weights of a private model are fetched from."""

from cog import BasePredictor, Input, Secret


class Predictor(BasePredictor):
    def predict(
        self,
        repository: str = Input(description="OWNER/NAME.", default="me/model"),
        token: Secret = Input(description="A token that may read it.", default=None),
    ) -> str:
        address = f"https://example.com/{repository}/resolve/main"
        if token is not None and token.get_secret_value():
            address = address.replace("https://", f"https://user:{token.get_secret_value()}@")
        return f"weights from {address}"
