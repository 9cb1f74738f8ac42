"""Processes that a model host started or left behind: found by a mark they inherit, and killed."""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

#: in the environment of a host and of all it starts: the host's own folder
MARK = "PENSTOCK_HOST"
ROUNDS = 5


def identity(pid: int) -> dict[str, Any]:
    """A process by its id and start time, so that a reused id is not mistaken for it."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return {"pid": pid, "start": fields[19]}
    return {"pid": pid, "start": None}


def remember(pid: int, record: Path) -> None:
    """Keep who it is, for whoever starts here after us."""
    record.write_text(json.dumps(identity(pid)))


def kill_remembered(record: Path) -> bool:
    """Kill the process group of a record, if it is still the process it was."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        told = json.loads(record.read_text())
        if told["start"] is not None and identity(told["pid"]) == told:
            os.killpg(told["pid"], signal.SIGKILL)
            return True
    return False


def kill_marked(folder: Path) -> int:
    """Kill whatever carries the mark of this host, or of any host below it; how many there were.

    A process that made a session of its own has left the host's process group, not its mark.
    """
    killed: set[int] = set()
    for _ in range(ROUNDS):  # one that forks while we look is found in the next round
        found = set(_marked(folder)) - {os.getpid()}
        for pid in found:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        if not found - killed:
            break
        killed |= found
    return len(killed)


def _marked(folder: Path) -> Iterator[int]:
    mark = f"{MARK}={folder}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            environment = (process / "environ").read_bytes()
            # of a thousand processes few have it anywhere, and each has a hundred variables
            if mark in environment and _has(environment, mark):
                yield int(process.name)


def _has(environment: bytes, mark: bytes) -> bool:
    entries = environment.split(b"\0")
    return any(entry == mark or entry.startswith(mark + b"/") for entry in entries)
