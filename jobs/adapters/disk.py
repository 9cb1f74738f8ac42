"""Objects as files in one directory: what embedded mode and tests use instead of S3."""

import errno
import hashlib
import itertools
import mimetypes
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from jobs.adapters import durable
from jobs.core.errors import BadRequest, BlobChanged, BlobError, BlobMissing, BlobRefused
from jobs.ports import BlobStat, Stored
from jobs.worker.streamed import HELD, Streamed

_READ_BYTES = 1024 * 1024
#: of what is only handed on: larger ones leave the processor's cache before they are hashed and
#: written, which takes the system twice as long
_PIECE_BYTES = 256 * 1024
#: so many files cost more one by one than whatever else there is to write
_TOGETHER = 8
_DEFAULT_TYPE = "application/octet-stream"
# Both lie inside the root, so that a rename never crosses a file system.
_TEMPORARY, _TYPES = ".tmp", ".types"


def make_folder(path: Path) -> None:
    """Make the data folder, for this user alone; raises BadRequest where a file is in the way."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except (FileExistsError, NotADirectoryError) as error:
        raise BadRequest(
            f"{path} must be a folder, and is a file or lies in one: name another with --data or"
            " PENSTOCK_DATA"
        ) from error


def write_private(path: Path, text: str) -> None:
    """Write a file that only this user can read, whole or not at all."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    aside.rename(path)


class DiskBlobs:
    """Objects under `root`; a key is a path below it."""

    moves = True

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()
        (self._root / _TEMPORARY).mkdir(parents=True, exist_ok=True)

    def put(
        self, key: str, chunks: Iterable[bytes | memoryview], *, content_type: str = _DEFAULT_TYPE
    ) -> Stored:
        """Write beside and rename, so that a reader sees the old object, the new, or none."""
        path = self._path(key)
        with _errors("write", key), self._temporary() as (file, name):
            size, digest = _written(chunks, file)
            file.flush()
            os.fsync(file.fileno())
            self._remember_type(key, content_type)
            self._rename(name, path)
        return Stored(key, size, digest)

    def take(self, files: Mapping[str, Path]) -> None:
        """Move them here without reading them; what is on another file system is copied.

        Many are written to the disk together: one by one, each waits for the disk, and whoever
        makes a file meanwhile waits with it.
        """
        together = durable.sync_all if len(files) >= _TOGETHER else None
        for key, file in files.items():
            with _errors("write", key):
                if not together:
                    durable.sync(file)
                self._move(key, file, sync=not together)
        if together:
            with _errors("write", next(iter(files))):
                durable.sync(self._root, together)

    def _move(self, key: str, file: Path, *, sync: bool) -> None:
        path, kind = self._path(key), _guessed_type(key)
        self._remember_type(key, kind)
        try:
            self._rename(file, path, sync=sync)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            with file.open("rb") as content:
                chunks = iter(lambda: content.read(_READ_BYTES), b"")
                self.put(key, chunks, content_type=kind)
            file.unlink()

    def copy(self, source: str, key: str) -> None:
        """Another name of the same file; where the file system has no such, another file."""
        kind, path = self.stat(source).content_type, self._path(key)
        beside = self._root / _TEMPORARY / secrets.token_hex(8)
        try:
            with _errors("write", key):
                os.link(self._path(source), beside)
                self._remember_type(key, kind)
                self._rename(beside, path)
        except BlobError:
            if beside.exists():
                raise
            self.put(key, self.pieces(source), content_type=kind)
        finally:
            # a rename onto another name of the same file leaves both
            beside.unlink(missing_ok=True)

    def open(
        self, key: str, *, start: int = 0, stop: int | None = None, if_match: str | None = None
    ) -> Iterator[bytes]:
        """The bytes from `start` to `stop`; the first look is taken now, not at the first byte."""
        path = self._path(key)
        _matching(_stat(path, key), key, if_match)
        return _read(path, key, start, stop, if_match)

    def pieces(self, key: str) -> Iterator[bytes | memoryview]:
        """All of it, a few pieces in memory at a time."""
        file = _opened(self._path(key), key)
        return _handed_on(file, key)

    def stat(self, key: str) -> BlobStat:
        """What the file system knows of the object."""
        return self._blob_stat(key, _stat(self._path(key), key))

    def list(self, prefix: str) -> Iterator[BlobStat]:
        """Objects under the prefix in key order; only one folder per level is in memory."""
        folder = prefix.rpartition("/")[0]
        top = self._path(folder) if folder else self._root
        for key in _walk(top, f"{folder}/" if folder else "", prefix):
            with suppress(BlobMissing):  # it may go while we walk
                yield self.stat(key)

    def delete(self, keys: Iterable[str]) -> None:
        """Remove objects, and folders that are empty then."""
        for key in keys:
            path = self._path(key)
            with suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
                path.unlink()
            self._type_file(key).unlink(missing_ok=True)
            self._prune(path.parent)

    def check_writable(self, key: str) -> None:
        """Ask the file system about the nearest folder that is there."""
        folder = self._path(key).parent
        while not folder.exists():
            folder = folder.parent
        if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
            raise BlobRefused(f"the disk does not take {key!r}: its folder cannot be written to")

    def conditional_writes(self) -> bool:
        """Whether making a link to a name that exists is refused here."""
        with tempfile.TemporaryDirectory(dir=self._root / _TEMPORARY) as folder:
            first, second = Path(folder, "first"), Path(folder, "second")
            first.touch()
            second.touch()
            try:
                os.link(first, second)
            except FileExistsError:
                return True
            except OSError:
                return False
            return False

    def tidy(self) -> None:
        """Remove what was being written when its writer died; nobody may be writing now."""
        for path in (self._root / _TEMPORARY).iterdir():
            path.unlink() if path.is_file() else shutil.rmtree(path, ignore_errors=True)

    def _path(self, key: str) -> Path:
        parts = key.split("/")
        if "\0" in key or "\\" in key or not all(parts) or {".", ".."} & set(parts):
            raise BlobError(f"{key!r} cannot be a key: it must be a plain relative path")
        if parts[0] in (_TEMPORARY, _TYPES):
            raise BlobError(f"{key!r} cannot be a key: {parts[0]} is taken by the store itself")
        return self._root.joinpath(*parts)

    @contextmanager
    def _temporary(self) -> Iterator[tuple[BinaryIO, Path]]:
        """A file that is gone afterwards, unless it was renamed."""
        handle, name = tempfile.mkstemp(dir=self._root / _TEMPORARY)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file, Path(name)
        finally:
            Path(name).unlink(missing_ok=True)

    def _rename(self, temporary: Path, path: Path, *, sync: bool = True) -> None:
        for last in (False, False, True):
            durable.make_folder(path.parent, safe=sync)
            try:
                os.replace(temporary, path)
            except FileNotFoundError:  # a delete took the empty folder in between
                if last:
                    raise
                continue
            if sync:
                durable.sync(path.parent)
            return

    def _prune(self, folder: Path) -> None:
        with suppress(OSError):
            while folder != self._root:
                folder.rmdir()
                folder = folder.parent

    def _type_file(self, key: str) -> Path:
        # Flat, by hash: here a key may not collide with another key's folder.
        return self._root / _TYPES / hashlib.sha256(key.encode()).hexdigest()

    def _remember_type(self, key: str, content_type: str) -> None:
        """Keep the type only if the name does not already say it."""
        file = self._type_file(key)
        if content_type == _guessed_type(key):
            file.unlink(missing_ok=True)
            return
        file.parent.mkdir(exist_ok=True)
        with self._temporary() as (beside, name):
            beside.write(content_type.encode())
            beside.flush()
            os.replace(name, file)

    def _blob_stat(self, key: str, found: os.stat_result) -> BlobStat:
        try:
            content_type = self._type_file(key).read_text()
        except FileNotFoundError:
            content_type = _guessed_type(key)
        modified_at = datetime.fromtimestamp(found.st_mtime, UTC)
        return BlobStat(key, found.st_size, _etag(found), modified_at, content_type)


