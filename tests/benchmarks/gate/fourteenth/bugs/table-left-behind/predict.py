"""Counts the characters of a text and packs the table."""

import csv
import tempfile
import zipfile
from collections import Counter

from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    """Makes a zip file with one CSV table in it."""

    def predict(
        self,
        text: str = Input(description="The text.", default="hello small world", max_length=20000),
        ignore_case: bool = Input(description="Count A as a.", default=True),
        least: int = Input(
            description="Leave out what comes less often.", default=1, ge=1, le=1000
        ),
        level: int = Input(description="How hard to compress.", default=6, ge=0, le=9),
    ) -> Path:
        """A zip file with counts.csv: code point and count, the most frequent first."""
        counts = Counter(text.lower() if ignore_case else text)
        rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        with tempfile.NamedTemporaryFile("w", suffix=".csv", delete=False, newline="") as table:
            writer = csv.writer(table)
            writer.writerow(["code_point", "count"])
            for character, count in rows:
                if count >= least:
                    writer.writerow([f"U+{ord(character):04X}", count])
        with (
            tempfile.NamedTemporaryFile(suffix=".zip", delete=False) as out,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as pack,
        ):
            pack.write(table.name, "counts.csv")
        return Path(out.name)
