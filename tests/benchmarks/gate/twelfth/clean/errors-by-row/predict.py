"""Weights in grams from what people typed; a row that cannot be read does not spoil the rest."""

import re

from cog import BaseModel, BasePredictor, Input

UNITS = {"g": 1.0, "kg": 1000.0, "mg": 0.001, "oz": 28.349523125, "lb": 453.59237}
FORM = re.compile(r"([0-9]{1,9}(?:[.,][0-9]{1,6})?)\s*([a-z]*)", re.ASCII)


class Weight(BaseModel):
    row: int
    grams: float | None = None
    error: str | None = None


class Predictor(BasePredictor):
    def predict(
        self,
        rows: list[str] = Input(
            description="Weights as typed, up to 500, such as `2.5 kg` or `3,5oz`: up to nine "
            "digits, then a point or comma and up to six more, then a unit: g, kg, mg, oz, lb.",
            default=["2.5 kg", "300", "a handful", "1 lb"],
        ),
        unit: str = Input(
            description="Unit of rows that name none.", default="g", choices=list(UNITS)
        ),
        decimals: int = Input(description="Of the answer.", default=3, ge=0, le=6),
        most_grams: float = Input(
            description="Heavier rows are errors.", default=1_000_000.0, ge=1.0, le=1e12
        ),
    ) -> list[Weight]:
        """One answer for each row, in order and numbered from 1, with either grams or an error:
        `unreadable`, `unit` or `heavy`."""
        if len(rows) > 500:
            raise ValueError("at most 500 rows")
        return [
            self.weigh(number, text, unit, decimals, most_grams)
            for number, text in enumerate(rows, 1)
        ]

    def weigh(self, row: int, text: str, unit: str, decimals: int, most: float) -> Weight:
        """Read one row."""
        match = FORM.fullmatch(text.strip().lower())
        if not match:
            return Weight(row=row, error="unreadable")
        named = match[2] or unit
        if named not in UNITS:
            return Weight(row=row, error="unit")
        grams = float(match[1].replace(",", ".")) * UNITS[named]
        if grams > most:
            return Weight(row=row, error="heavy")
        return Weight(row=row, grams=round(grams, decimals))
