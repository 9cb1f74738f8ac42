"""A small disk for a worker, which can be filled: a tmpfs, where this machine lets us mount one."""

import subprocess
from contextlib import suppress
from pathlib import Path

SIZE_MB = 48


class SmallDisk:
    """Mounted at `folder`, which is made."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True)
        options = ["-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=700", "tmpfs"]
        done = subprocess.run(["mount", *options, str(folder)], capture_output=True, check=False)
        self.there = done.returncode == 0

    def fill(self) -> None:
        """Not a byte is left."""
        with suppress(OSError), (self._folder / "ballast").open("wb", buffering=0) as file:
            while True:
                file.write(bytes(1 << 16))
        with suppress(OSError), (self._folder / "ballast").open("ab", buffering=0) as file:
            while True:
                file.write(bytes(1))

    def empty(self) -> None:
        """There is room again."""
        (self._folder / "ballast").unlink(missing_ok=True)

    def close(self) -> None:
        """Unmount it."""
        if self.there:
            subprocess.run(["umount", "-l", str(self._folder)], capture_output=True, check=False)


def possible(folder: Path) -> bool:
    """Whether small disks can be made here."""
    try:
        disk = SmallDisk(folder)
    except OSError:
        return False
    disk.close()
    return disk.there
