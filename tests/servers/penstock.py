"""A real `penstock up` and a real receiver, as processes that can be really killed."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

from jobs import config
from jobs.wiring import Wiring
from safepush.client import Client
from safepush.connection import connection
from safepush.errors import Conflict
from safepush.version import read_bundle
from tests.ports.stores import with_tables

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def until(what: Any, seconds: float = 30.0) -> Any:
    """What `what()` answers once that is true.

    It is asked the more rarely the longer it takes: most questions are requests, and whoever is
    waited for has but two cores.
    """
    begin = time.monotonic()
    while (waited_s := time.monotonic() - begin) < seconds:
        answer = what()
        if answer:
            return answer
        time.sleep(min(0.02 + waited_s / 10, 0.25))
    raise AssertionError(f"not within {seconds} s")


class Penstock:
    """One data folder, one port, and the process that serves them now."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.data = folder / "data"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | {
            "PENSTOCK_DATA": str(self.data),
            "PENSTOCK_URL": self.url,
            # on busy cores several threads of one model spend their time waiting for each other
            "PENSTOCK_THREADS": "1",
            **environment,
        }
        self.log = (folder / "penstock.log").open("ab")
        self.process: subprocess.Popen[bytes] | None = None
        # one client: making its TLS context costs more than most requests
        self.http = httpx.Client(timeout=90)

    def start(self) -> None:
        """Start it and wait until it answers."""
        if not self.data.exists() and "PENSTOCK_DATABASE_URL" not in self.environment:
            self.data.mkdir(mode=0o700)
            # the demo and the commands of docs/ make theirs themselves
            with_tables(self.data / "penstock.db")
        self.process = subprocess.Popen(
            [BIN / "penstock", "up", "--data", str(self.data), "--port", str(self.port)],
            env=self.environment,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        until(self._answers)

    def _answers(self) -> bool:
        try:
            return self.http.get(f"{self.url}/health").is_success
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        """kill -9 of the process alone; what it started must end by itself."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def terminate(self) -> None:
        """Ask it to end, and insist."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                self.kill()

    def stop(self) -> None:
        """End it for good, however it is."""
        self.http.close()  # first: a server gives who is connected two more seconds to ask
        self.terminate()
        self.log.close()

    def call(self, method: str, path: str, **options: Any) -> Any:
        """One request with the embedded token; the JSON of its answer."""
        token = (self.data / "token").read_text().strip()
        headers = {"Authorization": f"Bearer {token}"} | options.pop("headers", {})
        response = self.http.request(method, f"{self.url}{path}", headers=headers, **options)
        assert response.is_success, f"{response.status_code}: {response.text}"
        return (
            response.json()
            if response.headers["content-type"] == "application/json"
            else response.text
        )

    def cli(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A `penstock` command, to its end."""
        return subprocess.run(
            [BIN / "penstock", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )

    def token(self, *buckets: str, owner: str = "local") -> str:
        """A new token, made as `penstock token create` does, whose start takes half a second."""
        made = Wiring(config.load(self.environment, data=self.data))
        try:
            return made.tokens.create("test", owner, buckets)
        finally:
            made.store.database.close()

    def push(self, model: str, name: str) -> None:
        """Push an example model, or a folder, by the client of `penstock push`: it need not start.

        The first version goes live.
        """
        with Client(connection(self.environment)) as client:
            version = client.push_files(read_bundle(ROOT / "examples" / "models" / model), name)
            version = client.wait_ready(name, version, limit_s=100)
            assert version.state == "ready", version
            client.set_alias(name, "staging", version.id)
            with suppress(Conflict):
                client.move_alias(name, "live", version.id, expected=None)

    def submit(self, model: str, rows: list[dict[str, Any]], **fields: Any) -> str:
        """Upload rows as a manifest and submit them; the batch's id."""
        text = "\n".join(json.dumps(row) for row in rows)
        file = self.call("POST", "/v1/files", files={"content": ("rows.jsonl", text.encode())})
        body = {"model": model, "input_file_id": file["id"], **fields}
        id: str = self.call("POST", "/v1/batches", json=body)["id"]
        return id

    def ended(self, id: str, seconds: float = 60.0) -> dict[str, Any]:
        """The batch once it has ended."""

        def ask() -> Any:
            batch = self.call("GET", f"/v1/batches/{id}")
            return batch if batch["status"] in ENDED else None

        batch: dict[str, Any] = until(ask, seconds)
        return batch

    def lines(self, id: str, name: str) -> list[dict[str, Any]]:
        """A result file's rows."""
        text = self.call("GET", f"/v1/batches/{id}/results/{name}")
        return [json.loads(line) for line in text.splitlines()]


ENDED = ("completed", "failed", "cancelled", "expired")


class Received:
    """The example receiver, and the events it verified; with a pause it answers slowly."""

    def __init__(
        self, folder: Path, secret: str, pause_s: float = 0.0, port: int | None = None
    ) -> None:
        self.file = folder / "received.jsonl"
        self.notes = folder / "arrived.txt"
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}/hook"
        environment = {
            "PENSTOCK_WEBHOOK_SECRET": secret,
            "RECEIVED": str(self.file),
            "PORT": str(self.port),
            "ARRIVED": str(self.notes),
            "PAUSE_S": str(pause_s),
        }
        example, slow = "examples/receiver/app.py", "tests/servers/slow_receiver.py"
        self.process = subprocess.Popen(
            [sys.executable, ROOT / (slow if pause_s else example)],
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(self._listens)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def events(self) -> list[dict[str, Any]]:
        """Every event so far, in the order it came."""
        if not self.file.exists():
            return []
        whole, _, _ = self.file.read_text().rpartition("\n")  # the last one may be half there
        return [json.loads(line) for line in whole.splitlines()]

    def arrivals(self) -> list[str]:
        """The id of every message that came, repeats included; noted by a slow one only."""
        return self.notes.read_text().split()

    def stop(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()
