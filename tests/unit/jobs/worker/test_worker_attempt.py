"""What an attempt keeps on this machine, and that it is gone afterwards."""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.worker.attempt import BUFFER_BYTES, Attempt


@pytest.fixture
def small_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """TMPDIR on a disk of 256 KiB."""
    options = ["-t", "tmpfs", "-o", "size=256k", "tmpfs", str(tmp_path)]
    if subprocess.run(["mount", *options], capture_output=True, check=False).returncode:
        pytest.skip("no disk can be filled: this machine lets us mount none")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield tmp_path
    subprocess.run(["umount", "-l", str(tmp_path)], check=True)


def test_what_a_full_disk_does_not_take_is_not_left_there(small_disk: Path) -> None:
    attempt = Attempt.begin()
    attempt.add(b"x" * (BUFFER_BYTES // 2), 1)
    attempt.end()
    assert list(small_disk.iterdir()) == []
