"""What one prediction has of another, or of its process: looked into where the code allows it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace

from safepush.fuzz.code import keeping
from safepush.fuzz.code.source import Source
from safepush.fuzz.failure import Failure
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.process import atonce, elsewhere, refused, standing
from safepush.fuzz.process.steadiness import Steadiness
from safepush.fuzz.runs import Runs


@dataclass(kw_only=True)
class Between:
    """Series of predictions of a steady model; `first` is what the usual inputs gave."""

    fields: Sequence[Field]
    source: Source
    first: Tried
    runs: Runs
    steadiness: Steadiness
    elsewhere: Callable[[], AbstractContextManager[Runs | None]]
    budget: int
    notes: list[str] = field(default_factory=list)
    _was_elsewhere: bool = False

    def here(self) -> Iterator[Suspicion]:
        """One after another, and at once."""
        if keeping.keeps(self.source):
            given = (self.fields, self.first.probe.inputs, self.runs, self.steadiness)
            yield from standing.suspicions(*given, budget=self.budget)
        if self.source.runs_at_once:
            yield from atonce.suspicions(self.runs, self.steadiness)

    def refused(self, refusal: Callable[[Tried], Failure | None]) -> Iterator[Suspicion]:
        """What a refusal left changed."""
        if keeping.touches(self.source):
            given = (self.fields, self.first, self.runs, self.steadiness)
            yield from refused.suspicions(*given, refusal)

    def there(self) -> Iterator[Suspicion]:
        """In another process, once."""
        if self._was_elsewhere or not elsewhere.may_differ(self.source):
            return
        self._was_elsewhere = True
        with self.elsewhere() as there:
            if there is None:
                self.notes.append("not exercised: what differs from one process to the next")
                return
            given = (self.runs, there, self.steadiness, self.first, self.source)
            for one in elsewhere.suspicions(*given):
                number = self.runs.made + there.made - 1
                yield replace(one, tried=replace(one.tried, number=number))
