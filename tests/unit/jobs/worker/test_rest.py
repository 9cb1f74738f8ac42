"""When a deliverer looks: it rests while nothing is told, and never trusts that alone."""

from jobs.worker.rest import AWAKE_S, LOST_S, QUIET_S, Rest


class Line:
    """Tells what a test wants, at once, and counts how often it was waited at."""

    def __init__(self) -> None:
        self.now = 100.0
        self.says: bool | None = False
        self.waited: list[float] = []

    def told(self, seconds: float) -> bool | None:
        """As a listener does."""
        self.waited.append(seconds)
        return self.says


def made() -> tuple[Line, Rest]:
    line = Line()
    return line, Rest(line.told, clock=lambda: line.now)


def test_it_rests_while_nothing_is_told_and_nothing_found() -> None:
    line, rest = made()
    for _ in range(3):
        rest()
        rest.after(0)

    assert line.waited == [QUIET_S] * 3


def test_who_is_told_stays_awake_since_others_are_not_told_again_at_once() -> None:
    line, rest = made()
    line.says = True
    rest()
    line.now += AWAKE_S - 0.01
    rest()
    assert len(line.waited) == 1
    line.now += 0.01
    rest()
    assert len(line.waited) == 2


def test_who_finds_something_stays_awake_from_then_on() -> None:
    line, rest = made()
    line.says = True
    rest()
    line.now += AWAKE_S / 2
    rest.after(1)
    line.now += AWAKE_S * 0.9
    rest()
    assert len(line.waited) == 1


def test_who_finds_what_nobody_told_of_does_without_for_longer() -> None:
    line, rest = made()
    rest()
    rest.after(2)
    line.now += LOST_S - 0.01
    rest()
    assert len(line.waited) == 1
    line.now += 0.01
    rest()
    assert len(line.waited) == 2


def test_who_hears_nothing_asks_each_time_and_is_not_held_up() -> None:
    line, rest = made()
    line.says = None
    for _ in range(3):
        rest()
        rest.after(1)
        line.now += AWAKE_S
    assert len(line.waited) == 3
