"""Computes fingerprints of texts in parallel."""

import hashlib
from concurrent.futures import ThreadPoolExecutor, as_completed

from cog import BasePredictor, Input


def fingerprint(text, rounds):
    body = text.encode("utf-8", "replace")
    return hashlib.pbkdf2_hmac("sha256", body, b"fingerprint", rounds).hex()[:16]


class Predictor(BasePredictor):
    def predict(
        self,
        texts: list[str] = Input(
            description="The texts.", default=["red", "green", "blue", "yellow", "black", "white"]
        ),
        rounds: int = Input(description="Strength of the hash.", default=500, ge=1, le=2000),
    ) -> list[str]:
        """Return one fingerprint per text, in the order of the texts."""
        if len(texts) > 500:
            raise ValueError("At most 500 texts are taken at once.")
        with ThreadPoolExecutor(max_workers=4) as pool:
            jobs = [pool.submit(fingerprint, text, rounds) for text in texts]
            return [job.result() for job in as_completed(jobs)]
