"""The Python interpreters of this machine, by version."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

#: what a model host is written for
OLDEST = (3, 10)
LOOK_S = 20.0
_TELL = "import sys, venv; print('%d.%d.%d' % sys.version_info[:3])"


@dataclass(frozen=True)
class Python:
    """An interpreter; `version` is the whole of it, such as 3.11.7."""

    path: Path
    version: str

    @property
    def minor(self) -> str:
        """Such as 3.11."""
        return ".".join(self.version.split(".")[:2])

    @property
    def is_ours(self) -> bool:
        """Whether it is the one that runs this process, with the packages that are there."""
        return self.path == Path(sys.executable)


def ours() -> Python:
    """The one that runs this process."""
    return Python(Path(sys.executable), "{}.{}.{}".format(*sys.version_info[:3]))


@cache
def find(wanted: str) -> Python | None:
    """One of this version, by major and minor; ours if it is; None if there is none."""
    minor = ".".join(wanted.split(".")[:2])
    if ours().minor == minor:
        return ours()
    if tuple(map(int, minor.split("."))) < OLDEST:
        return None
    found = (_asked(path) for path in _places(minor))
    return next((one for one in found if one is not None and one.minor == minor), None)


def _places(minor: str) -> Iterator[Path]:
    onpath = shutil.which(f"python{minor}")
    if onpath:
        yield Path(onpath)
    home = Path(os.environ.get("HOME", "/nonexistent"))
    for pattern in (
        f".pyenv/versions/{minor}.*/bin/python{minor}",
        f".local/share/uv/python/cpython-{minor}.*/bin/python{minor}",
    ):
        yield from sorted(home.glob(pattern))
    yield Path(f"/usr/bin/python{minor}")
    yield Path(f"/usr/local/bin/python{minor}")


def _asked(path: Path) -> Python | None:
    """What it is: a name on PATH may stand for one that is not there."""
    try:
        told = subprocess.run(  # noqa: S603 - an interpreter of this machine
            [path, "-I", "-c", _TELL], capture_output=True, text=True, timeout=LOOK_S, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return Python(path, told.stdout.strip())
