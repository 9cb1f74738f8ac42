"""How many items share a pass: found by measurement, and looked at again now and then."""

from collections.abc import Sequence

from jobs.host.cost import Cost

#: a pass may be this large, unless the model names its own `max_batch_size`
MOST = 1024
#: a size is better than another if it does so much more per second
BETTER = 1.05
#: a gain so large needs no second pass to be believed, and larger steps are taken
PLAIN = 1.5
#: of sizes that are about as good as the best, so near, the smallest is taken
NEAR = 1.02
#: passes of one size before its speed is believed: the first one of a size often warms something up
TRIES = 2
#: sizes in a row that may be no better before the search ends: one may be slow by chance
PATIENCE = 2
#: passes until a neighbour of the size that was found is tried: the machine may have been busy
AGAIN = 20
#: passes after which a size that was found before knows what widths cost
LEARNS = (2, 4, 8, 16)
#: passes of one size, as (width, seconds)
Tries = list[tuple[float, float]]


class Pace:
    """How many items to give at once: more for as long as that pays, half when memory runs out.

    The gain of the first sizes is mostly plain: they are taken in steps of four, with a pass each.
    Once a size is found its neighbours are tried now and then, and it moves to one that is better
    than the size itself before and after that: items that come later may be quicker at any size.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = max(1, most)
        self.size = 1
        self._found = 1 if self._most == 1 else None
        self._cost = Cost()
        #: what was measured of each size since one was found
        self._rounds: dict[int, list[Tries]] = {}
        self._tries: Tries = []
        self._passes = 0
        self._upward = True
        self._is_new = True

    @property
    def found(self) -> int | None:
        """The size that the search ended with; None as long as it goes on."""
        return self._found

    def told(self, begin: int, most: int) -> None:
        """What came out before this: the size that was found, and how many were too many; or 0.

        Who has measured already knows better where to begin. Neighbours of a size that is told are
        tried like those of any other.
        """
        if 0 < most < self._most:
            self._most = most
            if self.size > most or most == 1:
                self._hold(most)
        if begin and self._is_new:
            self._hold(min(begin, self._most))

    def given(self, widths: Sequence[float]) -> None:
        """Items of these widths come next, together."""
        self._cost.given(widths)

    def cut(self, widths: Sequence[float]) -> int:
        """How many of the items that come next, at most `size`, of these widths, share a pass."""
        return self._cost.cut(widths)

    def measured(self, items: int, seconds: float, width: float = 1.0) -> None:
        """A pass of so many items, as wide as the widest of them, took so long."""
        self._passes += 1
        self._is_new = False
        self._cost.note(items, width, seconds)
        if self._passes in LEARNS:
            self._cost.learn()
        if items != self.size:
            return
        if self.size == self._found and self._passes < AGAIN:
            return
        self._tries.append((width, seconds))
        plain = self._found is None and self._is_plain()
        if plain or len(self._tries) == TRIES:
            self._rounds.setdefault(self.size, []).append(self._tries)
            self._tries = []
            self._climb(plain) if self._found is None else self._look_around()

    def _is_plain(self) -> bool:
        """Whether these tries are so much better than all sizes before that they need no more."""
        self._cost.learn()
        best = max(self._rates().values(), default=0.0)
        return self._rate(self.size, self._tries) > best * PLAIN

    def _climb(self, plain: bool) -> None:
        """Go on to a larger size, or to one left out beside the best, or end the search."""
        rates = self._rates()
        larger = [max(rates) * step for step in ((4, 2) if plain else (2,))]
        fitting = [size for size in larger if size <= self._most]
        if fitting and _worse(rates) < PATIENCE and self._pays(max(rates)):
            self.size = fitting[0]
            return
        best = max(rates, key=lambda size: rates[size])
        beside = [size for size in (best // 2, best * 2) if 1 <= size <= self._most]
        left_out = [size for size in beside if size not in rates]
        if left_out:
            self.size = left_out[0]
        else:
            self._settle()

    def _pays(self, size: int) -> bool:
        """Whether twice as many items should be better."""
        return 2 * self._cost.expected_s(size) > BETTER * self._cost.expected_s(2 * size)

    def _look_around(self) -> None:
        """Try the size that was found, its neighbour, and the size that was found again."""
        self._cost.learn()
        if self.size != self._found:
            self.size = self._found or 1  # once more
        elif len(self._rounds) == 1 and self._neighbour() != self.size:
            self.size = self._neighbour()
        else:
            self._settle()

    def _settle(self) -> None:
        """Take the smallest size that is about as good as the best."""
        rates = self._rates()
        enough = max(rates.values()) / NEAR
        self.size = self._found = min(size for size, rate in rates.items() if rate >= enough)
        self._rounds = {}
        self._passes = 0
        self._upward = not self._upward

    def _neighbour(self) -> int:
        return min(self.size * 2, self._most) if self._upward else max(1, self.size // 2)

    def _rates(self) -> dict[int, float]:
        """Items per second of each size, by size."""
        return {
            size: sum(self._rate(size, tries) for tries in rounds) / len(rounds)
            for size, rounds in sorted(self._rounds.items())
        }

    def _rate(self, size: int, tries: Tries) -> float:
        """That of the best pass, had it the usual width."""
        return size / min(self._cost.usual_s(size, width, seconds) for width, seconds in tries)

    def too_many(self, items: int) -> None:
        """Memory ran out with so many items: never so many again."""
        self._most = max(1, min(self.size, items // 2))
        self._hold(self._most)

    def _hold(self, size: int) -> None:
        self.size = self._found = size
        self._rounds, self._tries, self._passes, self._is_new = {}, [], 0, False


def _worse(rates: dict[int, float]) -> int:
    """How many sizes there are after the last one that was better than all below it."""
    best, since = 0.0, 0
    for rate in rates.values():
        since = 0 if rate > best * BETTER else since + 1
        best = max(rate, best)
    return since
