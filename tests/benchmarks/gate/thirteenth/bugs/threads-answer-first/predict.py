"""Slow checksums of several texts at once."""

import hashlib
from concurrent.futures import ThreadPoolExecutor, as_completed

from cog import BasePredictor, Input


def stretched(text: str, rounds: int) -> str:
    """A checksum that takes some work."""
    made = hashlib.pbkdf2_hmac("sha256", text.encode(), b"salt", rounds * (1 + len(text) % 7))
    return made.hex()[:16]


class Predictor(BasePredictor):
    """Computes checksums in a few threads."""

    def predict(
        self,
        texts: list[str] = Input(
            description="The texts, 200 at most.", default=["alpha", "beta", "gamma"]
        ),
        rounds: int = Input(description="How much work each is.", default=100, ge=1, le=1000),
    ) -> list[str]:
        """One checksum for each text, in the order of the texts."""
        if len(texts) > 200:
            raise ValueError("at most 200 texts")
        with ThreadPoolExecutor(max_workers=4) as pool:
            waiting = [pool.submit(stretched, text, rounds) for text in texts]
            return [done.result() for done in as_completed(waiting)]
