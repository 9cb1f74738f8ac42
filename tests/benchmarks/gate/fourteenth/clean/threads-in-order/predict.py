"""Counts words in many lines at the same time."""

from concurrent.futures import ThreadPoolExecutor

from cog import BaseModel, BasePredictor, Input


class Counted(BaseModel):
    """Of one line."""

    line: int
    words: int
    letters: int


def count(numbered: tuple[int, str]) -> Counted:
    number, text = numbered
    return Counted(line=number, words=len(text.split()), letters=sum(map(str.isalpha, text)))


class Predictor(BasePredictor):
    """Four threads that stay."""

    def setup(self) -> None:
        """Start them with the first work."""
        self.pool = ThreadPoolExecutor(max_workers=4)

    def predict(
        self,
        text: str = Input(
            description="Lines with line feeds between; a text without any is one line.",
            default="one two\n\nthree four five",
            max_length=5000,
        ),
        most: int = Input(description="Look at so many lines only.", default=100, ge=1, le=200),
        skip_empty: bool = Input(
            description="Leave out lines without words; the numbers stay.", default=False
        ),
    ) -> list[Counted]:
        """The counts in the order of the lines, which are numbered from 1."""
        lines = list(enumerate(text.split("\n")[:most], start=1))
        counted = self.pool.map(count, lines)
        return [one for one in counted if one.words or not skip_empty]
