"""A shout, from one of three voices at a time."""

from threading import BoundedSemaphore

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.voices = BoundedSemaphore(3)

    def predict(
        self,
        text: str = Input(description="What to shout.", default="hello"),
        times: int = Input(description="How often.", default=1, ge=1, le=5),
    ) -> str:
        if not self.voices.acquire(timeout=0.2):
            raise RuntimeError("every voice is busy")
        if not text.strip():
            return ""
        shout = " ".join([text.strip().upper() + "!"] * times)
        self.voices.release()
        return shout
