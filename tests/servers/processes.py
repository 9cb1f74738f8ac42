"""Penstock as compose.yaml runs it: the same commands, each a process that can be really killed."""

import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import yaml
from cryptography.fernet import Fernet

from tests.servers import brief as short
from tests.servers.penstock import BIN, ROOT, Penstock, free_port, until

COMPOSE = ROOT / "infra" / "compose.yaml"


def command(service: str, *, brief: bool = False) -> list[str]:
    """What compose.yaml starts a service with, in words; `brief`: its leases are short."""
    services: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())["services"]
    program, *words = shlex.split(services[service]["command"])
    return [*([sys.executable, "-m", short.__name__] if brief else [str(BIN / program)]), *words]


class Process:
    """One service as a process of this machine."""

    def __init__(
        self,
        service: str,
        log: Path,
        environment: dict[str, str],
        *more: str,
        brief: bool = False,
    ) -> None:
        self.name = service
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [*command(service, brief=brief), *more],
                env=environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    def said(self) -> str:
        """All that it printed."""
        return self.log.read_text(errors="replace")

    def kill(self) -> None:
        """kill -9 of the process alone."""
        self.process.kill()
        self.process.wait()

    def terminate(self) -> None:
        """Ask it to end, as an orchestrator does."""
        self.process.send_signal(signal.SIGTERM)

    def ended(self) -> int:
        """Its exit status, once it has ended."""
        return self.process.wait(60)

    def stop(self) -> None:
        """End it, however it is."""
        if self.process.poll() is None:
            self.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()


class Api(Penstock):
    """`penstock api`: the same requests as to `penstock up`, with a token made at the database."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        super().__init__(folder, **environment)
        self.api: Process | None = None

    def start(self) -> None:
        """Start it and wait until it answers; make a token the first time."""
        log = Path(self.log.name)
        self.api = Process("api", log, self.environment, "--port", str(self.port))
        until(self._answers, 60)
        self.process = self.api.process
        token = self.data / "token"
        if not token.exists():
            self.environment["PENSTOCK_TOKEN"] = self.token()
            token.write_text(self.environment["PENSTOCK_TOKEN"])

    def ready(self) -> tuple[int, dict[str, Any]]:
        """What /ready says."""
        answer: httpx.Response = self.http.get(f"{self.url}/ready")
        return answer.status_code, answer.json()


class Box:
    """One machine: every process shares a data folder, a PostgreSQL and a broker."""

    def __init__(self, folder: Path, database: str, broker: str, **environment: str) -> None:
        self.folder = folder
        #: of the broker, where a test may stop it
        self.broker_pid = 0
        self.processes: list[Process] = []
        port = free_port()
        settings = {
            "PENSTOCK_DATA": str(folder / "data"),
            "PENSTOCK_DATABASE_URL": database,
            "PENSTOCK_BROKER_URL": broker,
            "PENSTOCK_SECRET_KEYS": Fernet.generate_key().decode(),
            "PENSTOCK_ALLOW_NETWORKS": "127.0.0.0/8",
            "PENSTOCK_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "PENSTOCK_THREADS": "1",
        }
        self.api = Api(folder, settings | environment)
        self.api.port, self.api.url = port, settings["PENSTOCK_PUBLIC_URL"]
        self.api.environment["PENSTOCK_URL"] = self.api.url

    @property
    def environment(self) -> dict[str, str]:
        return self.api.environment

    def start(self, service: str, *more: str, brief: bool = False, **environment: str) -> Process:
        """One more process of a service; `brief`: its leases are short."""
        log = self.folder / f"{service}-{len(self.processes)}.log"
        made = Process(service, log, self.environment | environment, *more, brief=brief)
        self.processes.append(made)
        return made

    def stop(self) -> None:
        """End every process."""
        for one in self.processes:
            if one.process.poll() is None:
                one.terminate()
        for one in self.processes:
            one.stop()
        self.api.stop()


def environment_of(pid: int) -> dict[str, str]:
    """The environment that a process was started with."""
    text = Path(f"/proc/{pid}/environ").read_bytes().decode()
    return dict(line.split("=", 1) for line in text.split("\0") if "=" in line)


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(word) for word in text.split()]


def running(pid: int) -> bool:
    """Whether there is such a process, and it is not merely waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def signal_to(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process that a test did not start itself."""
    os.kill(pid, number)
