"""Scores lines side by side."""

from concurrent.futures import ThreadPoolExecutor, as_completed

from cog import BasePredictor, Input


def score(line: str, vowels: str) -> float:
    """The share of vowels among the letters."""
    letters = [letter for letter in line.lower() if letter.isalpha()]
    if not letters:
        return 0.0
    return sum(letter in vowels for letter in letters) / len(letters)


class Predictor(BasePredictor):
    """A pool of threads that lives as long as the model."""

    def setup(self) -> None:
        """Start the pool."""
        self.pool = ThreadPoolExecutor(max_workers=4)

    def predict(
        self,
        text: str = Input(
            description="One line for each answer; at most 200 lines.",
            default="open door\nrhythm\naeroplane\ncrisp bread\nidea",
            max_length=8000,
        ),
        with_y: bool = Input(description="Let y be a vowel.", default=False),
        digits: int = Input(description="Decimals of a score.", default=2, ge=1, le=6),
    ) -> list[float]:
        """The score of the first line, the second, and so on; from 0 to 1."""
        vowels = "aeiouy" if with_y else "aeiou"
        lines = text.splitlines()
        if len(lines) > 200:
            raise ValueError("more than 200 lines")
        jobs = [self.pool.submit(score, line, vowels) for line in lines]
        return [round(job.result(), digits) for job in as_completed(jobs)]
