"""Packs notes into a zip archive, one text file for each."""

import io
import tempfile
import zipfile

from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.packed = io.BytesIO()

    def predict(
        self,
        notes: list[str] = Input(
            description="The notes to pack, at most 100.",
            default=["Water the plants.", "Call the library."],
        ),
        title: str = Input(
            description="Name of the archive: letters, digits and dashes.",
            default="notes",
            regex=r"^[A-Za-z0-9-]{1,40}$",
        ),
        compress: bool = Input(description="Whether to deflate the files.", default=True),
    ) -> Path:
        """An archive with exactly these notes, numbered in the order given."""
        if len(notes) > 100:
            raise ValueError("notes holds more than 100")
        method = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
        with zipfile.ZipFile(self.packed, "a", method) as archive:
            for number, note in enumerate(notes, 1):
                entry = zipfile.ZipInfo(f"note-{number:03}.txt", (2024, 1, 1, 0, 0, 0))
                entry.compress_type = method
                archive.writestr(entry, note.encode("utf-8", "replace"))
        file = Path(tempfile.mkdtemp()) / f"{title.strip()}.zip"
        file.write_bytes(self.packed.getvalue())
        return file
