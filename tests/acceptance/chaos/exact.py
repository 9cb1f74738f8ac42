"""A receiver that remembers, as a process, and what it noted."""

import os
import socket
import subprocess
import sys
from pathlib import Path

from tests.servers.penstock import ROOT, free_port, until


class Exact:
    """Each message that came, was handled, was answered."""

    def __init__(self, folder: Path, secret: str, pause_s: float) -> None:
        self._folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/hook"
        own = {
            "PENSTOCK_WEBHOOK_SECRET": secret,
            "FOLDER": str(folder),
            "PORT": str(self.port),
            "PAUSE_S": str(pause_s),
            "PYTHONPATH": str(ROOT),
        }
        with (folder / "receiver.log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, ROOT / "tests" / "servers" / "exact_receiver.py"],
                env=os.environ | own,
                stdout=log,
                stderr=log,
            )
        until(self._listens)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def came(self) -> list[tuple[str, str]]:
        """(id, digest of the body) of every message, in the order they came."""
        return [(id, digest) for id, digest in self._lines("came")]

    def handled(self) -> list[tuple[str, str, int]]:
        """(id, subject, sequence) of every call of the handler."""
        return [(id, subject, int(number)) for id, subject, number in self._lines("handled")]

    def taken(self) -> dict[str, float]:
        """Ids that were answered with 2xx, and when the last time."""
        lines = self._lines("answered")
        return {id: float(at) for id, status, at in lines if 200 <= int(status) < 300}

    def _lines(self, name: str) -> list[list[str]]:
        file = self._folder / name
        if not file.exists():
            return []
        return [line.split() for line in file.read_text().splitlines()]

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
