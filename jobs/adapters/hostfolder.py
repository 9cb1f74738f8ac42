"""A model host's own folder: who it is, its TMPDIR, both gone with it."""

import os
import shutil
import tempfile
from pathlib import Path

from jobs.adapters import strays

RECORD = "host.json"
#: models put sockets into TMPDIR, and the path of a socket has some hundred bytes in all
MOST_BYTES = 64


class HostFolder:
    """`path` is below the worker's scratch; `tmp` too, unless its path would be too long."""

    def __init__(self, scratch: Path) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="", dir=scratch.absolute()))
        self.tmp = self.path / "tmp"
        if len(os.fsencode(self.tmp)) <= MOST_BYTES:
            self.tmp.mkdir()
            return
        elsewhere = Path(tempfile.mkdtemp(prefix="penstock-", dir="/tmp"))
        self.tmp.symlink_to(elsewhere)
        self.tmp = elsewhere

    def belongs_to(self, pid: int) -> None:
        """Remember whose it is, for whoever starts here after us."""
        strays.remember(pid, self.path / RECORD)

    def remove(self) -> None:
        """Remove it with all that is in it."""
        _remove(self.path)


def reap(scratch: Path) -> None:
    """Kill the hosts that an earlier worker left behind, and remove their folders."""
    folders = list(scratch.absolute().glob("*/"))
    for folder in folders:
        strays.kill_remembered(folder / RECORD)
    strays.kill_marked(scratch.absolute())
    for folder in folders:
        _remove(folder)


def _remove(folder: Path) -> None:
    tmp = folder / "tmp"
    if tmp.is_symlink():
        shutil.rmtree(tmp.readlink(), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
