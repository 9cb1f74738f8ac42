"""Computes a slow fingerprint of a text and says how long it took."""

import hashlib
import time

from cog import BaseModel, BasePredictor, Input


class Output(BaseModel):
    fingerprint: str
    took_ms: float


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="Any text, an empty one too.", default="hello"),
        rounds: int = Input(
            description="How often it is hashed; more rounds take longer.",
            default=1000,
            ge=1,
            le=20000,
        ),
    ) -> Output:
        """The fingerprint is the same for the same text and rounds.

        The time in `took_ms` depends on the machine and differs from call to call.
        """
        began = time.perf_counter()
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        fingerprint = hashlib.pbkdf2_hmac("sha256", digest, b"fingerprint", rounds)
        took_ms = (time.perf_counter() - began) * 1000
        return Output(fingerprint=fingerprint.hex()[:32], took_ms=round(took_ms, 3))
