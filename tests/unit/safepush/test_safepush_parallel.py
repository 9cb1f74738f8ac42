"""The same work on many things: their order, and what the first error ends."""

import threading

import pytest

from safepush.parallel import each


@pytest.mark.parametrize("at_once", [1, 3])
def test_what_is_made_comes_in_the_order_of_the_things(at_once: int) -> None:
    assert each(lambda one: one * 2, range(9), at_once, pytest.fail) == [*range(0, 18, 2)]


@pytest.mark.parametrize("at_once", [1, 3])
def test_the_first_error_ends_what_is_under_way(at_once: int) -> None:
    begun: list[int] = []
    ended = threading.Event()

    def work(one: int) -> None:
        begun.append(one)
        if one == 0:
            raise ValueError(one)
        ended.wait(30)  # until it is told to end

    with pytest.raises(ValueError, match="0"):
        each(work, range(9), at_once, ended.set)

    assert ended.is_set()
    assert len(begun) < 9


def test_one_at_a_time_needs_no_thread() -> None:
    threads = each(lambda one: threading.get_ident(), range(3), 1, pytest.fail)

    assert set(threads) == {threading.get_ident()}
