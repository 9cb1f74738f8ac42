"""The files a model makes: its outputs are put away at once, its leftovers are removed."""

import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path, PurePath

from jobs.host.values import InvalidOutput


class Files:
    """TMPDIR belongs to the rows: what setup() left there stays, what a row leaves goes."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = str(scratch)
        self._inside = f"{scratch}/"
        self._stays: set[str] = set()
        self._outputs = str(scratch)
        #: where a file of these rows was, and where it was moved to
        self._moved: dict[str, str] = {}
        #: output files of elsewhere, which stay there too, and where they were put
        self.copied: set[str] = set()
        #: output files so far
        self.kept = 0

    def settle(self) -> None:
        """Whatever is there now was made by setup() and stays."""
        self._stays = set(os.listdir(self._scratch))

    def begin(self, outputs: str) -> None:
        """Output files of the rows that come next go to this folder."""
        self.copied.clear()
        self._outputs = outputs

    def keep(self, path: PurePath) -> str:
        """Put an output file away, since the next row may write to the same path; its new place.

        What lies in TMPDIR and was not there before the rows is moved, all else copied.
        """
        name = str(path)
        if not _is_file(name):
            name = self._moved.get(name, "")
            if not _is_file(name):
                raise InvalidOutput(f"the output names a file that is not there: {path.name}")
        self.kept += 1
        folder = os.path.join(self._outputs, f"{os.getpid()}-{self.kept}")
        try:
            os.mkdir(folder)
        except FileNotFoundError:
            os.makedirs(folder)
        place = os.path.join(folder, path.name)
        if not self._move(name, place):
            shutil.copyfile(name, place)
            self.copied |= {os.path.abspath(name), os.path.abspath(place)}
        return place

    def _move(self, name: str, place: str) -> bool:
        """Whether the file is the rows' alone to give, and has been moved."""
        first, *rest = name.removeprefix(self._inside).split("/")
        outside = not name.startswith(self._inside) or ".." in rest
        if outside or first in self._stays or os.path.islink(name):
            return False
        try:
            os.rename(name, place)
        except OSError:  # it lies on another file system
            return False
        self._moved[name] = place
        return True

    def clear(self) -> None:
        """Remove what rows left behind, so that a long batch does not fill the disk."""
        self._moved.clear()
        with suppress(OSError), os.scandir(self._scratch) as entries:
            for entry in entries:
                if entry.name not in self._stays:
                    _remove(entry)


def _is_file(path: str) -> bool:
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False


def _remove(entry: os.DirEntry[str]) -> None:
    if entry.is_dir(follow_symlinks=False):
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
