"""Virtual environments of models that ask for packages: made once, kept under a disk budget."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from jobs.adapters import pythons, requirements
from jobs.adapters.disk import DiskBlobs
from jobs.adapters.pip import Pip
from jobs.adapters.pythons import Python
from jobs.adapters.requirements import Lock
from jobs.core import outputs
from jobs.core.build import Build
from jobs.core.errors import BlobMissing, SetupFailed
from jobs.ports import Blobs

LOG, COMPLETE, USED = "build.log", "complete", ".used"
#: a wheel of torch is 2 GB, unpacked 5
BUDGET_BYTES = 50 * 2**30


class Environment:
    """One that a model may use until it is let go; nobody removes it meanwhile."""

    def __init__(self, folder: Path, held: IO[bytes], said: str) -> None:
        self.folder = folder
        self.python = folder / "bin" / "python"
        #: what there is to say of how it was made
        self.said = said
        self._held = held

    def let_go(self) -> None:
        """The model has ended."""
        self._held.close()


@dataclass(frozen=True)
class Wanted:
    """What a model asks for: an interpreter and requirements, and the version whose they are."""

    python: Python
    lines: tuple[str, ...]
    folder: Path
    version: str

    @property
    def lock_key(self) -> str:
        """Where the lock lies in the object store: one for each kind of machine."""
        return outputs.lock_key(self.version, f"{self.python.minor}-{sysconfig.get_platform()}")


class Environments:
    """A folder each, by what is in it: versions that ask for the same share one.

    Several processes may use a root at once.
    """

    def __init__(
        self, root: Path, scratch: Path, blobs: Blobs | None = None, budget: int = BUDGET_BYTES
    ) -> None:
        """`blobs`: where locks are kept; without it they are made anew each time."""
        self._root = root
        self._scratch = scratch
        self._blobs = blobs
        self._budget = budget

    @classmethod
    def of_this_user(cls, scratch: Path) -> "Environments":
        """Those of model folders that are tried without a server.

        A user without a home that can be written has them for this once, in `scratch`.
        """
        try:
            root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "penstock")
            return cls(root / "environments", scratch, DiskBlobs(root / "locks"))
        except (OSError, RuntimeError):  # RuntimeError: not even a name of a home
            root = scratch / "penstock"
            return cls(root / "environments", scratch, DiskBlobs(root / "locks"))

    def take(self, build: Build, folder: Path, version: str) -> tuple[Environment | None, str]:
        """(the environment for a model, None where the worker's own will do; what to tell of it).

        `version`: whose lock it is; without one, that of the folder as it now asks.

        Raises:
            SetupFailed: its packages cannot be had.
            PackagesAway: the package index does not answer.
        """
        python = pythons.find(build.python) if build.python else pythons.ours()
        told = ""
        if python is None:
            python = pythons.ours()
            told = (
                f"warning: cog.yaml: build: there is no Python {build.python} on this worker; it"
                f" runs with {python.version}\n"
            )
        lines = requirements.lines(build, folder)
        if python.is_ours and requirements.are_met(lines):
            return None, told
        if not lines:
            told += (
                f"warning: cog.yaml: build: python_version {build.python} runs it with Python"
                f" {python.version}, which has none of the worker's packages; name those it needs\n"
            )
        wanted = Wanted(python, lines, folder, version or _hash(str(folder.resolve()), *lines))
        self._root.mkdir(parents=True, exist_ok=True)
        return self._taken(wanted, self._lock(wanted)), told

    def _lock(self, wanted: Wanted) -> Lock:
        """The lock that is kept with the version; a new one where there is none that holds."""
        kept = self._kept(wanted)
        if kept is not None and (not wanted.python.is_ours or kept.holds_here):
            return kept
        if not wanted.lines:
            return Lock(())
        with self._empty(wanted.python) as python:
            pip = Pip(python, wanted.folder, self._scratch)
            report, _ = pip.report(wanted.lines, kept.pins if kept else ())
        shares = wanted.python.is_ours
        lock = requirements.resolved(report, wanted.lines, wanted.folder, shares=shares)
        if self._blobs is not None:
            self._blobs.put(wanted.lock_key, [lock.text.encode()], content_type="text/plain")
        return lock

    def _kept(self, wanted: Wanted) -> Lock | None:
        if self._blobs is None:
            return None
        try:
            return Lock.of(b"".join(self._blobs.open(wanted.lock_key)).decode())
        except BlobMissing:
            return None

    @contextmanager
    def _empty(self, python: Python) -> Iterator[Path]:
        """The interpreter of an environment without packages, there to ask questions of."""
        with tempfile.TemporaryDirectory(dir=self._scratch) as folder:
            _make(python, Path(folder))
            yield Path(folder, "bin", "python")

    def _taken(self, wanted: Wanted, lock: Lock) -> Environment:
        folder = self._root / _name(wanted, lock)
        held = folder.with_suffix(USED).open("ab")
        try:
            while True:
                fcntl.flock(held, fcntl.LOCK_SH)
                if (folder / COMPLETE).exists():
                    os.utime(held.fileno())
                    said = (folder / LOG).read_text(errors="replace")
                    return Environment(folder, held, said)
                fcntl.flock(held, fcntl.LOCK_EX)
                if not (folder / COMPLETE).exists():
                    self._build(wanted, lock, folder)
        except BaseException:
            held.close()
            raise

    def _build(self, wanted: Wanted, lock: Lock, folder: Path) -> None:
        # scripts in it name its place, so it is made where it stays; the mark is made last
        shutil.rmtree(folder, ignore_errors=True)
        try:
            _make(wanted.python, folder)
            said = Pip(folder / "bin" / "python", wanted.folder, self._scratch).install(lock)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        (folder / LOG).write_text(f"Python {wanted.python.version}\n{said}")
        (folder / COMPLETE).touch()
        self._make_room(folder)

    def _make_room(self, new: Path) -> None:
        """Remove those that were not used for longest, down to the budget; never one in use."""
        folders = [path for path in self._root.iterdir() if path.is_dir()]
        sizes = {folder: _weight(folder) for folder in folders}
        total = sum(sizes.values())
        for folder in sorted(folders, key=_last_used):
            if total <= self._budget:
                return
            if folder != new and _removed(folder):
                total -= sizes[folder]


def _removed(folder: Path) -> bool:
    with folder.with_suffix(USED).open("ab") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        (folder / COMPLETE).unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
    return True


def _make(python: Python, folder: Path) -> None:
    """An environment of this interpreter; if it is ours, with our packages behind its own."""
    made = subprocess.run(  # noqa: S603 - an interpreter of this machine
        [python.path, "-m", "venv", "--without-pip", folder], capture_output=True, check=False
    )
    if made.returncode:
        said = made.stderr.decode(errors="replace")
        raise SetupFailed(f"Python {python.version} makes no environment: {said.strip()[-300:]}")
    if python.is_ours:
        site = next(folder.glob("lib/python*/site-packages"))
        ours = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
        (site / "worker.pth").write_text("".join(f"{path}\n" for path in sorted(ours)))


def _name(wanted: Wanted, lock: Lock) -> str:
    """By what is in it: the lock, the interpreter, and what the lock has of the folder."""
    parts = [lock.text, str(wanted.python.path), wanted.python.version]
    if requirements.MODEL in lock.text:
        parts.append(wanted.version)
    return _hash(*parts)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _last_used(folder: Path) -> float:
    with suppress(FileNotFoundError):
        return folder.with_suffix(USED).stat().st_mtime
    return 0.0


def _weight(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            total += path.lstat().st_size
    return total
