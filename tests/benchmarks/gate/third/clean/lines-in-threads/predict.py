"""Counts words line by line, in threads that it ends again."""

from concurrent.futures import ThreadPoolExecutor

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="Lines.", default="one two\nthree\nfour five six"),
        threads: int = Input(description="How many at once.", default=2, ge=1, le=8),
    ) -> list[int]:
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(lambda line: len(line.split()), text.splitlines()))
