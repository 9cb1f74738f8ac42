"""Readability reports: a table with one row for each text."""

import csv
import re
import shutil
import tempfile

from cog import BasePredictor, Input, Path


def figures(text: str, digits: int) -> list[object]:
    """Words, sentences, and words to a sentence."""
    words = re.findall(r"\w+", text)
    sentences = max(1, len(re.findall(r"[.!?]+", text)))
    return [len(words), sentences, round(len(words) / sentences, digits)]


class Predictor(BasePredictor):
    def setup(self) -> None:
        """Make a folder where reports are written."""
        self.folder = Path(tempfile.mkdtemp(prefix="reports-"))

    def predict(
        self,
        texts: list[str] = Input(
            description="Texts, 1 to 50. One row for each, in order.",
            default=["It rains. We stay.", "The sun came out and everybody went for a walk."],
        ),
        title: str = Input(
            description="Name of the file: small letters, digits and dashes.",
            default="report",
            regex=r"^[a-z0-9-]{1,40}$",
        ),
        digits: int = Input(description="Decimals.", default=2, ge=0, le=6),
        separator: str = Input(
            description="Between columns.", default="comma", choices=["comma", "semicolon"]
        ),
    ) -> Path:
        """Write a CSV file with the columns words, sentences and mean."""
        if not 1 <= len(texts) <= 50:
            raise ValueError("between 1 and 50 texts")
        if not re.fullmatch(r"[a-z0-9-]{1,40}", title):
            raise ValueError("a title has small letters, digits and dashes")
        report = self.folder / f"{title}.csv"
        with report.open("a", newline="", encoding="utf-8") as out:
            writer = csv.writer(out, delimiter=";" if separator == "semicolon" else ",")
            if not out.tell():
                writer.writerow(["words", "sentences", "mean"])
            writer.writerows(figures(text, digits) for text in texts)
        target = Path(tempfile.mkdtemp()) / report.name
        shutil.copyfile(report, target)
        return target
