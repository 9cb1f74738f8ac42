"""A model host's own folder: who it is, its TMPDIR, both gone with it."""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from jobs.adapters import strays

RECORD = "host.json"
#: models put sockets into TMPDIR, and the path of a socket has some hundred bytes in all
MOST_BYTES = 64
SHORT = Path("/tmp")  # noqa: S108 - it is short, and what we make there is ours alone


class HostFolder:
    """`path` is below the worker's scratch; `tmp` too, unless its path would be too long.

    `private_tmp` may become the host's /tmp.
    """

    def __init__(self, scratch: Path) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="", dir=scratch.absolute()))
        self.private_tmp = self.path / "private"
        self.private_tmp.mkdir(mode=0o700)
        self.tmp = self.path / "tmp"
        if len(os.fsencode(self.tmp)) <= MOST_BYTES:
            self.tmp.mkdir()
            return
        short = _short_folder()
        self.tmp.symlink_to(short)
        self.tmp = short

    def belongs_to(self, pid: int) -> None:
        """Remember whose it is, for whoever starts here after us."""
        strays.remember(pid, self.path / RECORD)

    def remove(self) -> None:
        """Remove it with all that is in it."""
        _remove(self.path)


def _short_folder() -> Path:
    """A folder in /tmp that carries its keeper's name; those of dead keepers go."""
    for folder in SHORT.glob("penstock-*-*-*-*"):
        if _forsaken(folder.name):
            shutil.rmtree(folder, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=_keeper(os.getpid()), dir=SHORT))


def _forsaken(name: str) -> bool:
    """Whether its keeper is gone; of a process in another container we cannot know."""
    _, space, pid, *_ = name.split("-")
    return space == _space() and pid.isdigit() and not name.startswith(_keeper(int(pid)))


def _keeper(pid: int) -> str:
    """A process by its number and start, and the space in which it has that number."""
    return f"penstock-{_space()}-{pid}-{strays.identity(pid)['start']}-"


def _space() -> str:
    with suppress(OSError):
        return "".join(filter(str.isdigit, os.readlink("/proc/self/ns/pid")))
    return "0"


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
