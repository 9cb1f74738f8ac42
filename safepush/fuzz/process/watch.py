"""What a model's process holds on to, while all else is tried: looked into where there is more."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Probe, Suspicion, Tried
from safepush.fuzz.process import leaks
from safepush.fuzz.process.leaks import Series
from safepush.fuzz.process.traces import Left, Traces
from safepush.fuzz.runs import Runs

UNTOLD = "not exercised: growth of memory and of temporary files"
#: inputs that left something which are made once more at once, in a hundred predictions
MOST_AGAIN = 8


@dataclass(kw_only=True)
class Watch:
    """Looks at what each prediction left; `take` is given those that it makes itself."""

    runs: Runs
    fields: Sequence[Field]
    first: Tried
    budget: int
    take: Callable[[Tried], None]
    notes: list[str] = field(default_factory=list)
    #: predictions that do not count, since they only say for certain what others began to say
    beyond: int = 0
    _traces: Traces = field(default_factory=Traces)
    _same: Series | None = None
    _suspected: set[str] = field(default_factory=set)
    _made_again: int = 0
    _renewed: bool = False

    def see(self, wave: Sequence[Tried]) -> Iterator[Suspicion]:
        """Predictions made side by side; what counts are left by is made once more at once."""
        for left in self._traces.see(wave):
            is_open = left.measure.is_exact and left.measure.rule not in self._suspected
            if is_open and self._can_leak and self._made_again < MOST_AGAIN * self.budget / 100:
                self._made_again += 1
                yield from self._once_more(left)

    def _once_more(self, left: Left) -> Iterator[Suspicion]:
        if self._leaves(left, left.tried):
            yield self._suspicion(left, leaks.SAME, left.tried)
        elif left.after:
            failed = left.after[-1]
            self.take(self.runs.one(Probe(inputs=failed.probe.inputs, layer="again")))
            if self._leaves(left, self.first):
                yield self._suspicion(left, leaks.AFTER, self.first, failed)

    def _leaves(self, left: Left, tried: Tried) -> bool:
        probe = tried.probe
        again = Probe(inputs=probe.inputs, layer="again", changed=probe.changed, again=tried)
        made = self.runs.one(again)
        self.take(made)
        return left.measure in [one.measure for one in self._traces.see([made])]

    def _suspicion(self, left: Left, how: str, tried: Tried, *before: Tried) -> Suspicion:
        self._suspected.add(left.measure.rule)
        return Suspicion(
            rule=left.measure.rule,
            cause=f"{left.measure.what}, {how}",
            detail="something is left each time",
            # where it was first seen
            tried=Tried(probe=tried.probe, number=left.tried.number, prediction=tried.prediction),
            before=tuple(one.probe.inputs for one in before),
        )

    def again(self) -> Iterator[Suspicion]:
        """Whether the process grows with the same inputs over and over."""
        if self._same or not self._can_leak:
            return
        self._same = leaks.same(self.runs, self.first.probe.inputs)
        self.beyond += max(0, len(self._same.tried) - leaks.FEWEST)
        yield from self._same.suspicions()
        if not self._same.is_told:
            self.notes.append(
                f"{UNTOLD} (no process was met often enough, or not all predictions succeeded)"
            )

    def trace(self, *, sizes: bool) -> Iterator[Suspicion]:
        """Inputs of which something was left, over and over; the usual ones have been by now."""
        if not self._may_still or (self._suspected and not sizes):
            return
        for tried in self._traces.suspects(sizes=sizes):
            yield from leaks.same(self.runs, tried.probe.inputs).suspicions()

    def renew(self) -> Iterator[Suspicion]:
        """The same with new inputs each time; by now, what has an end to it has come to that."""
        if self._renewed or not self._may_still:
            return
        self._renewed = True
        found = leaks.new(self.runs, self.first.probe.inputs, self.fields)
        if found is None:
            return
        self.beyond += max(0, len(found.tried) - leaks.FEWEST)
        yield from found.suspicions()

    def is_growing(self) -> bool:
        """Whether the process got larger all the while, so far."""
        told = Series(inputs={}, how="", tried=self.runs.history).usages
        held = [one.memory_bytes for one in told]
        return len(held) >= leaks.SERIES and leaks.growth(held, leaks.LEAST_BYTES) is not None

    def untold(self) -> str | None:
        """Why nothing could be told, where that is so from the beginning."""
        if self.first.succeeded and not self.first.measured:
            return f"{UNTOLD} (the server does not tell them)"
        if self.first.succeeded and not self.affords_series:
            return f"{UNTOLD} (that takes more than {leaks.FEWEST} predictions)"
        return None

    @property
    def _can_leak(self) -> bool:
        measured = self.first.succeeded and self.first.measured
        return measured and self.affords_series and not self.runs.spent

    @property
    def _may_still(self) -> bool:
        return self._can_leak and self._same is not None and not any(self._same.suspicions())

    @property
    def affords_series(self) -> bool:
        """Whether the shortest series leaves anything to try."""
        return self.budget > leaks.FEWEST
