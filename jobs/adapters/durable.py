"""What survives a power cut: files and folders that the disk is told to keep now."""

import ctypes
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def make_folder(folder: Path, *, safe: bool = True) -> None:
    """Make the folder and its parents, each `safe` against a power cut before the next is made."""
    if folder.is_dir():
        return
    make_folder(folder.parent, safe=safe)
    with suppress(FileExistsError):
        folder.mkdir()
        if safe:
            sync(folder.parent)
    if not folder.is_dir():
        raise NotADirectoryError(folder)


def sync(path: Path, call: Callable[[int], object] = os.fsync) -> None:
    """Wait until a file's bytes, or a folder's names, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        call(handle)
    finally:
        os.close(handle)


def _whole_file_system() -> Callable[[int], object] | None:
    call = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if call is None:
        return None

    def sync(handle: int) -> None:
        if call(handle):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))

    return sync


#: given a file, writes all of the file system that it is on to the disk; None: no such call here
sync_all = _whole_file_system()
