"""Results are kept in order, behind the back of whoever hands them over; none behind a gap."""

import threading
from collections.abc import Sequence

import pytest

from jobs.core.lot import Lot
from jobs.worker.keeper import LARGE_BYTES, MOST, Keeper
from jobs.worker.refs import Ref

SMALL = Lot([b"1"], [b"0.1"])
FILES = Lot([b"{}"], [b"0.1"], files=frozenset([0]))
LARGE = Lot([b"1" * LARGE_BYTES], [b"0.1"])


class Kept:
    """Notes the numbers of what is kept, and by which thread, once that is allowed."""

    def __init__(self, bad: int = -1) -> None:
        self.numbers: list[int] = []
        self.threads: set[str] = set()
        self.may = threading.Event()
        self._bad = bad

    def __call__(self, number: int, rows: Sequence[Ref], lot: Lot) -> None:
        if threading.current_thread() is not threading.main_thread():
            assert self.may.wait(60)
        if number == self._bad:
            raise OSError("the disk is full")
        self.threads.add(threading.current_thread().name)
        self.numbers.append(number)


def test_small_results_are_kept_at_once() -> None:
    kept = Kept()
    with Keeper(kept) as keeper:
        keeper.hand(0, [], SMALL)
        assert kept.numbers == [0]
    assert kept.threads == {"MainThread"}


@pytest.mark.parametrize("lot", [FILES, LARGE])
def test_others_are_kept_meanwhile_and_what_comes_behind_them_after_them(lot: Lot) -> None:
    kept = Kept()
    with Keeper(kept) as keeper:
        keeper.hand(0, [], lot)
        keeper.hand(1, [], SMALL)
        assert not kept.numbers
        kept.may.set()
    assert kept.numbers == [0, 1]
    assert kept.threads == {"keeper_0"}


def test_small_results_are_kept_at_once_again_when_nothing_is_under_way() -> None:
    kept = Kept()
    kept.may.set()
    with Keeper(kept) as keeper:
        keeper.hand(0, [], FILES)
        keeper._under_way[0].result(60)
        keeper.hand(1, [], SMALL)
        assert kept.numbers == [0, 1]
    assert kept.threads == {"keeper_0", "MainThread"}


def test_a_few_wait_and_no_more() -> None:
    kept, handed = Kept(), threading.Semaphore(0)

    def hand(keeper: Keeper) -> None:
        for number in range(MOST + 2):
            keeper.hand(number, [], FILES)
            handed.release()

    with Keeper(kept) as keeper:
        thread = threading.Thread(target=hand, args=(keeper,))
        thread.start()
        for _ in range(MOST + 1):
            assert handed.acquire(timeout=60)
        assert not handed.acquire(timeout=0.2)
        kept.may.set()
        assert handed.acquire(timeout=60)
        thread.join()
    assert kept.numbers == list(range(MOST + 2))


def keep(kept: Kept, numbers: int, *, broken: bool = False) -> None:
    """Have so many lots kept; what hands them over may go wrong itself behind them."""
    with Keeper(kept) as keeper:
        for number in range(numbers):
            keeper.hand(number, [], FILES)
        if broken:
            raise KeyError


def test_what_goes_wrong_comes_out_and_nothing_behind_it_is_kept() -> None:
    kept = Kept(bad=1)
    kept.may.set()
    with pytest.raises(OSError, match="full"):
        keep(kept, 3)
    assert kept.numbers == [0]


def test_what_was_handed_over_is_kept_though_the_rest_goes_wrong() -> None:
    kept = Kept()
    kept.may.set()
    with pytest.raises(KeyError):
        keep(kept, 1, broken=True)
    assert kept.numbers == [0]
