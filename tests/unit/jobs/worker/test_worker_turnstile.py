"""Turns: one at a time, in the order of coming, and some before the others."""

import threading
from collections.abc import Callable

from jobs.worker.turnstile import Turnstile
from tests.servers.penstock import until


def waiting(turnstile: Turnstile, got: list[str], name: str, *, first: bool) -> threading.Thread:
    """A thread that waits for its turn; it surely waits by now."""

    def wait() -> None:
        with turnstile.turn(first=first):
            got.append(name)

    before = len(turnstile._waiting)
    thread = threading.Thread(target=wait)
    thread.start()
    until(lambda: len(turnstile._waiting) > before)
    return thread


def test_turns_are_in_order_but_for_who_comes_first() -> None:
    turnstile, got = Turnstile(), list[str]()
    with turnstile.turn():
        threads = [
            waiting(turnstile, got, name, first=name.isupper())
            for name in ("a", "b", "C", "d", "E")
        ]
        assert got == []
    for thread in threads:
        thread.join(30)
    assert got == ["C", "E", "a", "b", "d"]


def test_who_wants_it_again_waits_behind_the_others() -> None:
    turnstile, got = Turnstile(), list[str]()
    with turnstile.turn():
        other = waiting(turnstile, got, "other", first=False)
    with turnstile.turn():
        got.append("again")
    other.join(30)
    assert got == ["other", "again"]


def test_those_that_come_beside_share_a_turn_that_others_wait_for() -> None:
    turnstile, got, gate = Turnstile(), list[str](), threading.Event()

    def come(name: str, *, beside: bool) -> threading.Thread:
        def wait() -> None:
            with turnstile.turn(beside=beside):
                got.append(name)
                gate.wait(60)

        thread = threading.Thread(target=wait)
        thread.start()
        return thread

    with turnstile.turn(beside=True):
        turnstile.share(2)
        threads = [come("a", beside=True)]
        until(lambda: got == ["a"])
        threads.append(come("b", beside=True))  # there is room for two
        until(lambda: len(turnstile._waiting) == 1)
        threads.append(come("alone", beside=False))
        until(lambda: len(turnstile._waiting) == 2)
        threads.append(come("c", beside=True))
        until(lambda: len(turnstile._waiting) == 3)
        assert got == ["a"]
    until(lambda: got == ["a", "b"])
    gate.set()
    for thread in threads:
        thread.join(30)
    assert got == ["a", "b", "alone", "c"]


def test_only_one_is_within() -> None:
    turnstile, within, most = Turnstile(), 0, 0

    def work() -> None:
        nonlocal within, most
        for _ in range(200):
            with turnstile.turn():
                within += 1
                most = max(most, within)
                within -= 1

    run(4, work)
    assert (within, most) == (0, 1)


def run(count: int, work: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()


def test_an_error_within_lets_the_next_one_in() -> None:
    turnstile = Turnstile()
    try:
        with turnstile.turn():
            raise ValueError
    except ValueError:
        pass
    with turnstile.turn():
        pass


def test_who_waits_for_the_same_is_not_somebody_else() -> None:
    turnstile = Turnstile()
    with turnstile.turn(of="ours"):
        assert not turnstile.is_wanted("ours")

        def wait(of: str) -> None:
            with turnstile.turn(of=of):
                pass

        threads = []
        for of, wanted in (("ours", False), ("theirs", True)):
            threads.append(threading.Thread(target=wait, args=(of,)))
            threads[-1].start()
            until(lambda: len(turnstile._waiting) == len(threads))
            assert turnstile.is_wanted("ours") is wanted
    for thread in threads:
        thread.join(30)
    assert not turnstile.is_wanted("ours")
