"""Sorts words and says how long that took."""

import time

from cog import BaseModel, BasePredictor, Input


class Output(BaseModel):
    words: list[str]
    seconds: float


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="A text.", default="pear apple fig"),
        descending: bool = Input(description="From Z to A.", default=False),
    ) -> Output:
        began = time.perf_counter()
        words = sorted(text.split(), reverse=descending)
        return Output(words=words, seconds=time.perf_counter() - began)
