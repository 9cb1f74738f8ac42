"""A user's zip, looked through before a model gets it: nothing of it is unpacked to a name.

What has passed may be unpacked by anybody's code: no entry leads elsewhere, none is a link, and
all of them together are no larger than is allowed.
"""

import re
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from jobs.core.bundle import path_fault
from jobs.core.errors import JobsError
from jobs.worker import zipdirectory

CHUNK_BYTES = 1 << 20
LOCAL_HEADER_BYTES = 30
#: packed ways whose unpacking takes little memory; what else there is may ask for gigabytes
WAYS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
#: flags of an entry that is encrypted, or whose directory is
ENCRYPTED = 0x1 | 0x40 | 0x2000
_DRIVE = re.compile(r"[A-Za-z]:")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
MOST_DEPTH, _MOST_SHOWN = 64, 100


class ZipRefused(JobsError):
    """The zip is not given to a model; the message says why, and names the entry."""

    code = "zip_refused"


@dataclass(frozen=True)
class Limits:
    """How much a zip may hold, what is in zips inside it included."""

    entries: int = 50_000
    directory_bytes: int = 32 * 2**20
    #: of one entry
    entry_bytes: int = 4 * 2**30
    #: of all entries, unpacked
    total_bytes: int = 20 * 2**30
    #: unpacked to packed; of what is no larger than `small_bytes` nobody asks
    ratio: int = 200
    small_bytes: int = 64 * 2**20
    #: zips inside of it, and inside of those
    depth: int = 1


LIMITS = Limits()


def check(path: Path, limits: Limits = LIMITS) -> None:
    """Look through the file if it is a zip; of any other nothing is said.

    Raises:
        ZipRefused: it cannot be unpacked, or should not be.
    """
    with path.open("rb") as file:
        if zipdirectory.is_zip(file):
            allowed = max(limits.small_bytes, limits.ratio * path.stat().st_size)
            _Look(limits, min(allowed, limits.total_bytes)).through(file, "the zip", 0)


class _Look:
    """One look through a zip and the zips in it, which share what is allowed."""

    def __init__(self, limits: Limits, allowed_bytes: int) -> None:
        self._limits = limits
        self._allowed_bytes = allowed_bytes
        self._entries = limits.entries
        self._bytes = 0

    def through(self, file: IO[bytes], which: str, depth: int) -> None:
        """See that all of it is fine."""
        try:
            zipdirectory.check(file, self._entries, self._limits.directory_bytes)
            archive = zipfile.ZipFile(file)
        except (zipdirectory.Damaged, *_BROKEN) as error:
            raise ZipRefused(f"{which} {_why(error)}") from error
        with archive:
            entries = archive.infolist()
            self._entries -= len(entries)
            _check_names(entries, which)
            for entry in entries:
                _check_kind(entry, which)
            self._check_sizes(entries, which)
            _check_places(archive, entries, which)
            for entry in entries:
                self._read(archive, entry, which, depth)

    def _check_sizes(self, entries: Sequence[zipfile.ZipInfo], which: str) -> None:
        """By what they say of themselves, which unpacking them will hold them to."""
        for entry in entries:
            if entry.file_size > self._limits.entry_bytes:
                most = _size(self._limits.entry_bytes)
                raise _refused(which, entry, f"has {_size(entry.file_size)}, and may have {most}")
        self._bytes += sum(entry.file_size for entry in entries)
        if self._bytes > self._allowed_bytes:
            raise ZipRefused(
                f"{which} would unpack to {_size(self._bytes)}, and may to"
                f" {_size(self._allowed_bytes)}: that is {self._limits.ratio} times its own size,"
                f" at least {_size(self._limits.small_bytes)} and at most"
                f" {_size(self._limits.total_bytes)}"
            )

    def _read(
        self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, which: str, depth: int
    ) -> None:
        try:
            with archive.open(entry) as content:
                head = content.read(4)
                if head in zipdirectory.STARTS:
                    self._inside(head, content, f"{_shown(entry.filename)} in {which}", depth)
                else:
                    for _ in _chunks(content):
                        pass
        except _BROKEN as error:
            raise _refused(which, entry, "is damaged, or cut short") from error

    def _inside(self, head: bytes, content: IO[bytes], which: str, depth: int) -> None:
        """A zip in a zip, in a file without a name meanwhile."""
        if depth >= self._limits.depth:
            raise ZipRefused(f"{which} is a zip within a zip within a zip: pack what is in it")
        with tempfile.TemporaryFile() as aside:
            aside.write(head)
            for chunk in _chunks(content):
                aside.write(chunk)
            if zipdirectory.is_zip(aside):
                self.through(aside, which, depth + 1)


def _chunks(content: IO[bytes]) -> Iterator[bytes]:
    while chunk := content.read(CHUNK_BYTES):
        yield chunk


def _check_names(entries: Sequence[zipfile.ZipInfo], which: str) -> None:
    files: set[str] = set()
    folders: set[str] = set()
    for entry in entries:
        path = entry.orig_filename.removeprefix("./").removesuffix("/")
        if not path and entry.orig_filename == "./":
            continue
        if fault := _fault(path):
            raise _refused(which, entry, f"cannot be unpacked: a name {fault}")
        if entry.orig_filename.endswith("/"):
            folders.add(path)
        elif path in files:
            raise _refused(which, entry, "is there twice")
        else:
            files.add(path)
    for path in files | folders:
        if not files.isdisjoint(_above(path)) or (path in files and path in folders):
            raise ZipRefused(f"{which}: {_shown(path)} is or lies in a folder that is also a file")


def _fault(path: str) -> str | None:
    if _DRIVE.match(path):
        return "must not begin with a drive"
    if path.count("/") > MOST_DEPTH:
        return f"must not lie more than {MOST_DEPTH} folders deep"
    return path_fault(path)


def _above(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path


def _check_kind(entry: zipfile.ZipInfo, which: str) -> None:
    if entry.flag_bits & ENCRYPTED:
        raise _refused(which, entry, "is encrypted: pack it without a password")
    if entry.compress_type not in WAYS:
        raise _refused(which, entry, "is packed in a way that is not taken: pack it with deflate")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind == stat.S_IFLNK:
        raise _refused(which, entry, "is a link: pack the file that it leads to")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _refused(which, entry, "is no file and no folder")


def _check_places(archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo], which: str) -> None:
    """See that no two entries share bytes: so a small zip says that it is many large files."""
    end = archive.start_dir
    for entry in sorted(entries, key=lambda entry: entry.header_offset, reverse=True):
        if entry.header_offset + LOCAL_HEADER_BYTES + entry.compress_size > end:
            raise _refused(which, entry, "is damaged: it overlaps with what follows")
        end = entry.header_offset


def _refused(which: str, entry: zipfile.ZipInfo, why: str) -> ZipRefused:
    return ZipRefused(f"{which}: {_shown(entry.orig_filename)} {why}")


def _why(error: Exception) -> str:
    return str(error) if isinstance(error, zipdirectory.Damaged) else "is damaged, or cut short"


def _shown(name: str) -> str:
    text = name if name.isprintable() else ascii(name)[1:-1]
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:,.1f} MB" if size_bytes < 1e9 else f"{size_bytes / 1e9:,.1f} GB"
