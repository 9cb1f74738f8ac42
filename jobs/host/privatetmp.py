"""A /tmp of the host's own, where the kernel gives one: two models may write the same path."""

import ctypes
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

SHARED = "/tmp"  # noqa: S108 - the very folder that is to be nobody else's
#: where CUDA's multi-process service listens, if it runs
ALWAYS_SEEN = (f"{SHARED}/nvidia-mps",)
CLONE_NEWNS, CLONE_NEWUSER = 0x00020000, 0x10000000
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18


def take(folder: Path, seen: Iterable[str]) -> bool:
    """From here on `folder` is this process's /tmp, and that of all it starts; whether it is.

    `seen`: files and folders below /tmp that stay where they are. Call it before there are threads.
    """
    if not _in_a_child(lambda: _take(folder, seen)):
        return False
    _take(folder, seen)
    return True


def possible() -> bool:
    """Whether the kernel lets this user have one."""
    with tempfile.TemporaryDirectory() as folder:
        return _in_a_child(lambda: _take(Path(folder), ()))


def _in_a_child(work: Callable[[], None]) -> bool:
    """Whether it can be done: half done, it would leave a process without a name or a /tmp."""
    if sys.platform != "linux":
        return False
    child = os.fork()
    if not child:
        try:
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def _take(folder: Path, seen: Iterable[str]) -> None:
    here = os.getcwd()
    _apart()
    for path in _below(SHARED, [here, *_interpreter(), *ALWAYS_SEEN, *seen]):
        _mount(path, _stand_in(folder, path))
    _mount(str(folder), SHARED)
    os.chdir(here)  # else the old one, which nobody can see any more


def _apart() -> None:
    """Into a name space of mounts of our own: by right, or within a user space of one."""
    user, group = os.geteuid(), os.getegid()
    try:
        _call("unshare", CLONE_NEWNS)
    except PermissionError:
        _call("unshare", CLONE_NEWNS | CLONE_NEWUSER)
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    _call("mount", None, b"/", None, MS_REC | MS_PRIVATE, None)


def _interpreter() -> list[str]:
    ours = str(Path(__file__).parents[1])
    return [ours, sys.prefix, sys.base_prefix, sys.executable, *sys.path]


def _below(top: str, paths: Iterable[str]) -> Iterator[str]:
    """Those that are there and below it, without what lies in another one of them."""
    last = None
    real = {os.path.realpath(path) for path in paths if path}
    for path in sorted(real, key=lambda path: path.split("/")):
        inside = last is not None and path.startswith(f"{last}/")
        if path.startswith(f"{os.path.realpath(top)}/") and not inside and os.path.exists(path):
            yield path
            last = path


def _stand_in(folder: Path, path: str) -> str:
    """An empty file or folder, for the real one to be mounted on."""
    place = folder / os.path.relpath(path, os.path.realpath(SHARED))
    if os.path.isdir(path):
        place.mkdir(parents=True, exist_ok=True)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    return str(place)


def _mount(what: str, where: str) -> None:
    _call("mount", os.fsencode(what), os.fsencode(where), None, MS_BIND | MS_REC, None)


def _call(name: str, *arguments: object) -> None:
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), name)
