"""What one run is asked for beyond the configuration: which checks, which seed, how much."""

import re
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields

from safepush.errors import BudgetSpent, ConfigInvalid, Problem
from safepush.reader import suggestion

#: runs in any case: the others judge what it made
ALWAYS = "setup"


@dataclass(frozen=True, kw_only=True)
class Budget:
    """The most a run may use; None is no limit. tokens: of the language model, both ways."""

    predictions: int | None = None
    seconds: int | None = None
    tokens: int | None = None


@dataclass(frozen=True, kw_only=True)
class Options:
    """How this run differs from a whole one."""

    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    seed: int = 1
    budget: Budget = field(default_factory=Budget)
    show_inputs: bool = False

    def wants(self, check: str) -> bool:
        """Whether a check is to run."""
        return check == ALWAYS or (check in self.only if self.only else check not in self.skip)


class Meter:
    """Counts what a run uses, from any thread, and ends it where the budget does."""

    def __init__(self, budget: Budget, clock: Callable[[], float] = time.monotonic) -> None:
        self.budget = budget
        self._clock = clock
        self._began = clock()
        self._lock = threading.Lock()
        self.predictions = 0
        self.tokens = 0
        self.lap()

    def lap(self) -> None:
        """A check begins: what it makes, and what it is refused, is told by itself."""
        #: predictions of this check
        self.made = 0
        #: why something of this check was left undone, if it was
        self.refused: BudgetSpent | None = None

    def prediction(self) -> None:
        """One prediction is about to start.

        Raises:
            BudgetSpent: there is no room for it.
        """
        self._in_time()
        with self._lock:
            if self.budget.predictions is not None and self.predictions >= self.budget.predictions:
                raise self._spent(self.budget.predictions, "predictions")
            self.predictions += 1
            self.made += 1

    def keep(self) -> None:
        """More predictions were wanted, but what is left of them is for something else."""
        if self.budget.predictions is not None:
            self._spent(self.budget.predictions, "predictions")

    def ask(self) -> None:
        """The language model is about to be asked.

        Raises:
            BudgetSpent: there is no room for it.
        """
        self._in_time()
        if self.budget.tokens is not None and self.tokens >= self.budget.tokens:
            raise self._spent(self.budget.tokens, "tokens")

    def used(self, tokens: int) -> None:
        """So many tokens went to and fro."""
        with self._lock:
            self.tokens += tokens

    def _in_time(self) -> None:
        limit_s = self.budget.seconds
        if limit_s is not None and self._clock() - self._began >= limit_s:
            raise self._spent(limit_s, "seconds")

    def _spent(self, limit: int, unit: str) -> BudgetSpent:
        self.refused = BudgetSpent(limit, unit)
        return self.refused


def checks_named(texts: Iterable[str], flag: str, known: Sequence[str]) -> tuple[str, ...]:
    """Names of checks, with commas between them or in several flags.

    Raises:
        ConfigInvalid: there is no such check.
    """
    names = [name.strip() for text in texts for name in text.split(",") if name.strip()]
    wrong = [name for name in names if name not in known]
    if wrong:
        problems = [Problem(name, f"is no check{suggestion(name, list(known))}") for name in wrong]
        raise ConfigInvalid(flag, problems)
    return tuple(dict.fromkeys(names))


def budget(text: str | None) -> Budget:
    """`predictions=200,seconds=600,tokens=50000`, any of them; a bare number is predictions.

    Raises:
        ConfigInvalid: it is not of that form.
    """
    if text is None:
        return Budget()
    names = [one.name for one in fields(Budget)]
    told: dict[str, int] = {}
    for part in text.split(","):
        name, _, number = part.strip().rpartition("=")
        name = name.strip() or "predictions"
        if name not in names or not re.fullmatch(r"[1-9]\d{0,8}", number.strip()):
            form = "must be predictions=N, seconds=N, tokens=N, with commas between them"
            raise ConfigInvalid("--budget", [Problem("", form)])
        told[name] = int(number)
    return Budget(**told)
