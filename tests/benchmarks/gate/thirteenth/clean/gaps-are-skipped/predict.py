"""Figures of a column with gaps."""

import re
import statistics

from cog import BaseModel, BasePredictor, Input

NUMBER = re.compile(r"[+-]?\d+(\.\d+)?(e[+-]?\d{1,3})?", re.ASCII)
GAPS = {"", "-", "na", "n/a", "nan", "null", "none"}


class Output(BaseModel):
    """count is of numbers alone; mean and spread are null where there are too few."""

    count: int
    gaps: int
    mean: float | None
    spread: float | None


class Predictor(BasePredictor):
    """Reads a column of text."""

    def predict(
        self,
        cells: list[str] = Input(
            description="Cells. Empty ones and -, NA, n/a, NaN, null and none are gaps; all others "
            "must be numbers such as -4, 4.5 or 4e3, and below 1e12.",
            default=["4.0", "n/a", "6", ""],
        ),
        sample: bool = Input(
            description="The standard deviation of a sample, for which it takes two numbers. If "
            "off, that of a population, for which it takes one.",
            default=False,
        ),
    ) -> Output:
        """Rounded to six places."""
        texts = [cell.strip().lower() for cell in cells]
        filled = [text for text in texts if text not in GAPS]
        if not all(NUMBER.fullmatch(text) for text in filled):
            raise ValueError("a cell is neither a number nor a gap")
        numbers = [float(text) for text in filled]
        if any(abs(number) >= 1e12 for number in numbers):
            raise ValueError("numbers must be below 1e12")
        mean = round(statistics.fmean(numbers), 6) + 0.0 if numbers else None
        spread = None
        if len(numbers) > sample:
            spread = round((statistics.stdev if sample else statistics.pstdev)(numbers), 6)
        return Output(count=len(numbers), gaps=len(texts) - len(numbers), mean=mean, spread=spread)