@contextmanager
def _errors(verb: str, key: str) -> Iterator[None]:
    """The file system's errors become ours here."""
    try:
        yield
    except (IsADirectoryError, NotADirectoryError, FileExistsError):
        message = f"{key!r} cannot be stored: another key uses its name as a folder, or as a file"
        raise BlobError(message) from None
    except OSError as error:
        raise BlobError(f"the disk did not {verb} {key!r}: {error.strerror}") from None


def _written(chunks: Iterable[bytes | memoryview], file: BinaryIO) -> tuple[int, str]:
    """(bytes, sha256) of what was written."""
    streamed = Streamed(file, sync=True)
    try:
        for chunk in chunks:
            streamed.add(chunk)
    finally:
        streamed.end()
    return streamed.size_bytes, streamed.finished()


def _read(
    path: Path, key: str, start: int, stop: int | None, if_match: str | None
) -> Iterator[bytes]:
    with _opened(path, key) as file:
        before = os.fstat(file.fileno())
        _matching(before, key, if_match)
        file.seek(start)
        left = (before.st_size if stop is None else min(stop, before.st_size)) - start
        while left > 0:
            chunk = file.read(min(left, _READ_BYTES))
            if not chunk:
                raise BlobChanged(key)
            left -= len(chunk)
            yield chunk
        # Our own writes make a new file; only somebody's editor writes into this one.
        _matching(os.fstat(file.fileno()), key, if_match)


def _opened(path: Path, key: str) -> BinaryIO:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise BlobMissing(key) from None


def _handed_on(file: BinaryIO, key: str) -> Iterator[memoryview]:
    """In as much memory as is written and hashed at a time."""
    with file:
        left = os.fstat(file.fileno()).st_size
        size = min(left, _PIECE_BYTES)
        rooms = itertools.cycle([memoryview(bytearray(size)) for _ in range(HELD + 1)])
        while left:
            room = next(rooms)[:left]
            size = file.readinto(room)  # type: ignore[attr-defined]
            if not size:
                raise BlobChanged(key)
            left -= size
            yield room[:size]


def _stat(path: Path, key: str) -> os.stat_result:
    try:
        found = path.stat()
    except OSError:  # no such file, a file where a folder should be, a name too long to exist
        raise BlobMissing(key) from None
    if not os.path.isfile(path):
        raise BlobMissing(key)
    return found


def _etag(found: os.stat_result) -> str:
    return f"{found.st_mtime_ns:x}-{found.st_size:x}-{found.st_ino:x}"


def _matching(found: os.stat_result, key: str, if_match: str | None) -> None:
    if if_match is not None and _etag(found) != if_match:
        raise BlobChanged(key)


def _guessed_type(key: str) -> str:
    return mimetypes.guess_type(key)[0] or _DEFAULT_TYPE


def _walk(folder: Path, place: str, prefix: str) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            # With its slash a folder sorts where its keys sort: "a-b" before "a/b".
            names = sorted(e.name + "/" * e.is_dir(follow_symlinks=False) for e in entries)
    except (FileNotFoundError, NotADirectoryError):
        return
    for name in names:
        key = place + name
        if not place and name in (f"{_TEMPORARY}/", f"{_TYPES}/"):
            continue
        if not key.startswith(prefix[: len(key)]):
            continue
        if name.endswith("/"):
            yield from _walk(folder / name, key, prefix)
        elif key.startswith(prefix):
            yield key
