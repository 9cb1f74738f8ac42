"""The mood of a message, and when it was looked at."""

from datetime import UTC, datetime

from cog import BaseModel, BasePredictor, Input

GOOD, BAD = {"good", "great", "happy", "love"}, {"bad", "sad", "awful", "hate"}


class Mood(BaseModel):
    mood: float
    looked_at: str


class Predictor(BasePredictor):
    def predict(
        self,
        message: str = Input(description="What was written.", default="What a great day!"),
    ) -> Mood:
        words = [word.strip(".,!?").lower() for word in message.split()]
        good, bad = sum(word in GOOD for word in words), sum(word in BAD for word in words)
        mood = (good - bad) / (good + bad) if good + bad else 0.0
        return Mood(mood=round(mood, 3), looked_at=datetime.now(UTC).isoformat())
