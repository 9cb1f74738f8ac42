"""The files a model makes: its outputs are put away at once, its leftovers are removed."""

import os
import shutil
import stat
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path, PurePath

from jobs.host.values import InvalidOutput

#: how far the times of files may lag behind the clock
LAG_S = 1.0


class Place:
    """Where output files go."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        #: where a file was, and where it was moved to
        self.moved: dict[str, str] = {}
        self._last = ""
        self._names: set[str] = set()

    def of(self, name: str, number: int) -> str:
        """A path for a file of this name, in a folder that has none of that name.

        Files share a folder: to make and remove one for each takes longer than a quick model does.
        """
        key = name.lower()  # there are disks to which both are the same
        if not self._last or key in self._names or not name.isascii():
            self._last = self.another(number)
            os.makedirs(self._last)
            self._names.clear()
        self._names.add(key)
        return os.path.join(self._last, name)

    def another(self, number: int) -> str:
        """A path that nothing has."""
        return os.path.join(self.folder, f"{os.getpid()}-{number}")


#: that of one item among others that run meanwhile
_OWN: ContextVar[Place | None] = ContextVar("place", default=None)


def own(folder: str) -> None:
    """Output files of this task go to this folder."""
    _OWN.set(Place(folder))


class Files:
    """TMPDIR belongs to the rows: what setup() left there stays, what a row leaves goes."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = str(scratch)
        self._inside = f"{scratch}/"
        self._stays: set[str] = set()
        #: output files of elsewhere, which stay there too, and where they were put
        self.copied: set[str] = set()
        self._place = Place(str(scratch))
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
        self._place = Place(outputs)

    def keep(self, path: PurePath, *, ended: bool = False) -> str:
        """Put an output file away, since the next row may write to the same path; its new place.

        What lies in TMPDIR and was not there before the rows is moved, all else copied. `ended`:
        whoever made it writes nothing more beside it.
        """
        name, place = str(path), _OWN.get() or self._place
        mode = _mode(name)
        if not _is_file(name, mode):
            name = place.moved.get(name, "")  # another output of the same item names it as well
            mode = _mode(name)
        if not _is_file(name, mode):
            raise InvalidOutput(f"the output names a file that is not there: {path.name}")
        self.kept += 1
        is_plain = stat.S_ISREG(mode)
        now = self._moved_whole(name, place) if ended and is_plain else None
        if now is None:
            now = place.of(path.name, self.kept)
            if not (is_plain and self._move(name, now)):
                shutil.copyfile(name, now)
                self.copied |= {os.path.abspath(name), os.path.abspath(now)}
                return now
        place.moved[name] = now
        return now

    def keep_ended(self, path: PurePath) -> str:
        """`keep`, of what an item has given when it was at its end."""
        return self.keep(path, ended=True)

    def _moved_whole(self, name: str, place: Place) -> str | None:
        """Where it is now, moved with its folder, if that is the rows' and holds nothing else.

        So there is no folder to make for it, and none to remove.
        """
        folder, _, file = name.rpartition("/")
        if os.path.dirname(folder) != self._scratch or os.path.basename(folder) in self._stays:
            return None
        there = place.another(self.kept)
        try:
            if not _is_open_folder(folder) or os.listdir(folder) != [file]:
                return None
            os.rename(folder, there)
        except OSError:
            return None
        return os.path.join(there, file)

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


def _is_open_folder(path: str) -> bool:
    """Whether it is a folder, and no link to one, that its owner may do all with."""
    mode = os.lstat(path).st_mode
    return stat.S_ISDIR(mode) and mode & stat.S_IRWXU == stat.S_IRWXU


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
