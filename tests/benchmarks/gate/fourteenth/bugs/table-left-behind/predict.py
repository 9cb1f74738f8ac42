"""Counts the characters of a text and packs the table."""

import bz2
import csv
import shutil
import tempfile
from collections import Counter

from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    """Makes a CSV table and compresses it."""

    def predict(
        self,
        text: str = Input(description="The text.", default="hello small world", max_length=20000),
        ignore_case: bool = Input(description="Count A as a.", default=True),
        least: int = Input(
            description="Leave out what comes less often.", default=1, ge=1, le=1000
        ),
        level: int = Input(description="How hard to compress.", default=6, ge=1, le=9),
    ) -> Path:
        """A .csv.bz2 file: code point and count, the most frequent first."""
        counts = Counter(text.lower() if ignore_case else text)
        rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        with tempfile.NamedTemporaryFile("w", suffix=".csv", delete=False, newline="") as table:
            writer = csv.writer(table)
            writer.writerow(["code_point", "count"])
            for character, count in rows:
                if count >= least:
                    writer.writerow([f"U+{ord(character):04X}", count])
        with (
            open(table.name, "rb") as plain,
            tempfile.NamedTemporaryFile(suffix=".csv.bz2", delete=False) as out,
            bz2.open(out, "wb", compresslevel=level) as packed,
        ):
            shutil.copyfileobj(plain, packed)
        return Path(out.name)
