"""Whether a process holds on to more and more: the same inputs over and over, then new ones."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from safepush.answers import Usage
from safepush.compat.shapes import number
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Inputs, Probe, Suspicion, Tried
from safepush.fuzz.runs import Runs

RULES = ("fuzz-memory-growth", "fuzz-temp-growth", "fuzz-handle-growth")
SAME, NEW = "with the same inputs", "with new inputs each time"
AFTER = "after one that fails"
#: what a process may still be warming up for
SETTLING = 4
#: predictions after which growth is suspected, and those after which it is told
FIRST, SERIES = 8, 24
FEWEST = SETTLING + FIRST
#: where several processes take turns, so many times as many are made until one has had enough
SPREAD = 4
#: below this for a prediction, the allocator's own habits are larger
LEAST_BYTES = 40_000
#: so many numbers are taken between two ends
STEPS = 1000
#: of three parts of a series each grows by so much of its share: what is kept for good goes on
STEADY = 0.4
#: what was freed before is used first, so growth may begin late: so many in a row are looked into
RISING = 4


@dataclass(frozen=True)
class Measure:
    """One thing that may grow; `least` for each prediction."""

    rule: str
    what: str
    least: float
    of: Callable[[Usage], int | None]
    told: Callable[[float], str]

    @property
    def is_size(self) -> bool:
        """Whether it is in bytes, which come and go; not a count."""
        return self.told is _size

    @property
    def is_exact(self) -> bool:
        """Whether nothing but the model makes it more; memory is an allocator's business too."""
        return self.rule != RULES[0]


def _size(size_bytes: float) -> str:
    return f"{size_bytes / 1e6:.1f} MB" if size_bytes >= 1e6 else f"{size_bytes / 1e3:.0f} kB"


MEASURES = (
    Measure(RULES[0], "memory", LEAST_BYTES, lambda one: one.memory_bytes, _size),
    Measure(RULES[1], "temporary files", 0.5, lambda one: one.temp_files, "{:.0f} files".format),
    Measure(RULES[1], "temporary files", LEAST_BYTES, lambda one: one.temp_bytes, _size),
    Measure(RULES[2], "open files", 0.5, lambda one: one.open_files, "{:.0f} open files".format),
    Measure(RULES[2], "threads", 0.5, lambda one: one.threads, "{:.0f} threads".format),
)


@dataclass(frozen=True, kw_only=True)
class Series:
    """Predictions one after the other, of which `usages` are those of one process."""

    inputs: Inputs
    how: str
    tried: Sequence[Tried]
    #: what is sent before each of them
    before: tuple[Inputs, ...] = ()

    @property
    def usages(self) -> list[Usage]:
        """Those of the process that made the most of them, in order."""
        by_host: dict[str, list[Usage]] = defaultdict(list)
        for one in self.tried:
            if one.prediction is not None and one.prediction.usage is not None:
                by_host[one.prediction.usage.host].append(one.prediction.usage)
        return max(by_host.values(), key=len, default=[])

    @property
    def is_told(self) -> bool:
        """Whether one process made enough of them for anybody to tell."""
        return len(self.usages) >= FIRST

    @property
    def is_rising(self) -> bool:
        """Whether the last of them each left something."""
        last = [[measure.of(one) for one in self.usages[-RISING - 1 :]] for measure in MEASURES]
        return self.is_told and any(
            all(
                a is not None and b is not None and b - a >= measure.least
                for a, b in pairwise(told)
            )
            for measure, told in zip(MEASURES, last, strict=True)
        )

    def suspicions(self) -> Iterator[Suspicion]:
        """What grew from the beginning to the end, a thing told once."""
        rules: set[str] = set()
        for measure in MEASURES:
            each = growth([measure.of(one) for one in self.usages], measure.least)
            if each is not None and measure.rule not in rules:
                rules.add(measure.rule)
                yield self._suspicion(measure, each)

    def _suspicion(self, measure: Measure, each: float) -> Suspicion:
        detail = (
            f"each prediction {self.how} adds {measure.told(each)}"
            f" (over {len(self.usages)} of them in one process)"
        )
        return Suspicion(
            rule=measure.rule,
            cause=f"{measure.what}, {self.how}",
            detail=detail,
            # by then it was seen; all later ones are to be certain
            tried=self.tried[min(FEWEST, len(self.tried)) - 1],
            before=self.before,
            is_proven=True,
        )


