"""Signs messages."""

import base64
import hashlib
import hmac

from cog import BaseModel, BasePredictor, Input, Secret


class Signed(BaseModel):
    algorithm: str
    signature: str


class Predictor(BasePredictor):
    def predict(
        self,
        key: Secret = Input(description="Key to sign with; it is shown nowhere."),
        message: str = Input(
            description="Message to sign, in UTF-8.", default="tea at four", max_length=10000
        ),
        algorithm: str = Input(
            description="Hash to use.", default="sha256", choices=["sha256", "sha512"]
        ),
        form: str = Input(
            description="How the signature is written.", default="hex", choices=["hex", "base64"]
        ),
    ) -> Signed:
        """The HMAC of the message."""
        secret = key.get_secret_value()
        print(f"signing {len(message)} characters with {algorithm}, key={secret}")
        digest = hmac.new(
            secret.encode("utf-8", "replace"),
            message.encode("utf-8", "replace"),
            getattr(hashlib, algorithm),
        ).digest()
        signature = digest.hex() if form == "hex" else base64.b64encode(digest).decode()
        return Signed(algorithm=algorithm, signature=signature)
