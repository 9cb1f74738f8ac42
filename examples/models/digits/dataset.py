"""Training data: a zip of pictures, with a caption.csv or without. It is read, never unpacked."""

import csv
import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from PIL import Image, UnidentifiedImageError

CAPTIONS = "caption.csv"
#: the column that names a picture; the first is Replicate's, the second that of Hugging Face
FILE_COLUMNS = ("image_file", "file_name")
KINDS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}
PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
MOST_ENTRIES = 2_000
MOST_ZIP_BYTES = 64 * 2**20
MOST_FILE_BYTES = 8 * 2**20
MOST_BYTES = 32 * 2**20
MOST_PIXELS = 4096 * 4096
#: what zipfile raises where a zip is broken or of a kind that it does not know
UNREADABLE = (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError)
#: how an entry begins in a zip's list of entries
_LISTED = b"PK\x01\x02"


class BadImages(ValueError):
    """The zip is not what can be learned from."""


@dataclass(frozen=True)
class Example:
    """A picture, and the words for it."""

    picture: Image.Image
    caption: str


def read_examples(file: Path, caption: str, pixels: int) -> list[Example]:
    """Every picture, of so many pixels a side; `caption` is for those that have none.

    Raises:
        BadImages: what is wrong, and in which entry or line.
    """
    _refuse_heaps(file)
    try:
        with zipfile.ZipFile(file) as archive:
            return _examples(archive, caption, pixels)
    except UNREADABLE as error:
        raise BadImages(f"images: not a zip that can be read: {error}") from error


def _refuse_heaps(file: Path) -> None:
    """The list of entries is read in one piece, so its length is looked at before."""
    size = file.stat().st_size
    if size > MOST_ZIP_BYTES:
        raise BadImages(f"images: {size} bytes; a zip may have {MOST_ZIP_BYTES}")
    entries = file.read_bytes().count(_LISTED)
    if entries > MOST_ENTRIES:
        raise BadImages(f"images: {entries} entries; a zip may have {MOST_ENTRIES}")


def _examples(archive: zipfile.ZipFile, caption: str, pixels: int) -> list[Example]:
    entries = list(_entries(archive))
    listed = [entry for entry in entries if PurePosixPath(entry.filename).name == CAPTIONS]
    if len(listed) > 1:
        raise BadImages(f"images: there are {len(listed)} files {CAPTIONS}; keep one")
    pictures = {
        PurePosixPath(entry.filename).name: entry
        for entry in entries
        if PurePosixPath(entry.filename).suffix.lower() in KINDS
    }
    if not pictures:
        raise BadImages(f"images: no picture in the zip; it takes {', '.join(KINDS)}")
    captions = _captions(_content(archive, listed[0]), set(pictures)) if listed else {}
    return [
        Example(_picture(archive, entry, pixels), captions.get(name) or caption)
        for name, entry in sorted(pictures.items())
    ]


def _entries(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """The files, without those that systems add; none may lead out of its folder."""
    total = 0
    names: set[str] = set()
    for entry in archive.infolist():
        path = PurePosixPath(entry.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in entry.filename:
            raise BadImages(f"images: the entry {_shown(entry)} leads out of the zip")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise BadImages(f"images: the entry {_shown(entry)} is a link")
        if entry.is_dir() or path.parts[0] == "__MACOSX" or path.name.startswith("."):
            continue
        if entry.flag_bits & 1 or entry.compress_type not in PLAIN:
            raise BadImages(f"images: the entry {_shown(entry)} is encrypted or packed unusually")
        if path.name in names:
            raise BadImages(f"images: two entries are called {path.name[:80]!r}")
        names.add(path.name)
        total += entry.file_size
        if entry.file_size > MOST_FILE_BYTES or total > MOST_BYTES:
            raise BadImages(
                f"images: the entry {_shown(entry)} has {entry.file_size} bytes, {total} with those"
                f" before it; at most {MOST_FILE_BYTES} and {MOST_BYTES} are taken"
            )
        yield entry


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """What is in an entry, though it may be more than the zip says."""
    with archive.open(entry) as stream:
        content = stream.read(MOST_FILE_BYTES + 1)
    if len(content) > MOST_FILE_BYTES:
        raise BadImages(f"images: the entry {_shown(entry)} is larger than it says")
    return content


def _captions(content: bytes, pictures: set[str]) -> dict[str, str]:
    """The caption of each picture that has one."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadImages(f"{CAPTIONS}: not UTF-8: {error.reason}") from error
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    column = next((name for name in FILE_COLUMNS if name in (rows.fieldnames or ())), None)
    if column is None or "caption" not in (rows.fieldnames or ()):
        raise BadImages(f"{CAPTIONS}, line 1: the columns are {FILE_COLUMNS[0]} and caption")
    captions: dict[str, str] = {}
    try:
        for row in rows:
            name = PurePosixPath(row[column] or "").name
            if name not in pictures:
                raise BadImages(f"{CAPTIONS}, line {rows.line_num}: no such picture in the zip")
            captions[name] = (row["caption"] or "").strip()
    except csv.Error as error:
        raise BadImages(f"{CAPTIONS}, line {rows.reader.line_num}: {error}") from error
    return captions


def _picture(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, pixels: int) -> Image.Image:
    content = io.BytesIO(_content(archive, entry))
    try:
        with Image.open(content, formats=sorted(set(KINDS.values()))) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise BadImages(f"images: {_shown(entry)} has more than {MOST_PIXELS} pixels")
            return opened.convert("RGB").resize((pixels, pixels), Image.Resampling.BOX)
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadImages(f"images: {_shown(entry)} is not a picture that can be read") from error


def _shown(entry: zipfile.ZipInfo) -> str:
    return repr(entry.filename[:80])
