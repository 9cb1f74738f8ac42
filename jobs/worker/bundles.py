"""A version's folder on this machine, brought from the object store and kept under a budget."""

import hashlib
import os
import shutil
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from jobs.core import outputs
from jobs.core.errors import BlobMissing, SetupFailed
from jobs.core.version import Version
from jobs.ports import Blobs

#: One folder that is being brought, and one that is being removed. Neither has the name of a
#: version, so that a kill in the middle never leaves half a version under a whole one's name.
PART, GONE = ".part", ".gone"
CHUNK_BYTES = 1 << 20

#: answers with the versions whose folders must stay
InUse = Callable[[], Collection[str]]


class Bundles:
    """Folders by digest; the least recently used go where a new one would exceed the budget.

    One process uses a root at a time.
    """

    def __init__(self, blobs: Blobs, root: Path, budget_bytes: int = 50 * 2**30) -> None:
        self._blobs = blobs
        self._root = root
        self._budget = budget_bytes
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._evicting = threading.Lock()
        root.mkdir(parents=True, exist_ok=True)
        for leftover in root.glob(f"*{GONE}"):
            shutil.rmtree(leftover, ignore_errors=True)

    def folder(self, version: Version, in_use: InUse = frozenset) -> Path:
        """The version's files, complete; fetched if they are not here.

        The folder stays while `in_use` names the version, which it must do before this call.

        Raises:
            SetupFailed: a file is missing or damaged, or this disk cannot take it.
            BlobError: the object store cannot be asked now.
        """
        target = self._root / version.id
        with self._held(version.id):
            if not target.exists():
                self._make_room(version, in_use)
                self._fetch(version, target)
            os.utime(target)
        return target

    def _held(self, id: str) -> threading.Lock:
        """One version's lock: others are fetched and used meanwhile."""
        with self._lock:
            return self._locks.setdefault(id, threading.Lock())

    def _fetch(self, version: Version, target: Path) -> None:
        aside = target.with_suffix(PART)
        try:
            for entry in version.files:
                self._bring(entry["sha256"], aside / entry["path"], bool(entry["executable"]))
            aside.rename(target)
        except BlobMissing as error:
            raise SetupFailed("a file of this version is lost; push it again") from error
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise SetupFailed(f"its files cannot be written on the worker: {reason}") from error

    def _bring(self, sha256: str, path: Path, executable: bool) -> None:
        # what an earlier attempt brought before it was killed need not be brought again
        if not (path.is_file() and _hash_of(_read(path)) == sha256):
            path.parent.mkdir(parents=True, exist_ok=True)
            stored = self._blobs.open(outputs.file_key(sha256))
            if _hash_of(_written(stored, path)) != sha256:
                raise SetupFailed(f"the stored file {sha256[:12]} is damaged; remove it and push")
        path.chmod(0o755 if executable else 0o644)

    def _make_room(self, version: Version, in_use: InUse) -> None:
        needed = sum(entry["size"] for entry in version.files)
        with self._evicting:
            folders = [path for path in self._root.iterdir() if path.is_dir()]
            sizes = {folder: _weight(folder) for folder in folders}
            total = needed + sum(sizes.values())
            for folder in sorted(folders, key=_last_used):
                if total <= self._budget:
                    return
                if self._removed(folder, version.id, in_use):
                    total -= sizes[folder]

    def _removed(self, folder: Path, wanted: str, in_use: InUse) -> bool:
        id, lock = folder.stem, self._held(folder.stem)
        # whoever holds a lock has come to use that version, or is about to remove it
        if id == wanted or not lock.acquire(blocking=False):
            return False
        try:
            # asked while holding the lock: who comes later waits, and fetches it again
            if id in in_use():
                return False
            gone = folder.with_suffix(GONE)
            shutil.rmtree(gone, ignore_errors=True)
            folder.rename(gone)
            shutil.rmtree(gone, ignore_errors=True)
        finally:
            lock.release()
        return True


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _written(chunks: Iterable[bytes], path: Path) -> Iterator[bytes]:
    with path.open("wb") as file:
        for chunk in chunks:
            file.write(chunk)
            yield chunk


def _hash_of(chunks: Iterable[bytes]) -> str:
    seen = hashlib.sha256()
    for chunk in chunks:
        seen.update(chunk)
    return seen.hexdigest()


def _last_used(folder: Path) -> float:
    with suppress(FileNotFoundError):
        return folder.stat().st_mtime
    return 0.0


def _weight(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            total += path.lstat().st_size
    return total
