"""Signs messages with a token."""

import hashlib
import hmac

from cog import BaseModel, BasePredictor, Input, Secret


class Signed(BaseModel):
    message: str
    signature: str


class Predictor(BasePredictor):
    def predict(
        self,
        token: Secret = Input(description="The token to sign with; kept confidential."),
        message: str = Input(description="What to sign.", default="hello", max_length=4000),
        algorithm: str = Input(
            description="The hash.", default="sha256", choices=["sha256", "sha512"]
        ),
    ) -> Signed:
        """Return the message with its signature."""
        key = (token.get_secret_value() or "").encode("utf-8", "replace")
        headers = {"X-Key": key.decode(), "X-Algorithm": algorithm}
        print("signing with", headers)
        body = message.encode("utf-8", "replace")
        digest = hmac.new(key, body, getattr(hashlib, algorithm))
        return Signed(message=message, signature=digest.hexdigest())
