"""Processes as the kernel tells of them: a tree to be killed, hosts that should be gone."""

import contextlib
import os
import signal
from pathlib import Path


def tree(root: int) -> list[int]:
    """A process and all below it, parents first."""
    parents = {pid: _parent(pid) for pid in pids()}
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def hosts(data: Path) -> list[int]:
    """The model hosts of a data folder, and whatever they started, that live now."""
    mark = f"PENSTOCK_HOST={data}/".encode()
    return [pid for pid in pids() if mark in read(pid, "environ") and state(pid) != "Z"]


def name(pid: int) -> str:
    """What the kernel calls a process."""
    return read(pid, "comm").decode().strip()


def signal_all(pids: list[int], number: signal.Signals) -> None:
    """Send a signal to each that is still there."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").glob("[0-9]*")]


def read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:  # it has ended
        return b""


def _fields(pid: int) -> list[str]:
    return read(pid, "stat").decode().rpartition(")")[2].split()


def _parent(pid: int) -> int:
    fields = _fields(pid)
    return int(fields[1]) if fields else 0


def state(pid: int) -> str:
    fields = _fields(pid)
    return fields[0] if fields else "Z"
