"""Packs texts into an archive that is the same to the byte each time."""

import re
import tempfile
import zipfile

from cog import BasePredictor, Input, Path

LONG_AGO = (1980, 1, 1, 0, 0, 0)


def free(name: str, taken: set[str]) -> str:
    """The name, with a number behind it if it is taken."""
    tried, count = name, 1
    while tried.lower() in taken:
        count += 1
        tried = f"{name}-{count}"
    taken.add(tried.lower())
    return tried


class Predictor(BasePredictor):
    """Makes zips."""

    def predict(
        self,
        names: list[str] = Input(
            description="Names of the files, 200 at most. Signs other than plain letters, digits, "
            "- and _ become _, 40 signs are kept, and a name that is taken gets a number.",
            default=["readme", "notes"],
        ),
        texts: list[str] = Input(
            description="What is in them, stored as UTF-8; too few are filled up with empty ones "
            "and too many are refused.",
            default=["hello\n", "none yet\n"],
        ),
    ) -> Path:
        """A zip with one .txt for each name, dated 1980 so that equal inputs give equal bytes."""
        if len(texts) > len(names) or len(names) > 200:
            raise ValueError("give at most as many texts as names, and at most 200 names")
        taken: set[str] = set()
        with (
            tempfile.NamedTemporaryFile(suffix=".zip", delete=False) as file,
            zipfile.ZipFile(file, "w") as archive,
        ):
            for name, text in zip(names, texts + [""] * (len(names) - len(texts)), strict=True):
                safe = re.sub(r"[^A-Za-z0-9_-]", "_", name)[:40] or "_"
                item = zipfile.ZipInfo(f"{free(safe, taken)}.txt", LONG_AGO)
                archive.writestr(item, text.encode("utf-8", "replace"), zipfile.ZIP_DEFLATED)
        return Path(file.name)
