"""The files of the next rows come while these are used; what nobody took does not stay."""

import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from jobs.core.prediction import Failed
from jobs.worker.ahead import MOST_BYTES, PIECE_ROWS, Ahead, Group, Plain
from jobs.worker.inputs import Brought
from jobs.worker.refs import Ref


class Numbers:
    """Rows 0 to `count` - 1; each row's input is its number."""

    def __init__(self, count: int, weight: float = 1.0) -> None:
        self.left = list(range(count))
        self.weight = weight

    def take(self, most: int, most_bytes: float = 2**25) -> list[Ref]:
        most = min(most, 1 + int(most_bytes / self.weight))
        taken, self.left = self.left[:most], self.left[most:]
        raw = [msgspec.Raw(str(number).encode()) for number in taken]
        return [Ref(custom_id=one, input=one) for one in raw]


class Bringer:
    """Brings a file for each row, or for the first few of a group; notes what it was asked for."""

    def __init__(self, room: int = 100) -> None:
        self.room = room
        self.groups: list[list[int]] = []
        self.folders: list[Path] = []
        self.asked = threading.Semaphore(0)

    def __call__(self, given: Sequence[dict[str, Any]], folder: Path) -> list[Brought]:
        numbers: list[Any] = list(given)
        self.groups.append(numbers)
        self.folders.append(folder)
        self.asked.release()
        brought = numbers[: self.room]
        for number in brought:
            (folder / str(number)).touch()
        return [{"file": number} if number != 13 else Failed("gone", "13") for number in brought]


def ahead(count: int, bringer: Bringer) -> Ahead:
    rows: Any = Numbers(count)
    return Ahead(rows, bringer)


def test_the_next_are_brought_while_these_are_used() -> None:
    bringer = Bringer()
    with ahead(10, bringer) as groups:
        first = groups.take(4)
        assert [one["file"] for one in first.given] == [0, 1, 2, 3]
        for _ in range(2):
            assert bringer.asked.acquire(timeout=60)
        assert bringer.groups == [[0, 1, 2, 3], [4, 5, 6, 7]]
        assert first.folder is not None
        assert (first.folder / "3").exists()


def test_all_come_once_and_in_order_though_there_is_room_for_few() -> None:
    bringer = Bringer(room=3)
    found: list[Any] = []
    with ahead(14, bringer) as groups:
        while (group := groups.take(5)).rows:
            assert len(group.rows) == len(group.given)
            found += group.given
    assert found[:13] == [{"file": number} for number in range(13)]
    assert isinstance(found[13], Failed)


def brought(groups: Ahead, bringer: Bringer) -> Group:
    """The next rows, once their files are here."""
    assert bringer.asked.acquire(timeout=60)
    while not (group := groups.more(1)).rows:
        time.sleep(0.001)
    return group


def test_the_next_come_once_their_files_are_here() -> None:
    bringer, may = Bringer(), threading.Event()

    def bring(given: Sequence[Any], folder: Path) -> list[Brought]:
        if 4 in given:
            assert may.wait(60)
        return bringer(given, folder)

    rows: Any = Numbers(10)
    with Ahead(rows, bring) as groups:
        groups.take(4)
        assert bringer.asked.acquire(timeout=60)
        assert not groups.more(4).rows
        may.set()
        assert [one["file"] for one in brought(groups, bringer).given] == [4, 5, 6, 7]
        assert [one["file"] for one in brought(groups, bringer).given] == [8, 9]
        assert not groups.take(4).rows


def test_after_a_few_rows_the_files_of_many_do_not_keep_the_model_waiting() -> None:
    bringer = Bringer(room=1000)
    with ahead(1000, bringer) as groups:
        for most in (8, 500, 500, 500):
            groups.take(most)
    assert [len(group) for group in bringer.groups][:4] == [8, 8, 16, 32]


def test_files_go_with_the_last_row_of_their_group() -> None:
    bringer = Bringer()
    with ahead(12, bringer) as groups:
        first = groups.take(4)
        assert bringer.asked.acquire(timeout=60)
        second = brought(groups, bringer)
        assert first.folder is not None
        assert second.folder is not None
        groups.settled(3)
        groups.settled(2)
        while first.folder.exists():
            time.sleep(0.001)
        assert second.folder.exists()


def test_rows_one_of_which_has_no_file_wait_for_their_turn() -> None:
    bringer = Bringer()
    with ahead(20, bringer) as groups:
        groups.take(10)
        for _ in range(2):
            assert bringer.asked.acquire(timeout=60)
        while not groups._next or not groups._next.done():
            time.sleep(0.001)
        assert not groups.more(10).rows
        assert isinstance(groups.take(10).given[3], Failed)


@pytest.mark.parametrize("taken", [0, 1, 3])
def test_no_file_stays(taken: int) -> None:
    bringer = Bringer()
    with ahead(10, bringer) as groups:
        for _ in range(taken):
            groups.take(4)
    assert not any(folder.exists() for folder in bringer.folders)


def test_what_goes_wrong_ahead_is_told_when_it_is_their_turn() -> None:
    class Away(Exception):
        pass

    def bring(given: Sequence[Any], folder: Path) -> list[Brought]:
        if 4 in given:
            raise Away
        return [{} for _ in given]

    rows: Any = Numbers(10)
    with Ahead(rows, bring) as groups:
        assert len(groups.take(4).rows) == 4
        with pytest.raises(Away):
            groups.take(4)


def numbers(given: Sequence[Any]) -> list[int]:
    return [int(bytes(one)) for one in given]


def test_rows_without_files_come_once_and_in_order_however_many_were_ready() -> None:
    rows: Any = Numbers(5000)
    found: list[int] = []
    with Plain(rows) as groups:
        for most in (1, 64, 1500, 3, 2000, 2000, 2000):
            group = groups.take(most)
            assert len(group.rows) == len(group.given) == min(most, 5000 - len(found))
            found += numbers(group.given)
            for _ in range(3):
                groups.prepare(most * 2)
    assert found == list(range(5000))


def test_a_little_is_read_at_a_time_while_the_model_computes() -> None:
    rows: Any = Numbers(10_000)
    with Plain(rows) as groups:
        groups.take(1)
        for reads in (1, 2, 2):
            groups.prepare(2 * PIECE_ROWS)
            assert len(rows.left) == 9_999 - min(reads, 2) * PIECE_ROWS


def test_large_rows_are_not_kept_ready_by_the_thousand() -> None:
    rows: Any = Numbers(1000, weight=MOST_BYTES / 4)
    with Plain(rows) as groups:
        assert numbers(groups.take(100).given) == [0, 1, 2, 3, 4]
        for _ in range(9):
            groups.prepare(100)
        assert len(rows.left) == 990
        assert numbers(groups.take(100).given) == [5, 6, 7, 8, 9]
