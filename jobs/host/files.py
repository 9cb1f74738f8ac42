"""The files a model makes: its outputs are put away at once, its leftovers are removed."""

import os
import shutil
import stat
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path, PurePath
from typing import NamedTuple

from jobs.host.values import InvalidOutput

#: how far the times of files may lag behind the clock
LAG_S = 1.0


class Place(NamedTuple):
    """Where output files go."""

    folder: str
    #: where a file was, and where it was moved to
    moved: dict[str, str]


#: that of one item among others that run meanwhile
_OWN: ContextVar[Place | None] = ContextVar("place", default=None)


def own(folder: str) -> None:
    """Output files of this task go to this folder."""
    _OWN.set(Place(folder, {}))


class Files:
    """TMPDIR belongs to the rows: what setup() left there stays, what a row leaves goes."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = str(scratch)
        self._inside = f"{scratch}/"
        self._stays: set[str] = set()
        #: output files of elsewhere, which stay there too, and where they were put
        self.copied: set[str] = set()
        self._place = Place(str(scratch), {})
        #: output files so far
        self.kept = 0
        #: whether what goes now is removed by us, and not by the model
        self.clearing = False

    def settle(self) -> None:
        """Whatever is there now was made by setup() and stays."""
        self._stays = set(os.listdir(self._scratch))

    def begin(self, outputs: str) -> None:
        """Output files of the rows that come next go to this folder."""
        self.copied.clear()
        self._place = Place(outputs, {})

    def keep(self, path: PurePath) -> str:
        """Put an output file away, since the next row may write to the same path; its new place.

        What lies in TMPDIR and was not there before the rows is moved, all else copied.
        """
        name, (outputs, moved) = str(path), _OWN.get() or self._place
        mode = _mode(name)
        if not _is_file(name, mode):
            name = moved.get(name, "")  # another output of the same item names it as well
            mode = _mode(name)
        if not _is_file(name, mode):
            raise InvalidOutput(f"the output names a file that is not there: {path.name}")
        self.kept += 1
        folder = os.path.join(outputs, f"{os.getpid()}-{self.kept}")
        try:
            os.mkdir(folder)
        except FileNotFoundError:
            os.makedirs(folder)
        place = os.path.join(folder, path.name)
        if stat.S_ISREG(mode) and self._move(name, place):
            moved[name] = place
        else:
            shutil.copyfile(name, place)
            self.copied |= {os.path.abspath(name), os.path.abspath(place)}
        return place

    def _move(self, name: str, place: str) -> bool:
        """Whether the file, which is no link, is the rows' alone to give, and has been moved."""
        first, *rest = name.removeprefix(self._inside).split("/")
        outside = not name.startswith(self._inside) or ".." in rest
        if outside or first in self._stays:
            return False
        try:
            os.rename(name, place)
        except OSError:  # it lies on another file system
            return False
        return True

    def clear(self, before: float | None = None) -> None:
        """Remove what rows left behind, so that a long batch does not fill the disk.

        `before`: when the oldest of the items began that still run; only what nobody has touched
        since goes.
        """
        self._place.moved.clear()
        self.copied.clear()
        self.clearing = True
        try:
            with suppress(OSError), os.scandir(self._scratch) as entries:
                for entry in entries:
                    if entry.name not in self._stays and _is_old(entry, before):
                        _remove(entry)
        finally:
            self.clearing = False


def _mode(path: str) -> int:
    """What lies there, links not followed; 0 if nothing does."""
    try:
        return os.lstat(path).st_mode
    except (OSError, ValueError):
        return 0


def _is_file(path: str, mode: int) -> bool:
    return stat.S_ISREG(mode) or (stat.S_ISLNK(mode) and os.path.isfile(path))


def _is_old(entry: os.DirEntry[str], before: float | None) -> bool:
    return before is None or entry.stat(follow_symlinks=False).st_ctime < before - LAG_S


def _remove(entry: os.DirEntry[str]) -> None:
    if entry.is_dir(follow_symlinks=False):
        with suppress(OSError):  # most are empty by now, and this is quick
            os.rmdir(entry.path)
            return
        # where a socket is, a process of the model still listens
        if not _holds_other(entry.path):
            shutil.rmtree(entry.path, ignore_errors=True)
    elif _is_plain(entry):
        with suppress(OSError):
            os.unlink(entry.path)


def _holds_other(folder: str) -> bool:
    with os.scandir(folder) as entries:
        return any(
            _holds_other(entry.path)
            if entry.is_dir(follow_symlinks=False)
            else not _is_plain(entry)
            for entry in entries
        )


def _is_plain(entry: os.DirEntry[str]) -> bool:
    return entry.is_file(follow_symlinks=False) or entry.is_symlink()
