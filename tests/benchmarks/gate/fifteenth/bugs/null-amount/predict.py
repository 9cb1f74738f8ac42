"""Add up rows by group."""

import json
import math

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    """Totals of a table."""

    def predict(
        self,
        rows: str = Input(
            description="A JSON list of objects with a group and an amount; "
            "a row without an amount, or with null, counts as 0",
            default='[{"group": "north", "amount": 4}, {"group": "south", "amount": 2.5}]',
            max_length=50000,
        ),
        order: str = Input(
            description="Order of the totals", default="group", choices=["group", "total"]
        ),
        least: float = Input(
            description="Leave out totals below this", default=-1e15, ge=-1e15, le=1e15
        ),
    ) -> str:
        """Give a JSON object with the total of each group."""
        try:
            table = json.loads(rows)
        except (ValueError, RecursionError) as error:
            raise ValueError("rows must be JSON") from error
        if not isinstance(table, list) or not all(isinstance(row, dict) for row in table):
            raise ValueError("rows must be a list of objects")
        totals: dict[str, float] = {}
        for row in table:
            group = row.get("group")
            amount = row.get("amount", 0)
            if isinstance(amount, bool | str | list | dict):
                raise ValueError("an amount must be a number")
            if isinstance(amount, int | float) and not abs(amount) <= 1e12:
                raise ValueError("an amount must lie between -1e12 and 1e12")
            key = group if isinstance(group, str) else json.dumps(group)
            totals[key] = math.fsum((totals.get(key, 0.0), amount))
        place = (lambda item: item[0]) if order == "group" else (lambda item: (-item[1], item[0]))
        kept = [item for item in sorted(totals.items(), key=place) if item[1] >= least]
        return json.dumps(dict(kept))
