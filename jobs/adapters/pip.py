"""pip, in a process of its own: what it would install, and having it install that."""

import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jobs.adapters import strays
from jobs.adapters.requirements import HASH, MODEL, Lock
from jobs.core.errors import PackagesAway, SetupFailed

#: building a package from its source may take long
LIMIT_S = 3600.0
#: of ours, besides pip's own settings; a package that is built runs code of strangers
ALLOWED = (
    "PATH", "HOME", "LANG", "LC_ALL", "http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY",
    "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE",
)  # fmt: skip
#: by these words pip says that it is the network, and not the model
_AWAY = re.compile(
    r"NewConnectionError|ConnectTimeout|ReadTimeout|ConnectionReset|ProxyError|HTTP error 5\d\d"
    r"|name resolution|Connection (?:refused|aborted)"
)
_QUIET = ("--no-input", "--disable-pip-version-check", "--no-color", "--progress-bar=off")


@dataclass(frozen=True)
class Pip:
    """pip for the interpreter of one virtual environment, and for the model in one folder."""

    python: Path
    folder: Path
    #: where it may leave files; what it starts carries this mark
    scratch: Path

    def report(self, wanted: Iterable[str], pins: Iterable[str] = ()) -> tuple[Any, str]:
        """(what it would install, by its own report, what it printed); `pins` stay as they are.

        Raises:
            SetupFailed: there is no such set of packages.
            PackagesAway: the index does not answer.
        """
        with tempfile.TemporaryDirectory(dir=self.scratch) as aside:
            report = Path(aside, "report.json")
            asked = ["install", "--dry-run", "--report", str(report)]
            asked += ["-r", _written(aside, "wanted.txt", wanted)]
            # a constraint is a version alone
            named = [pin.partition(" ")[0] for pin in pins if " @ " not in pin]
            asked += ["-c", _written(aside, "pins.txt", named)] if named else []
            said = self._run(asked)
            return json.loads(report.read_text()), said

    def install(self, lock: Lock) -> str:
        """Install exactly what the lock says; what was printed. Raises SetupFailed."""
        hashed = [pin for pin in lock.pins if HASH in pin]
        rest = [pin for pin in lock.pins if HASH not in pin]
        said = ""
        with tempfile.TemporaryDirectory(dir=self.scratch) as aside:
            for name, pins, options in (
                ("hashed.txt", hashed, ["--require-hashes"]),
                ("rest.txt", rest, []),
            ):
                if pins:
                    file = _written(aside, name, [*lock.options, *pins])
                    said += self._run(["install", "--no-deps", *options, "-r", file])
        return said

    def _run(self, arguments: list[str]) -> str:
        if importlib.util.find_spec("pip") is None:
            raise SetupFailed("the worker's environment has no pip to install packages with")
        command = [sys.executable, "-m", "pip", "--python", str(self.python), *arguments, *_QUIET]
        with subprocess.Popen(  # noqa: S603 - our own interpreter's pip
            command,
            cwd=self.folder,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process:
            try:
                said = process.communicate(timeout=LIMIT_S)[0].decode(errors="replace")
            except BaseException as error:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                if isinstance(error, subprocess.TimeoutExpired):
                    raise SetupFailed(f"its packages took more than {LIMIT_S:.0f} s") from error
                raise
        if process.returncode and _AWAY.search(said):
            raise PackagesAway(f"the package index does not answer: {_reason(said)}")
        if process.returncode:
            raise SetupFailed(f"its packages cannot be installed: {_reason(said)}", said)
        return said

    def _environment(self) -> dict[str, str]:
        named = {name: os.environ[name] for name in ALLOWED if name in os.environ}
        pips = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
        ours = {MODEL: str(self.folder), strays.MARK: str(self.scratch), "PYTHONUNBUFFERED": "1"}
        return named | pips | ours


def _written(folder: str, name: str, lines: Iterable[str]) -> str:
    path = Path(folder, name)
    path.write_text("".join(f"{line}\n" for line in lines))
    return str(path)


def _reason(said: str) -> str:
    """The line in which pip says what was wrong."""
    lines = said.strip().splitlines()
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    return (errors or lines or ["pip gave no reason"])[-1][:500]
