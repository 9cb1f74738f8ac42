"""Packs files into one archive."""

import re
import shutil
import tempfile
import zipfile
import zlib

from cog import BaseModel, BasePredictor, Input, Path

MAX_FILES = 50
MAX_BYTES = 5_000_000
SAFE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._ -]{0,99}")


class Entry(BaseModel):
    name: str
    size: int
    compressed: int
    crc32: str


class Output(BaseModel):
    archive: Path
    entries: list[Entry]
    ratio: float | None


class Predictor(BasePredictor):
    def names(self, files: list[Path], names: list[str]) -> list[str]:
        if not names:
            ends = [file.suffix.lower() for file in files]
            ends = [end if re.fullmatch(r"\.[a-z0-9]{1,8}", end) else "" for end in ends]
            return [f"file-{number:02d}{end}" for number, end in enumerate(ends, start=1)]
        if len(names) != len(files):
            raise ValueError("names: as many as there are files, or none")
        if not all(SAFE.fullmatch(name) for name in names):
            raise ValueError("names: letters, digits, spaces and . _ - only, 100 at most")
        if len({name.lower() for name in names}) < len(names):
            raise ValueError("names: one occurs twice (capitals do not count)")
        return names

    def predict(
        self,
        files: list[Path] = Input(description=f"1 to {MAX_FILES} files, 5 MB in all"),
        names: list[str] = Input(
            description="Names in the archive, in the order of the files. If there are none, "
            "file-01, file-02 and so on, with the ending of the file in lower case.",
            default=[],
        ),
        folder: str = Input(description="Folder to put them in; may be empty", default=""),
        level: int = Input(description="0: store, 1: fast, 9: small", default=6, ge=0, le=9),
        comment: str = Input(
            description="Comment of the archive; only what can be printed",
            default="",
            max_length=1000,
        ),
    ) -> Output:
        """The same files always make the same archive: it has no times. ratio is compressed size
        to size, and null if all files are empty."""
        if not 1 <= len(files) <= MAX_FILES:
            raise ValueError(f"files: 1 to {MAX_FILES} are needed")
        if sum(file.stat().st_size for file in files) > MAX_BYTES:
            raise ValueError("files: more than 5 MB in all")
        if folder and not SAFE.fullmatch(folder):
            raise ValueError("folder: letters, digits, spaces and . _ - only, 100 at most")
        chosen = self.names(files, names)
        archive = Path(tempfile.mkdtemp()) / "archive.zip"
        entries = []
        method = zipfile.ZIP_DEFLATED if level else zipfile.ZIP_STORED
        with tempfile.TemporaryDirectory() as stage, zipfile.ZipFile(archive, "w") as target:
            target.comment = "".join(filter(str.isprintable, comment)).encode()
            for name, file in zip(chosen, files, strict=True):
                content = Path(shutil.copyfile(file, Path(stage) / name)).read_bytes()
                info = zipfile.ZipInfo(f"{folder}/{name}" if folder else name)
                info.external_attr = 0o644 << 16
                target.writestr(info, content, method, level)
                crc = f"{zlib.crc32(content):08x}"
                entries.append(Entry(info.filename, len(content), info.compress_size, crc))
        total = sum(entry.size for entry in entries)
        packed = sum(entry.compressed for entry in entries)
        return Output(archive, entries, round(packed / total, 4) if total else None)
