"""Lists what is in a zip archive without unpacking it to disk."""

import io
import zipfile

from cog import BaseModel, BasePredictor, Input, Path

MAX_ENTRIES, MAX_BYTES = 500, 20_000_000


class Entry(BaseModel):
    name: str
    size_bytes: int
    suspicious: bool


class Predictor(BasePredictor):
    def predict(
        self,
        archive: Path = Input(
            description="A zip of at most 20 MB. Those whose list of entries cannot be read or has "
            "more than 500, are refused."
        ),
        folders: bool = Input(description="Whether folders are listed, too.", default=False),
    ) -> list[Entry]:
        """The entries in the order of the archive, an empty archive has none.

        Names are those that the archive tells, with `?` for what cannot be written, up to a NUL.
        An entry is suspicious if its name leads out of the archive or if it says that it is more
        than a hundred times as large as in the archive. What is inside the entries is not looked
        at.
        """
        try:
            if archive.stat().st_size > MAX_BYTES:
                raise ValueError("too large")
            with zipfile.ZipFile(io.BytesIO(archive.read_bytes())) as opened:
                found = opened.infolist()
            if len(found) > MAX_ENTRIES:
                raise ValueError("too many entries")
        except Exception as error:
            raise ValueError(
                "archive cannot be read as a zip of at most 20 MB and 500 entries"
            ) from error
        return [
            Entry(
                name=entry.filename.encode("utf-8", "replace").decode("utf-8"),
                size_bytes=entry.file_size,
                suspicious=escapes(entry.filename)
                or entry.file_size > 100 * max(entry.compress_size, 1),
            )
            for entry in found
            if folders or not entry.is_dir()
        ]


def escapes(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or name.startswith(("/", "\\")) or name[1:3] in (":/", ":\\")
