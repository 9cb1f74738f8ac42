"""Files that are hashed while they are written."""

import hashlib
import os
from pathlib import Path

import pytest

from jobs.worker.streamed import ALONE_BYTES, HELD, SYNC_BYTES, Streamed

SIZES = [[], [0], [1, 2, 3], [ALONE_BYTES], [ALONE_BYTES - 1, 2, 0, 1], [SYNC_BYTES // 3] * 8]


@pytest.mark.parametrize("sync", [False, True])
@pytest.mark.parametrize("sizes", SIZES)
def test_the_hash_is_that_of_what_was_written(tmp_path: Path, sizes: list[int], sync: bool) -> None:
    pieces = [os.urandom(size) for size in sizes]
    with (tmp_path / "file").open("wb") as file:
        streamed = Streamed(file, sync=sync)
        for piece in pieces:
            streamed.add(piece)
        assert streamed.finished() == hashlib.sha256(b"".join(pieces)).hexdigest()
    assert streamed.size_bytes == sum(sizes)
    assert (tmp_path / "file").read_bytes() == b"".join(pieces)


def test_a_piece_may_change_once_enough_others_came(tmp_path: Path) -> None:
    whole, rooms = hashlib.sha256(), [bytearray(ALONE_BYTES) for _ in range(HELD + 1)]
    with (tmp_path / "file").open("wb") as file:
        streamed = Streamed(file, sync=False)
        for at in range(100):
            room = rooms[at % len(rooms)]
            room[:] = bytes([at]) * ALONE_BYTES
            whole.update(room)
            streamed.add(memoryview(room))
        assert streamed.finished() == whole.hexdigest()


def test_what_the_disk_said_of_a_part_is_told_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: int) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(os, "fsync", broken)
    with (tmp_path / "file").open("wb") as file:
        streamed = Streamed(file, sync=True)
        streamed.add(bytes(SYNC_BYTES))
        with pytest.raises(OSError, match="gone"):
            streamed.finished()


def test_nobody_is_at_the_file_once_it_was_given_up(tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file:
        streamed = Streamed(file, sync=True)
        for _ in range(3):
            streamed.add(bytes(SYNC_BYTES))
        streamed.end()
        streamed.end()
