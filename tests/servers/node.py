"""Packages from npm in a folder of their own, for programs that run under node."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.servers.process import Unavailable


class Node:
    """A folder with packages, installed without running anything of theirs."""

    def __init__(self, folder: Path, **packages: str) -> None:
        node, npm = shutil.which("node"), shutil.which("npm")
        if node is None or npm is None:
            raise Unavailable("needs node and npm on PATH")
        self.path, self._folder = node, folder
        (folder / "package.json").write_text('{"private": true}')
        wanted = [f"{name}@{version}" for name, version in packages.items()]
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries", "1"]
        done = subprocess.run(
            [npm, "install", *quiet, *wanted],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if done.returncode:
            raise Unavailable(f"npm cannot install {' '.join(wanted)}: no registry?")

    def run(self, program: str, given: Any) -> Any:
        """What a program prints as JSON; it reads JSON from stdin as `given`."""
        whole = f"const given = JSON.parse(require('fs').readFileSync(0, 'utf8'));\n{program}"
        done = subprocess.run(
            [self.path, "-e", whole],
            cwd=self._folder,
            input=json.dumps(given),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)
