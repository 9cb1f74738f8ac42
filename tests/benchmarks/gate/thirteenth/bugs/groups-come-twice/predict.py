"""Sums up a table by its first column."""

import csv
import io
from itertools import groupby

from cog import BaseModel, BasePredictor, Input


class Group(BaseModel):
    """One value of the first column, its number of rows and the sum of the second."""

    name: str
    rows: int
    total: int


class Predictor(BasePredictor):
    """Groups and adds."""

    def predict(
        self,
        table: str = Input(
            description="CSV of a heading and rows of two fields, a name and a whole number.",
            default="team,points\nred,1\nred,4\nblue,2\n",
        ),
        skip_zero: bool = Input(description="Leave out rows whose number is 0.", default=False),
    ) -> list[Group]:
        """One entry for each name, in the order in which names first come."""
        try:
            rows = [row for row in csv.reader(io.StringIO(table), strict=True) if row][1:]
        except csv.Error:
            raise ValueError("table is not CSV") from None
        pairs: list[tuple[str, int]] = []
        for row in rows:
            if len(row) != 2 or len(row[1]) > 12:
                raise ValueError("each row must have a name and a number of at most 12 digits")
            pairs.append((row[0].strip(), int(row[1])))
        if skip_zero:
            pairs = [pair for pair in pairs if pair[1]]
        groups: list[Group] = []
        for name, members in groupby(pairs, key=lambda pair: pair[0]):
            numbers = [number for _, number in members]
            groups.append(Group(name=name, rows=len(numbers), total=sum(numbers)))
        return groups
