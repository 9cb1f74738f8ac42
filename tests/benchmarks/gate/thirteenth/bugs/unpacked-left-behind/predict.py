"""Tells what kinds of files an archive holds."""

import lzma
import struct
import tempfile
import zipfile
import zlib
from collections import Counter
from pathlib import Path as LocalPath

from cog import BaseModel, BasePredictor, Input, Path

LIMIT_BYTES = 20_000_000
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
)


class Output(BaseModel):
    """How many files there are, by ending, and the bytes of all of them."""

    files: int
    bytes: int
    endings: dict[str, int]


class Predictor(BasePredictor):
    """Looks into zip archives."""

    def unpack(self, archive: Path) -> LocalPath:
        """The archive's files in a folder of their own."""
        folder = LocalPath(tempfile.mkdtemp(prefix="archive-"))
        try:
            with zipfile.ZipFile(archive) as opened:
                if sum(item.file_size for item in opened.infolist()) > LIMIT_BYTES:
                    raise ValueError("archive holds more than 20 MB")
                opened.extractall(folder)
        except UNREADABLE:
            raise ValueError("archive is not a zip file that can be read") from None
        return folder

    def predict(
        self,
        archive: Path = Input(description="A zip file of at most 20 MB when unpacked."),
        hidden: bool = Input(description="Count files whose name begins with a dot.", default=True),
    ) -> Output:
        """Unpack and count."""
        folder = self.unpack(archive)
        found = [path for path in folder.rglob("*") if path.is_file()]
        if not hidden:
            found = [path for path in found if not path.name.startswith(".")]
        endings = Counter(path.suffix.lower() or "none" for path in found)
        return Output(
            files=len(found),
            bytes=sum(path.stat().st_size for path in found),
            endings=dict(sorted(endings.items())),
        )
