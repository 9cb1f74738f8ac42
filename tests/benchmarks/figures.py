"""What benchmarks measure and how they say it: always beside the bare limit of the same run."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.servers.penstock import Penstock, until
from tests.servers.tree import tree

NOOP = Path(__file__).parent / "models" / "noop"
MODEL = "bench/noop"


@contextmanager
def penstock(folder: Path, **environment: str) -> Iterator[Penstock]:
    """A server with the no-op model pushed and its host warm."""
    server = Penstock(folder, **environment)
    server.start()
    try:
        done = server.cli("push", str(NOOP), MODEL)
        assert done.returncode == 0, done.stderr
        yield server
    finally:
        server.stop()


def manifest(path: Path, rows: int) -> Path:
    """A JSON Lines file with so many rows of some 60 bytes."""
    with path.open("w") as file:
        for number in range(rows):
            row = {"custom_id": f"row-{number}", "input": {"text": f"some text number {number}"}}
            file.write(json.dumps(row) + "\n")
    return path


def upload(server: Penstock, path: Path) -> str:
    """Keep a manifest on the server; its id."""
    with path.open("rb") as file:
        told = server.call("POST", "/v1/files", files={"content": (path.name, file)})
    id: str = told["id"]
    return id


def run(
    server: Penstock, file_id: str, model: str = MODEL, *, quiet_s: float = 0.0
) -> tuple[float, dict[str, Any]]:
    """(seconds from submit to completed, the batch).

    `quiet_s`: for so long nobody asks how it is, which takes a millisecond each time.
    """
    began = time.perf_counter()
    body = {"model": model, "input_file_id": file_id}
    id = server.call("POST", "/v1/batches", json=body)["id"]
    time.sleep(quiet_s)
    while True:
        batch: dict[str, Any] = server.call("GET", f"/v1/batches/{id}")
        if batch["completed_at"] or batch["failed_at"]:
            break
        time.sleep(0.02)  # the shortest run takes half a second
    seconds = time.perf_counter() - began
    counts = batch["request_counts"]
    assert counts["completed"] == counts["total"] > 0, counts
    return seconds, batch


def remove(server: Penstock, batch_id: str) -> None:
    """Have a batch removed, and wait until its files are gone."""
    server.call("DELETE", f"/v1/batches/{batch_id}")
    until(lambda: not (server.data / "objects" / "batches" / batch_id).exists(), 60)


def copy_loop(source: Path, target: Path) -> float:
    """Seconds of one plain loop that reads every row with json and writes it with json."""
    began = time.perf_counter()
    with source.open() as rows, target.open("w") as output:
        for row in rows:
            output.write(json.dumps(json.loads(row)) + "\n")
    return time.perf_counter() - began


def result_loop(source: Path, target: Path) -> float:
    """Seconds of one plain loop that writes, for the same rows, the result rows that we write."""
    began = time.perf_counter()
    with source.open() as rows, target.open("w") as output:
        for number, text in enumerate(rows):
            row, id = json.loads(text), f"batch_{number}"
            body = {"status": "succeeded", "version": "0" * 64, "output": row["input"]["text"]}
            body["metrics"] = {"predict_time": 0.0}
            response = {"status_code": 200, "request_id": id, "body": body}
            told = {"id": id, "custom_id": row["custom_id"], "response": response, "error": None}
            output.write(json.dumps(told) + "\n")
    return time.perf_counter() - began


def timed(what: Callable[[], object]) -> float:
    """How many seconds it takes."""
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


def middle(values: list[float]) -> float:
    """The median."""
    return sorted(values)[len(values) // 2]


def peaks(root: int) -> dict[str, int]:
    """Peak resident MiB of a process and of all below it, model hosts apart, by command."""
    found = {}
    for pid in tree(root):
        command, mib = peak(pid)
        if mib and "jobs.host" not in command:
            found[f"{pid} {command[:40]}"] = mib
    return found


def peak(pid: int) -> tuple[str, int]:
    """(command, peak resident MiB) of a process; 0 if it is gone."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return "", 0
    line = next((line for line in status.splitlines() if line.startswith("VmHWM")), "VmHWM 0")
    return command, int(line.split()[1]) // 1024
