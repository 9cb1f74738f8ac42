"""A version's folder on this machine, brought from the object store and kept under a budget."""

import hashlib
import os
import shutil
import threading
from pathlib import Path

from jobs.core import outputs
from jobs.core.errors import BlobError
from jobs.core.version import Version
from jobs.ports import Blobs


class Bundles:
    """Folders by digest; the least recently used go when they weigh more than the budget."""

    def __init__(self, blobs: Blobs, root: Path, budget_bytes: int = 50 * 2**30) -> None:
        self._blobs = blobs
        self._root = root
        self._budget = budget_bytes
        self._lock = threading.Lock()
        root.mkdir(parents=True, exist_ok=True)

    def folder(self, version: Version) -> Path:
        """The version's files, complete; fetched if they are not here."""
        target = self._root / version.id
        with self._lock:
            if not target.exists():
                self._fetch(version, target)
            os.utime(target)
            self._evict(keep=target)
        return target

    def _fetch(self, version: Version, target: Path) -> None:
        aside = self._root / f".{version.id}.part"
        shutil.rmtree(aside, ignore_errors=True)
        for entry in version.files:
            self._bring(entry["sha256"], aside / entry["path"], bool(entry["executable"]))
        aside.rename(target)

    def _bring(self, sha256: str, path: Path, executable: bool) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        seen = hashlib.sha256()
        with path.open("wb") as file:
            for chunk in self._blobs.open(outputs.file_key(sha256)):
                seen.update(chunk)
                file.write(chunk)
        if seen.hexdigest() != sha256:
            raise BlobError(f"the stored file {sha256[:12]} is damaged; push the version again")
        if executable:
            path.chmod(0o755)

    def _evict(self, keep: Path) -> None:
        folders = [path for path in self._root.iterdir() if path.is_dir()]
        folders.sort(key=lambda path: path.stat().st_mtime)
        sizes = {path: _weight(path) for path in folders}
        total = sum(sizes.values())
        for path in folders:
            if total <= self._budget:
                return
            if path != keep:
                shutil.rmtree(path, ignore_errors=True)
                total -= sizes[path]


def _weight(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
