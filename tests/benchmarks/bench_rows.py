"""Rows per second and memory of whole batches, submit to completed, beside the bare limits."""

import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from tests.benchmarks.figures import (
    copy_loop,
    manifest,
    middle,
    peaks,
    penstock,
    result_loop,
    run,
    say,
    upload,
)
from tests.servers.process import Server

ROWS = 200_000
TASKS = 3_000


def test_rows_beside_a_plain_loop(tmp_path: Path) -> None:
    """All durable, validation and finalizing included, in one run with the plain loop."""
    file = manifest(tmp_path / "rows.jsonl", ROWS)
    ours, copied, written = [], [], []
    with penstock(tmp_path) as server:
        id = upload(server, file)
        for _ in range(5):
            ours.append(run(server, id)[0])
            copied.append(copy_loop(file, tmp_path / "copy.jsonl"))
            written.append(result_loop(file, tmp_path / "results.jsonl"))
    name = f"no-op model, {ROWS:,} rows, {ROWS / middle(ours):,.0f} rows/s"
    for loop, times in (("copies the rows", copied), ("writes the same results", written)):
        figure = f"{middle(times) / middle(ours):.2f} (best {min(times) / min(ours):.2f})"
        say(f"{name} beside a plain loop that {loop}", figure, "1.0")


def test_rows_beside_a_celery_task_for_each(tmp_path: Path, redis_url: str) -> None:
    """The way it is done without a batch engine: one message, one task, one row."""
    file = manifest(tmp_path / "rows.jsonl", ROWS)
    each = celery_tasks_per_second(tmp_path, redis_url)
    with penstock(tmp_path) as server:
        id = upload(server, file)
        ours = ROWS / middle([run(server, id)[0] for _ in range(3)])
    figure = f"{ours:,.0f} rows/s, one Celery task for each {each:,.0f} rows/s, {ours / each:.0f} x"
    say("no-op model beside Celery on Redis", figure, "50 x")


def celery_tasks_per_second(folder: Path, url: str) -> float:
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
        told = subprocess.run(
            [sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, timeout=300
        )
        assert told.returncode == 0, told.stderr
        return float(told.stdout)
    finally:
        worker.stop()


@pytest.mark.timeout(900)
def test_a_million_rows_in_flat_memory(tmp_path: Path) -> None:
    """Peak memory of every process of ours; and a row costs the same in a small batch."""
    with penstock(tmp_path) as server:
        small = upload(server, manifest(tmp_path / "small.jsonl", 10_000))
        large = upload(server, manifest(tmp_path / "large.jsonl", 1_000_000))
        run(server, small)
        few = middle([run(server, small)[0] for _ in range(5)]) / 10_000
        seconds, _ = run(server, large)
        assert server.process is not None
        found = peaks(server.process.pid)
    most = max(found.values())
    say("1,000,000 rows: peak memory", f"{most} MiB of {len(found)} process(es)", "250 MiB")
    growth = seconds / 1_000_000 / few
    figure = f"{few * 1e6:.2f} us at 10,000, {seconds:.2f} us at 1,000,000, grows {growth:.2f} x"
    say("time per row", figure, "1.2 x")


def test_from_up_to_the_first_answer(tmp_path: Path) -> None:
    """A warm install, a model pushed before: from `penstock up` to a prediction's output."""
    times = []
    with penstock(tmp_path) as server:
        for _ in range(5):
            server.terminate()
            began = time.perf_counter()
            server.start()
            body = {"version": "bench/noop", "input": {"text": "x"}}
            told = server.call("POST", "/v1/predictions", json=body, headers={"Prefer": "wait"})
            times.append(time.perf_counter() - began)
            assert told["output"] == "x"
    say("penstock up to the first answer", f"{middle(times):.2f} s", "4 s")
