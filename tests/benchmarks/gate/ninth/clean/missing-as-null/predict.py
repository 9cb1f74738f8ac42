"""Describes a column of a table that has holes."""

import re
import statistics

from cog import BaseModel, BasePredictor, Input

NUMBER = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,12})?")


class Column(BaseModel):
    """null is for what the column has too few numbers for: two for the spread, one for others."""

    numbers: int
    missing: int
    least: float | None
    most: float | None
    mean: float | None
    spread: float | None


class Predictor(BasePredictor):
    """What is not a plain number, such as n/a or nan, counts as missing."""

    def predict(
        self,
        cells: list[str] = Input(
            description="Cells as text, 5000 at most, with a point before decimals.",
            default=["4", "n/a", "6.5", "", "nan", "8"],
        ),
        digits: int = Input(description="Decimals of the results.", default=3, ge=0, le=9),
    ) -> Column:
        """The numbers' range, mean and standard deviation (of a sample)."""
        if len(cells) > 5000:
            raise ValueError("cells: 5000 at most")
        trimmed = [cell.strip() for cell in cells]
        values = [float(cell) for cell in trimmed if NUMBER.fullmatch(cell)]
        spread = statistics.stdev(values) if len(values) > 1 else None
        return Column(
            numbers=len(values),
            missing=len(cells) - len(values),
            least=round(min(values), digits) if values else None,
            most=round(max(values), digits) if values else None,
            mean=round(statistics.fmean(values), digits) if values else None,
            spread=None if spread is None else round(spread, digits),
        )
