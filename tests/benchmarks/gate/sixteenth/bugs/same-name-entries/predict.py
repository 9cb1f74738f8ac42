"""Counts the words in the text files of an archive."""

import io
import re
import zipfile
from pathlib import PurePosixPath

from cog import BaseModel, BasePredictor, Input, Path

MAX_BYTES, MAX_FILES = 2_000_000, 200


class Output(BaseModel):
    words: dict[str, int]
    total: int


class Predictor(BasePredictor):
    def predict(
        self,
        archive: Path = Input(
            description="A zip of at most 200 files and 2 MB unpacked, without a password. It may "
            "have folders."
        ),
        suffix: str = Input(
            description="Which files count: those that end so, in capitals or not.",
            default=".txt",
            max_length=20,
        ),
    ) -> Output:
        """How many words each of these files has, and all together."""
        words = {}
        for name, text in read(archive, suffix.lower()):
            words[PurePosixPath(name).name] = len(re.findall(r"\w+", text))
        return Output(words=words, total=sum(words.values()))


def read(path: Path, suffix: str) -> list[tuple[str, str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            files = [entry for entry in archive.infolist() if not entry.is_dir()]
            size = sum(entry.file_size for entry in files)
            if len(files) > MAX_FILES or size > MAX_BYTES:
                raise ValueError("too large")
            return [
                (entry.filename, archive.read(entry).decode("utf-8", "replace"))
                for entry in files
                if entry.filename.lower().endswith(suffix)
            ]
    except Exception as error:
        raise ValueError(
            "archive cannot be read as a zip of at most 200 files and 2 MB without a password"
        ) from error
