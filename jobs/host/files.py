"""The files a model makes: its outputs are put away at once, its leftovers are removed."""

import os
import shutil
import stat
import tempfile
from contextlib import suppress
from pathlib import Path, PurePath

from jobs.host.values import InvalidOutput


class Files:
    """TMPDIR belongs to the rows: what setup() left there stays, what a row leaves goes."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._stays: set[str] = set()
        self._outputs = scratch
        #: output files so far
        self.kept = 0

    def settle(self) -> None:
        """Whatever is there now was made by setup() and stays."""
        self._stays = set(os.listdir(self._scratch))

    def begin(self, outputs: str) -> None:
        """Output files of the rows that come next go to this folder."""
        self._outputs = Path(outputs)

    def keep(self, path: PurePath) -> str:
        """Copy an output file, since the next row may write to the same path; its new place."""
        if not _is_file(path):
            raise InvalidOutput(f"the output names a file that is not there: {path.name}")
        self._outputs.mkdir(parents=True, exist_ok=True)
        place = os.path.join(tempfile.mkdtemp(dir=self._outputs), path.name)
        shutil.copyfile(path, place)
        self.kept += 1
        return place

    def clear(self) -> None:
        """Remove what rows left behind, so that a long batch does not fill the disk."""
        with suppress(OSError), os.scandir(self._scratch) as entries:
            for entry in entries:
                if entry.name not in self._stays:
                    _remove(entry)


def _is_file(path: PurePath) -> bool:
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
