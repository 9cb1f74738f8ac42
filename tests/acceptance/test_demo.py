"""The demo as a newcomer runs it: real pictures, a verified webhook, a judge that agrees."""

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.penstock import ROOT


def demo(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / "examples" / "demo" / "run.py", folder]
    # as tests/servers/penstock.py has it: on busy cores threads wait for each other
    environment = os.environ | {"PENSTOCK_THREADS": "1"}
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=280
    )


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_demo_draws_what_was_asked_for(tmp_path: Path) -> None:
    (tmp_path / "of-an-earlier-run").mkdir()

    done = demo(tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    for number in range(1, 7):
        assert f"{number}/6  " in done.stdout
    assert "What next" in done.stdout
    assert len(list((tmp_path / "pictures").glob("*.png"))) == 100
    assert (tmp_path / "gallery.html").read_text().count("<figure") == 100
    assert (tmp_path / "gallery.png").stat().st_size > 10_000
    events = [json.loads(line) for line in (tmp_path / "received.jsonl").read_text().splitlines()]
    assert events[-1]["type"] == "batch.completed"
    assert not (tmp_path / "of-an-earlier-run").exists()


@pytest.mark.parametrize(
    ("lock", "reason"),
    [(".lock", "another demo is running in"), ("data/lock", "a penstock serves")],
)
def test_a_demo_removes_nothing_that_is_in_use(tmp_path: Path, lock: str, reason: str) -> None:
    (tmp_path / "data").mkdir()
    with (tmp_path / lock).open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)

        done = demo(tmp_path)

    assert done.returncode == 1
    assert done.stderr.startswith("demo: ")
    assert reason in done.stderr
    assert (tmp_path / "data").exists()
