"""Files of many rows come at once, none stay behind, and a bad one costs its row."""

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from jobs.core.errors import FetchFailed
from jobs.core.prediction import Failed
from jobs.worker.inputs import Brought, bring_all


def rows(count: int) -> list[dict[str, Any]]:
    return [{"image": f"{number}", "text": "t"} for number in range(count)]


def fetch(uri: str, into: Path) -> Path:
    if uri in ("3", "4"):
        raise FetchFailed("there is no such object")
    into.parent.mkdir(exist_ok=True)
    into.write_bytes(b"x" * 10)
    return into.rename(into.with_suffix(".png"))


def never() -> bool:
    return False


def names(brought: list[Brought]) -> list[str | None]:
    return [None if isinstance(one, Failed) else number(Path(one["image"])) for one in brought]


def files(folder: Path) -> list[Path]:
    """All that are somewhere in it."""
    return [path for path in folder.rglob("*") if path.is_file()]


def number(file: Path) -> str:
    assert file.exists()
    return file.name.partition("-")[0]


def test_files_in_the_order_of_their_rows(tmp_path: Path) -> None:
    brought = bring_all(rows(8), ("image",), fetch, tmp_path, never)
    assert names(brought) == ["0", "1", "2", None, None, "5", "6", "7"]
    assert brought[4] == Failed("input_unavailable", "input.image: there is no such object")
    assert sorted(map(number, files(tmp_path))) == ["0", "1", "2", "5", "6", "7"]
    assert all(file.suffix == ".png" for file in files(tmp_path))


def test_of_a_row_that_lacks_a_file_the_others_do_not_stay(tmp_path: Path) -> None:
    both = [{"image": "1", "mask": "3"}, {"image": "1", "mask": "2"}]
    brought = bring_all(both, ("image", "mask"), fetch, tmp_path, never)
    assert isinstance(brought[0], Failed)
    assert sorted(file.name for file in files(tmp_path)) == ["1-image.png", "1-mask.png"]


def test_a_group_ends_early_rather_than_fill_the_disk(tmp_path: Path) -> None:
    brought = bring_all(rows(100), ("image",), fetch, tmp_path, never, budget_bytes=15)
    assert names(brought) == ["0", "1"]
    assert len(files(tmp_path)) == 2
    (tmp_path / "more").mkdir()
    assert len(bring_all(rows(9), ("image",), fetch, tmp_path / "more", never, budget_bytes=0)) == 1


def test_threads_fetch_together(tmp_path: Path) -> None:
    together = threading.Barrier(4)

    def meeting(uri: str, into: Path) -> Path:
        together.wait(20)
        return fetch("0", into)

    assert names(bring_all(rows(8), ("image",), meeting, tmp_path, never)) == [*"01234567"]


def test_a_batch_that_is_stopped_is_not_fetched_for(tmp_path: Path) -> None:
    fetched: list[str] = []

    def watched(uri: str, into: Path) -> Path:
        fetched.append(uri)
        time.sleep(0.01)
        return fetch(uri, into)

    brought = bring_all(rows(1000), ("image",), watched, tmp_path, lambda: len(fetched) >= 2)
    assert len(brought) < 1000
    assert len(fetched) < 1000
    assert len(files(tmp_path)) == len([one for one in names(brought) if one])


def test_an_error_of_ours_comes_out_soon(tmp_path: Path) -> None:
    fetched: list[str] = []

    def broken(uri: str, into: Path) -> Path:
        fetched.append(uri)
        time.sleep(0.01)
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        bring_all(rows(1000), ("image",), broken, tmp_path, never)
    assert len(fetched) < 1000
