"""Random digits are nobody else's, whoever was forked."""

import os

from jobs.core.chance import CHANCE, POOL_BYTES, Chance


def test_no_digits_are_given_twice() -> None:
    chance = Chance()
    sizes = [10, 16, 8, POOL_BYTES - 1, POOL_BYTES + 1, 10]
    told = [chance.hex(size) for size in sizes * 3]
    assert [len(digits) for digits in told] == [2 * size for size in sizes * 3]
    assert len({digits[:16] for digits in told}) == len(told)


def test_a_forked_process_has_digits_of_its_own() -> None:
    CHANCE.hex(1)
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        os.write(theirs, CHANCE.hex(16).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(ours, 100).decode() != CHANCE.hex(16)
    os.close(ours)
    os.close(theirs)
