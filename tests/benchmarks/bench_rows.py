"""Rows per second and memory of whole batches, submit to completed, beside the bare limits."""

import time
from pathlib import Path

import pytest

from tests.benchmarks.figures import manifest, middle, peaks, penstock, run, upload
from tests.benchmarks.report import say


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
