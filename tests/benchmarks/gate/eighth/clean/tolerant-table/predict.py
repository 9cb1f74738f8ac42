"""Aligns the columns of a text table, whatever its bytes are."""

from cog import BasePredictor, Input, Path

ROWS, COLUMNS, CELL = 200, 20, 40


class Predictor(BasePredictor):
    def predict(
        self,
        table: Path = Input(
            description=(
                "Cells between tabs. Bytes that are not UTF-8 are replaced, and only the first "
                "200 rows, 20 columns and 40 characters of a cell are kept."
            )
        ),
        fill: str = Input(description="Fills cells up.", default=" ", choices=[" ", ".", "_"]),
    ) -> list[str]:
        """Return the rows with cells of equal width, without spaces around cells."""
        text = table.read_bytes().decode("utf-8-sig", errors="replace")
        rows = [
            [cell.strip()[:CELL] for cell in line.split("\t")[:COLUMNS]]
            for line in text.splitlines()[:ROWS]
        ]
        wide = max((len(row) for row in rows), default=0)
        widths = [
            max((len(row[column]) for row in rows if column < len(row)), default=0)
            for column in range(wide)
        ]
        return [
            " | ".join(cell.ljust(width, fill) for cell, width in zip(row, widths, strict=False))
            for row in rows
        ]
