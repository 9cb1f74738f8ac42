"""Whether a disk has room: what finds it full is tried again, for the disk is to blame."""

import os
from pathlib import Path

#: with less than this the disk is taken for full
LEAST_BYTES = 16 * 2**20


def is_full(folder: Path) -> bool:
    """Whether nothing of use can be written to the disk that the folder is, or would be, on."""
    while not folder.exists():
        folder = folder.parent
    disk = os.statvfs(folder)
    # a file system without a table of files says that it has none at all
    return disk.f_bavail * disk.f_frsize < LEAST_BYTES or (disk.f_files > 0 and not disk.f_favail)
