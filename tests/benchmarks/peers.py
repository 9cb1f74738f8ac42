"""The same no-op rows through what people use instead; each answers with rows per second.

Ray and Cog stay out of our environment: each is looked for in a virtual environment of its own,
`.peers/ray` (`pip install "ray[data]"`) and `.peers/cog` (`pip install cog httpx`), or under the
folder that PENSTOCK_PEERS names.
"""

import json
import os
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.benchmarks.figures import NOOP
from tests.servers.penstock import ROOT, free_port, until
from tests.servers.process import Server

TASKS, CALLS = 3_000, 3_000
PEERS = Path(os.environ.get("PENSTOCK_PEERS", ROOT / ".peers"))

#: JSON Lines to JSON Lines; what starts Ray, and a first run that warms it, counts in the second
#: figure only: rows per second of the median run, and from nothing to the end of the first one
RAY = """
import glob, shutil, sys, time
began = time.perf_counter()
import ray

ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
ray.data.DataContext.get_current().enable_progress_bars = False

def answer(batch):
    batch["output"] = [given["text"] for given in batch["input"]]
    return batch

def run(source, target):
    began = time.perf_counter()
    rows = ray.data.read_json(source, lines=True)
    rows.map_batches(answer, batch_size=4096).write_json(target)
    return time.perf_counter() - began

def removed(target):
    written = sum(sum(1 for _ in open(file)) for file in glob.glob(f"{target}/*"))
    assert written == rows, written
    shutil.rmtree(target)

source, target, rows = sys.argv[1], sys.argv[2], int(sys.argv[3])
run(source, target)
cold_s = time.perf_counter() - began
times = []
for n in range(3):
    removed(target)
    times.append(run(source, target))
removed(target)
print(rows / sorted(times)[1], rows / cold_s)
"""

#: one connection, one call after the other: the server takes one at a time and refuses more, and
#: now and then the next one too, while it is not yet over the last
CALL = """
import sys, time
import httpx

url, calls = sys.argv[1], int(sys.argv[2])
with httpx.Client(timeout=60) as client:
    for n in range(calls + 100):
        if n == 100:
            began = time.perf_counter()
        told = {}
        while "output" not in told:
            answer = client.post(url, json={"input": {"text": f"some text number {n}"}})
            assert answer.status_code in (200, 409), answer.text
            told = answer.json()
        assert told["output"] == f"some text number {n}", told
print(calls / (time.perf_counter() - began))
"""


class Absent(Exception):
    """The peer is not installed; the text says how it would be."""


def interpreter(peer: str, install: str) -> Path:
    """The peer's own Python."""
    python = PEERS / peer / "bin" / "python"
    if not python.exists():
        made = f"python -m venv {PEERS / peer} && {python} -m pip install {install}"
        raise Absent(f"{peer} is not in {PEERS / peer}; to have it: {made}")
    return python


def ray_data(folder: Path, file: Path, rows: int) -> tuple[float, float]:
    """Ray Data's `map_batches`: (median of three runs after a first one, that one from zero)."""
    python = interpreter("ray", "'ray[data]'")
    with tempfile.TemporaryDirectory(dir=folder) as out:
        warm, cold = told([python, "-c", RAY, file, f"{out}/out", rows])
    return warm, cold


def cog_server(folder: Path) -> float:
    """Cog's own HTTP server with the same model, called for each row."""
    with cog_serving(folder, NOOP) as url:
        return told([interpreter("cog", "cog httpx"), "-c", CALL, url, CALLS])[0]


@contextmanager
def cog_serving(
    folder: Path, model: Path, slots: int = 1, env: dict[str, str] | None = None
) -> Iterator[str]:
    """Cog's own HTTP server, once its model is ready; where it takes predictions."""
    python = interpreter("cog", "cog httpx")
    port = free_port()
    environment = {
        "COG_PREDICT_TYPE_STUB": "predict.py:Predictor",
        "COG_MAX_CONCURRENCY": str(slots),
        "PORT": str(port),
        # it starts whatever is called `python`
        "PATH": f"{python.parent}:{os.environ['PATH']}",
        "PYTHONPATH": "",
        **(env or {}),
    }
    command = [str(python), "-m", "cog.server.http", "--host", "127.0.0.1"]
    server = Server(command, folder / "cog.log", env=environment, cwd=model)
    try:
        until_ready(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}/predictions"
    finally:
        server.stop()


def until_ready(url: str) -> None:
    """Wait for the health check of Cog's interface."""

    def ready() -> bool:
        try:
            return bool(httpx.get(f"{url}/health-check").json()["status"] == "READY")
        except httpx.TransportError:
            return False

    until(ready, 60)


def calls(
    url: str, headers: dict[str, str], body: dict[str, Any], clients: int, seconds: float
) -> tuple[float, float]:
    """(median milliseconds of one client, predictions/s of several): see calls.py."""
    script = Path(__file__).parent / "calls.py"
    text, wanted = json.dumps(body), body["input"]["text"]
    words = [url, json.dumps(headers), text, wanted, clients, seconds]
    alone_ms, rate = told([sys.executable, script, *words])
    return alone_ms, rate


def celery_tasks(folder: Path, url: str) -> float:
    """Tasks that load a row, answer it and are acknowledged, from the first sent to the last."""
    (folder / "each.py").write_text(
        textwrap.dedent(f"""
        import json
        from celery import Celery
        from redis import Redis

        app = Celery("each", broker={url!r})
        app.conf.update(task_ignore_result=True, task_acks_late=True)
        done = Redis.from_url({url!r})

        @app.task
        def one(row):
            json.dumps(json.loads(row))
            done.incr("each-done")
        """)
    )
    command = [sys.executable, "-m", "celery", "-A", "each", "worker", "-c", "2", "-l", "ERROR"]
    worker = Server(command, folder / "celery.log", env={"PYTHONPATH": str(folder)})
    try:
        script = (
            "import each, time\n"
            "each.done.set('each-done', 0)\n"
            "each.one.delay('{}')\n"
            "while int(each.done.get('each-done')) < 1: time.sleep(0.01)\n"
            "began = time.perf_counter()\n"
            f'for n in range({TASKS}): each.one.delay(\'{{"text": "some text"}}\')\n'
            f"while int(each.done.get('each-done')) < {TASKS + 1}: time.sleep(0.01)\n"
            f"print({TASKS} / (time.perf_counter() - began))\n"
        )
        return told([sys.executable, "-c", script], folder)[0]
    finally:
        worker.stop()


def told(
    command: list[object], folder: Path | None = None, env: dict[str, str] | None = None
) -> list[float]:
    """The numbers in the last line that a script prints."""
    done = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env=os.environ | (env or {}),
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [float(word) for word in done.stdout.splitlines()[-1].split()]