def growth(values: Sequence[int | None], least: float) -> float | None:
    """What each prediction adds, if that is `least` at least and goes on to the end."""
    told = [one for one in values[SETTLING:] if one is not None]
    steps = len(told) - 1
    if steps < 3 or steps < len(values) // 2:
        return None
    each = (told[-1] - told[0]) / steps
    ends = [round(steps * part / 3) for part in range(4)]
    parts = [(told[stop] - told[start]) / (stop - start) for start, stop in pairwise(ends)]
    return each if each >= least and min(parts) >= STEADY * each else None


def series(
    runs: Runs,
    inputs: Inputs,
    how: str,
    made: Callable[[int], Inputs],
    before: tuple[Inputs, ...] = (),
) -> Series:
    """Predictions one after the other, more of them where something seems to grow."""
    tried: list[Tried] = []
    found = Series(inputs=inputs, how=how, tried=tried, before=before)
    for wanted in (FEWEST, SETTLING + SERIES):
        while len(found.usages) < wanted and len(tried) < SPREAD * wanted and not runs.spent:
            for one in before:
                runs.one(Probe(inputs=one, layer="leaks"))
            tried.append(runs.one(Probe(inputs=made(len(tried)), layer="leaks")))
            if not tried[-1].succeeded:
                return found
        if not (any(found.suspicions()) or found.is_rising):
            break
    return found


def same(runs: Runs, inputs: Inputs) -> Series:
    """The same inputs over and over: whatever is kept of them is kept once too often."""
    return series(runs, inputs, SAME, lambda at: inputs)


def again(
    runs: Runs,
    inputs: Inputs,
    fields: Sequence[Field],
    cause: str,
    before: Sequence[Inputs] = (),
) -> Series:
    """A series that was found to grow, once more."""
    if before:
        return series(runs, inputs, AFTER, lambda at: inputs, tuple(before))
    made = new(runs, inputs, fields) if cause.endswith(NEW) else None
    return made or same(runs, inputs)


def new(runs: Runs, inputs: Inputs, fields: Sequence[Field]) -> Series | None:
    """Other inputs each time, where there is one of which others can be made."""
    for field in sorted(fields, key=lambda one: (one.texts is None, not one.is_seed)):
        if _next(field, inputs.get(field.name), 1) is not None:
            return series(
                runs,
                inputs,
                NEW,
                lambda at, one=field: {**inputs, **_changes(one, inputs, at)},  # type: ignore[misc]
            )
    return None


def _changes(field: Field, inputs: Inputs, at: int) -> Mapping[str, Any]:
    value = _next(field, inputs.get(field.name), at)
    return {} if value is None else {field.name: value}


def _between(field: Field, at: int) -> float | None:
    """A fraction between the ends, each time another one; whole numbers are sizes and counts."""
    found = field.numbers
    if found is None or found.is_integer or found.low is None or found.high is None:
        return None
    low, high = number(found.low.value), number(found.high.value)
    return low + (high - low) * ((at * 37) % STEPS + 0.5) / STEPS


def _next(field: Field, value: Any, at: int) -> Any:
    """Another value that is much like this one."""
    if field.choices or field.is_file or field.is_secret:
        return None
    if value is None:
        value = field.default
    made: Any = None
    if field.texts is not None and isinstance(value, str | None):
        made = f"{value or 'one'} {1000 + at}"
    elif field.is_seed:
        made = 1000 + at
    else:
        made = _between(field, at)
    return made if made is not None and field.takes(made) else None
