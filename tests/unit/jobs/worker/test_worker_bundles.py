"""A worker's folders of versions: whole or not there, under a budget, never from under a host."""

import hashlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from jobs.adapters.disk import DiskBlobs
from jobs.core import outputs
from jobs.core.errors import SetupFailed
from jobs.core.version import Version
from jobs.worker.bundles import Bundles


class Counted(DiskBlobs):
    """Blobs that remember what was read, and may stop at a key until told to go on."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.read: list[str] = []
        self.stop_at = ""
        self.stopped, self.go = threading.Event(), threading.Event()

    def open(self, key: str, **options: Any) -> Iterator[bytes]:
        self.read.append(key)
        if key == self.stop_at:
            self.stopped.set()
            assert self.go.wait(30)
        return super().open(key, **options)


@pytest.fixture
def blobs(tmp_path: Path) -> Counted:
    return Counted(tmp_path / "objects")


def stored(blobs: DiskBlobs, **files: bytes) -> Version:
    """A version of these files; its id is made up from their content."""
    entries = []
    for name, content in files.items():
        sha256 = hashlib.sha256(content).hexdigest()
        blobs.put(outputs.file_key(sha256), [content])
        path = name.replace("__", "/").replace("_", ".")
        executable = path.endswith(".sh")
        entries.append(
            {"path": path, "sha256": sha256, "size": len(content), "executable": executable}
        )
    id = hashlib.sha256(b"".join(files.values())).hexdigest()
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Version(id=id, model="me/x", created_at=at, files=tuple(entries))


def test_a_folder_is_whole_and_brought_once(blobs: Counted, tmp_path: Path) -> None:
    version = stored(blobs, cog_yaml=b"run: x", deep__down__run_sh=b"echo")
    bundles = Bundles(blobs, tmp_path / "bundles")

    folder = bundles.folder(version)
    again = bundles.folder(version)

    assert folder == again
    assert (folder / "cog.yaml").read_bytes() == b"run: x"
    assert os.access(folder / "deep/down/run.sh", os.X_OK)
    assert (folder / "cog.yaml").stat().st_mode & 0o111 == 0
    assert len(blobs.read) == 2


def test_the_least_recently_used_goes_first(blobs: Counted, tmp_path: Path) -> None:
    old, middle, new = (stored(blobs, a=bytes([n]) * 100) for n in range(3))
    bundles = Bundles(blobs, tmp_path / "bundles", budget_bytes=250)
    for at, version in enumerate((old, middle)):
        os.utime(bundles.folder(version), (at, at))
    os.utime(bundles.folder(old), (9, 9))

    bundles.folder(new)

    left = {path.name for path in (tmp_path / "bundles").iterdir()}
    assert left == {old.id, new.id}


def test_a_folder_in_use_stays_whatever_the_budget(blobs: Counted, tmp_path: Path) -> None:
    used, unused, new = (stored(blobs, a=bytes([n]) * 100) for n in range(3))
    bundles = Bundles(blobs, tmp_path / "bundles", budget_bytes=10)
    folder = bundles.folder(used)
    bundles.folder(unused, lambda: {used.id, unused.id})

    bundles.folder(new, lambda: {used.id, new.id})

    assert (folder / "a").read_bytes() == bytes([0]) * 100
    assert not (tmp_path / "bundles" / unused.id).exists()


def test_a_folder_that_is_being_brought_stays(blobs: Counted, tmp_path: Path) -> None:
    slow, other = stored(blobs, a=b"1", b=b"2"), stored(blobs, a=b"3")
    blobs.stop_at = outputs.file_key(slow.files[1]["sha256"])
    bundles = Bundles(blobs, tmp_path / "bundles", budget_bytes=1)
    found: list[Path] = []
    thread = threading.Thread(target=lambda: found.append(bundles.folder(slow)))
    thread.start()
    assert blobs.stopped.wait(30)

    bundles.folder(other)
    blobs.go.set()
    thread.join(30)

    assert sorted(path.name for path in found[0].iterdir()) == ["a", "b"]


def test_while_one_is_brought_another_can_be_used(blobs: Counted, tmp_path: Path) -> None:
    slow, here = stored(blobs, a=b"1"), stored(blobs, a=b"2")
    bundles = Bundles(blobs, tmp_path / "bundles")
    bundles.folder(here)
    blobs.stop_at = outputs.file_key(slow.files[0]["sha256"])
    thread = threading.Thread(target=lambda: bundles.folder(slow))
    thread.start()
    assert blobs.stopped.wait(30)

    bundles.folder(here)  # would wait for ever if there were one lock for all

    blobs.go.set()
    thread.join(30)


KILLED = """
import os, shutil, signal, sys
from pathlib import Path
from tests.unit.jobs.worker.test_worker_bundles import Counted, Bundles, stored

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

blobs = Counted(Path(sys.argv[1]) / "objects")
version = stored(blobs, a=b"1" * 1000, b=b"2" * 1000)
bundles = Bundles(blobs, Path(sys.argv[1]) / "bundles", budget_bytes=2500)
if sys.argv[2] == "bringing":
    def halves():
        yield b"2" * 500
        die()
    plain = blobs.open
    blobs.open = lambda key: plain(key) if not blobs.read else halves()
    bundles.folder(version)
bundles.folder(version)
shutil.rmtree = lambda path, **_: die() if Path(path).exists() else None
bundles.folder(stored(blobs, a=b"3" * 1000))
"""


def killed(tmp_path: Path, when: str) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, tmp_path, when], check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL


def test_killed_while_bringing_only_the_rest_is_brought(blobs: Counted, tmp_path: Path) -> None:
    killed(tmp_path, "bringing")
    version = stored(blobs, a=b"1" * 1000, b=b"2" * 1000)
    assert not (tmp_path / "bundles" / version.id).exists()

    folder = Bundles(blobs, tmp_path / "bundles").folder(version)

    assert (folder / "b").read_bytes() == b"2" * 1000
    assert blobs.read == [outputs.file_key(version.files[1]["sha256"])]


def test_killed_while_removing_nothing_half_is_left(blobs: Counted, tmp_path: Path) -> None:
    killed(tmp_path, "removing")
    version = stored(blobs, a=b"1" * 1000, b=b"2" * 1000)

    bundles = Bundles(blobs, tmp_path / "bundles")

    assert list((tmp_path / "bundles").iterdir()) == []
    assert sorted(path.name for path in bundles.folder(version).iterdir()) == ["a", "b"]


def test_a_damaged_file_is_never_given(blobs: Counted, tmp_path: Path) -> None:
    version = stored(blobs, a=b"1")
    blobs.put(outputs.file_key(version.files[0]["sha256"]), [b"2"])
    bundles = Bundles(blobs, tmp_path / "bundles")

    with pytest.raises(SetupFailed, match="damaged"):
        bundles.folder(version)

    assert not (tmp_path / "bundles" / version.id).exists()


def test_a_lost_file_is_told(blobs: Counted, tmp_path: Path) -> None:
    version = stored(blobs, a=b"1")
    blobs.delete([outputs.file_key(version.files[0]["sha256"])])

    with pytest.raises(SetupFailed, match="lost; push it again"):
        Bundles(blobs, tmp_path / "bundles").folder(version)


def test_a_disk_that_does_not_take_it_is_told(blobs: Counted, tmp_path: Path) -> None:
    version = stored(blobs, a=b"1", a__b=b"2")

    with pytest.raises(SetupFailed, match="cannot be written on the worker: "):
        Bundles(blobs, tmp_path / "bundles").folder(version)
