"""Writes the rows that an extraction model found as a table."""

import json
import tempfile
from typing import Any

from cog import BasePredictor, Input, Path

SAMPLE = '[{"name": "reed", "count": 2}, {"name": "moss", "count": 5, "place": "shore"}]'


def parse(rows: str) -> list[dict[str, Any]]:
    try:
        found = json.loads(rows)
    except (ValueError, RecursionError):
        raise ValueError("rows is not JSON") from None
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise ValueError("rows is not a list of objects")
    return found


def cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class Predictor(BasePredictor):
    def predict(
        self,
        rows: str = Input(
            description="JSON: a list of objects, one for each row.",
            default=SAMPLE,
            max_length=100000,
        ),
        header: bool = Input(description="Begin with the names of the columns.", default=True),
    ) -> Path:
        """A CSV file (RFC 4180, UTF-8) with a column for each key, in the order they come up."""
        found = parse(rows)
        columns = list(dict.fromkeys(key for row in found for key in row))
        if not columns:
            raise ValueError("rows names no column")
        lines = [columns] if header else []
        lines += [[cell(row.get(column)) for column in columns] for row in found]
        out = Path(tempfile.gettempdir()) / "rows.csv"
        text = "".join(",".join(line) + "\r\n" for line in lines)
        out.write_bytes(text.encode("utf-8", "replace"))
        return out
