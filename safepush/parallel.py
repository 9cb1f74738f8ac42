"""The same work on many things, some at once; the first error ends it all."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Thing = TypeVar("Thing")
Made = TypeVar("Made")


def each(
    work: Callable[[Thing], Made],
    things: Iterable[Thing],
    at_once: int,
    stop: Callable[[], None],
) -> list[Made]:
    """What the work makes of each, in their order.

    `stop` is called when one raises, or when we are interrupted: it ends what is under way.
    """
    if at_once == 1:  # hundreds of threads, each for one thing, cost more than some things
        try:
            return [work(thing) for thing in things]
        except BaseException:
            stop()
            raise
    with ThreadPoolExecutor(at_once) as pool:
        doing = [pool.submit(work, thing) for thing in things]
        try:
            return [one.result() for one in doing]
        except BaseException:
            for one in doing:
                one.cancel()
            stop()
            raise
