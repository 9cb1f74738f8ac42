"""Pack notes into an archive."""

import re
import tempfile
import zipfile

from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    """Notes as files in a ZIP."""

    def setup(self) -> None:
        """Choose where the archive goes."""
        self.target = Path(tempfile.mkdtemp()) / "notes.zip"

    def predict(
        self,
        notes: str = Input(
            description="Notes, with a line of three dashes between; empty ones are left out, and "
            "with no note at all the archive holds the list only",
            default="Water the plants.\n---\nCall the plumber.",
            max_length=100000,
        ),
        prefix: str = Input(
            description="How the files' names begin; all but letters, digits and - is dropped",
            default="note",
            max_length=100,
        ),
        packed: bool = Input(description="Compress the files", default=True),
    ) -> Path:
        """Write the archive; it holds the time of its making, so no two are equal byte by byte."""
        kind = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        stem = re.sub(r"[^A-Za-z0-9-]", "", prefix) or "note"
        parts = re.split(r"^---$", notes.replace("\r\n", "\n"), flags=re.MULTILINE)
        texts = [part.strip("\n") for part in parts if part.strip()]
        with zipfile.ZipFile(self.target, "w", kind) as archive:
            names = []
            for number, text in enumerate(texts, start=1):
                names.append(f"{stem}-{number}.txt")
                archive.writestr(names[-1], text.encode("utf-8", "replace"))
            archive.writestr("list.txt", "".join(f"{name}\n" for name in names))
        return self.target
