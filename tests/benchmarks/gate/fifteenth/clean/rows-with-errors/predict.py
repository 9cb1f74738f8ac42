"""Convert lengths, line by line."""

import math
import re

from cog import BaseModel, BasePredictor, Input

METRES = {"mm": 0.001, "cm": 0.01, "m": 1.0, "km": 1000.0, "in": 0.0254, "ft": 0.3048}
LENGTH = re.compile(r"([+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?) ?([a-z]{1,2})")


class Row(BaseModel):
    """One line: a value, or what was wrong with it."""

    line: int
    value: float | None = None
    error: str | None = None


class Predictor(BasePredictor):
    """Lengths in another unit."""

    def predict(
        self,
        lengths: str = Input(
            description="A length on each line, such as 12.5 cm; up to 5000 lines",
            default="12.5 cm\n3 ft\nunknown",
        ),
        unit: str = Input(
            description="Wanted unit", default="m", choices=["mm", "cm", "m", "km", "in", "ft"]
        ),
        skip_blank: bool = Input(description="Leave out blank lines", default=True),
    ) -> list[Row]:
        """Give a row for each line; a line that is no length gets an error, the others go on."""
        lines = lengths.split("\n")
        if len(lines) > 5000:
            raise ValueError("lengths has more than 5000 lines")
        rows = []
        for number, line in enumerate(lines, start=1):
            text = line.strip()
            if not text and skip_blank:
                continue
            parts = LENGTH.fullmatch(text)
            if not parts:
                rows.append(Row(line=number, error="not a length"))
            elif parts[2] not in METRES:
                rows.append(Row(line=number, error="unknown unit"))
            else:
                value = float(parts[1]) * METRES[parts[2]] / METRES[unit]
                digits = 9 - math.floor(math.log10(abs(value))) if value else 0
                rows.append(Row(line=number, value=round(value, digits) + 0.0))
        return rows
