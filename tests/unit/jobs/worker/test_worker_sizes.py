"""What hosts found of their passes is told to the next ones, and not for ever."""

import pytest

from jobs.core.passes import UNKNOWN, Passes
from jobs.worker.sizes import HELD_S, KEPT, Sizes


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sizes(clock: Clock) -> Sizes:
    return Sizes(clock)


def test_a_size_that_was_found_is_where_the_next_begins(sizes: Sizes) -> None:
    assert sizes.of("a") == UNKNOWN
    sizes.found("a", 64)
    sizes.found("a", 0)  # a new host, which still searches
    assert sizes.of("a") == Passes(64, 0)
    assert sizes.of("b") == UNKNOWN


def test_each_loss_halves_what_is_held(sizes: Sizes) -> None:
    sizes.found("a", 64)
    sizes.too_many("a", 128)
    assert sizes.of("a") == Passes(32, 32)
    sizes.too_many("a", 1024)
    assert sizes.of("a") == Passes(16, 16)
    for _ in range(9):
        sizes.too_many("a", 2)
    assert sizes.of("a") == Passes(1, 1)


def test_memory_may_be_free_again_later(sizes: Sizes, clock: Clock) -> None:
    sizes.found("a", 64)
    sizes.too_many("a", 128)
    clock.now = HELD_S
    assert sizes.of("a") == Passes(64, 0)


def test_versions_of_long_ago_are_forgotten(sizes: Sizes) -> None:
    for number in range(KEPT + 1):
        sizes.found(str(number), 8)
    assert sizes.of("0") == UNKNOWN
    assert sizes.of("1") == Passes(8, 0)
