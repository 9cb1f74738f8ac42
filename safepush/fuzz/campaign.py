"""One run of the fuzzer on one version: a usual input first, then everything else, then proof."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

from safepush.fuzz import layers
from safepush.fuzz.confirm import Confirmer
from safepush.fuzz.found import Found, distinct, is_explained
from safepush.fuzz.inputs import usual
from safepush.fuzz.inputs.reading import Reading
from safepush.fuzz.oracles import Oracle, has_files_as
from safepush.fuzz.probe import Probe, Suspicion, Tried
from safepush.fuzz.process import printed
from safepush.fuzz.process.between import Between
from safepush.fuzz.process.steadiness import Steadiness
from safepush.fuzz.process.watch import Watch
from safepush.fuzz.promises import outputs
from safepush.fuzz.promises.said import twice
from safepush.fuzz.relations import collisions, growth, hindsight, tables, together
from safepush.fuzz.runs import Runs
from safepush.fuzz.tables import own
from safepush.fuzz.task import Outcome, Task

#: usual inputs that are tried, until the model takes one
FIRST_TRIES = 14
#: what is made by itself too, where a server makes several in one pass
ALONE = ("given", "boundaries", "said", "source", "signs", "awkward")
MOST_ALONE = 16
#: predictions without an end that are waited for: each takes all of the time there is
MOST_LATE = 6
#: causes that are looked into; a model with more of them has other troubles
MOST_FOUND = 12
#: causes of failures after each of which the usual inputs are made again, the first time it comes
MOST_ENDS = 12
#: one in so many failures of a cause that is known, after which they are made again too
DISTURBED = 6
#: outputs of which two are one file that are looked into
MOST_SHARED = 3
#: the part of the budget after which slow inputs are looked for
GROWTH_AT = 0.3
#: the part after which several are compared with each other
EQUATE_AT = 0.45
#: of fewer predictions each is wanted for an input that nobody tried
LEAST_EQUATED = 20
#: what a relation may take: with less left of the budget none is begun
RELATED = 8
#: and the part after which the same inputs are made over and over; a small budget has that on top
AGAIN_AT = 0.6
LEAST_BUDGET = 40
#: and the part after which what single inputs left behind is looked into
TRACE_AT = 0.7
#: the parts of it after which somebody is asked to think of more
THINK_AT = (0.2, 0.45, 0.7)


class Campaign:
    """Tries one version until the budget is spent, then confirms what is suspected."""

    def __init__(self, task: Task, runs: Runs) -> None:
        self._task = task
        self._runs = runs
        self._suspicions: dict[tuple[str, str], Suspicion] = {}
        self._notes: list[str] = []
        self._queue: deque[Probe] = deque()
        self._took = 0
        self._counts: dict[str, int] = {}
        self._unusual: list[Tried] = []
        self._unconfirmed = 0
        self._late = 0
        self._alone = 0
        self._beyond = 0
        self._ends: set[str] = set()
        self._collided = 0
        self._equated = False
        self._is_at_end = False
        self._last_told = ""

    def run(self) -> Outcome:
        """Everything, to the end."""
        base = self._usual()
        shape = outputs.output_shape(self._task.schema)
        self._oracle = Oracle(
            fields=self._task.fields, base=base, source=self._task.source, shape=shape
        )
        self._steadiness = Steadiness(self._task.fields, base, self._task.source, self._task.alike)
        for tried in self._unusual:
            self._judge(tried)
        self._repeat(base)
        self._watch = self._watcher()
        self._between = Between(
            fields=self._task.fields,
            source=self._task.source,
            first=self._first,
            runs=self._runs,
            steadiness=self._steadiness,
            elsewhere=self._task.elsewhere,
            budget=self._task.budget,
        )
        self._explore(base)
        self._equate()
        alike = self._task.alike if self._is_steady else None
        fields, code = self._task.fields, self._task.source
        known = self._suspicions
        if self._task.budget >= LEAST_EQUATED:
            self._suspect(*hindsight.suspicions(fields, self._runs, code, base, alike, known))
        self._suspect(*self._watch.again())
        self._try_elsewhere()
        self._suspect(*self._watch.trace(sizes=True), *self._watch.renew())
        found = self._confirmed()
        self._notes += [
            *self._between.notes,
            *self._watch.notes,
            *filter(None, [self._watch.untold()]),
        ]
        if self._steadiness.not_judged:
            self._notes.append(f"repeatability was not judged: {self._steadiness.not_judged}")
        return Outcome(
            found=found,
            notes=tuple(self._notes),
            predictions=self._runs.made - self._runs.unmade,
            took=self._took,
            unconfirmed=self._unconfirmed,
            is_at_end=self._is_at_end,
            cut_short=self._runs.spent,
            layers=self._counts,
        )

    # The usual input

    def _usual(self) -> dict[str, Any]:
        """Inputs that the model takes, if some are found; else the likeliest ones."""
        task = self._task
        known = own.usual(task.fields, task.source)
        candidates = usual.inputs(task.fields, task.given, task.source.text, known)
        first: dict[str, Any] | None = None
        for _ in range(min(FIRST_TRIES, max(1, task.budget // 2))):
            inputs = next(candidates, None)
            if inputs is None or self._runs.spent:
                break
            first = first or inputs
            tried = self._runs.first(Probe(inputs=inputs, layer="usual"))
            self._count(tried)
            if tried.succeeded:
                self._runs.usual(inputs, tried.seconds)
                self._first = tried
                self._unusual = [one for one in self._unusual if has_files_as(one, tried)]
                return inputs
            self._unusual.append(tried)
        self._first = self._unusual[0]
        if not self._runs.spent:
            self._notes.append(
                "none of the usual inputs that were tried succeeds, so little could be tried; "
                "add a good one to predict.test_cases"
            )
        return first or {}

    def _repeat(self, base: Mapping[str, Any]) -> None:
        """The usual inputs again: what differs by itself says nothing later."""
        if not self._first.succeeded:
            return
        self._judge(self._first)
        probe = Probe(inputs=base, layer="again", again=self._first)
        second = self._runs.one(probe)
        self._steadiness.begin(self._first, second)
        alike = self._task.alike if self._is_steady else None
        self._oracle = self._oracle.told(self._first, alike)
        self._take(second)

    # All the others

    def _explore(self, base: Mapping[str, Any]) -> None:
        task = self._task
        plan = layers.Plan(fields=task.fields, base=base, source=task.source, seed=task.seed)
        self._reading = Reading(task.fields, base)
        ideas = self._reading.worth(layers.probes(plan))
        grown = False
        thoughts = [int(part * task.budget) for part in THINK_AT]
        while self._left > 0 and not self._runs.spent and self._late < MOST_LATE:
            wave = self._wave(ideas, min(self._runs.parallel, self._left))
            if not wave:
                break
            made = self._runs.all(wave)
            self._late += any(one.limit_s is not None for one in made)  # one keeps all waiting
            for tried in made:
                self._take(tried)
                self._follow(tried, base)
                self._collide(tried)
                self._by_itself(tried)
            self._suspect(*self._watch.see(made))
            if not grown and self._runs.made >= task.budget * GROWTH_AT:
                grown = True
                self._grow(base)
                self._suspect(*(self._between.here() if self._is_steady else ()))
            if task.budget >= LEAST_BUDGET:
                self._keep_watch()
            self._equate(EQUATE_AT)
            if thoughts and self._runs.made >= thoughts[0]:
                thoughts.pop(0)
                self._think(base)
            self._tell()
        self._is_at_end = self._left <= 0
        self._make_again()
        self._tell(last=True)

    def _make_again(self) -> None:
        """Some of what was made, where there was nothing else left to try."""
        if self._late >= MOST_LATE:
            self._notes.append(f"{self._late} times predictions had no end; no more were tried")
            return
        for probe in self._steadiness.rest():
            if self._left > 0 and not self._runs.spent:
                self._take(self._runs.one(probe))

    @property
    def _is_steady(self) -> bool:
        """Whether the usual inputs give the same each time."""
        return self._steadiness.is_judged(self._first)

    @property
    def _left(self) -> int:
        """What is left of the budget."""
        return self._task.budget + self._all_beyond - self._runs.made

    @property
    def _all_beyond(self) -> int:
        """Predictions that do not count, since they only say for certain what others began to."""
        return self._beyond + self._watch.beyond

    def _wave(self, ideas: Iterator[Probe], size: int) -> list[Probe]:
        wave: list[Probe] = []
        while len(wave) < size:
            due = self._steadiness.due()
            probe = due or (self._queue.popleft() if self._queue else next(ideas, None))
            if probe is None:
                break
            wave.append(probe)
        return wave

    def _grow(self, base: Mapping[str, Any]) -> None:
        task = self._task
        said = twice.tries(task.fields, self._first, self._runs, task.source, task.alike)
        held = tables.tries(task.fields, self._first, self._runs, task.source, task.alike)
        later = growth.tries(task.fields, base, self._runs)
        for tried, suspicion in chain(*((said, held) if self._is_steady else ()), later):
            self._take(tried)
            if suspicion is not None:
                self._suspect(suspicion)
            if self._runs.made >= self._task.budget:
                return

    def _equate(self, part: float = 0) -> None:
        """What several have to say together, once that part of the budget has been tried."""
        task = self._task
        is_time = self._runs.made >= task.budget * part and task.budget >= LEAST_EQUATED
        if not self._equated and self._is_steady and is_time:
            self._equated = True
            given = (task.fields, self._first, self._runs, task.source, task.alike)
            self._suspect(*self._between.refused(self._oracle.refusal))
            self._suspect(*together.suspicions(*given, lambda: self._left < RELATED))

    def _watcher(self) -> Watch:
        return Watch(
            runs=self._runs,
            fields=self._task.fields,
            first=self._first,
            budget=self._task.budget,
            take=self._take,
        )

    def _keep_watch(self) -> None:
        """What takes a series or another process, once it is time."""
        part = self._runs.made / self._task.budget
        is_growing = part >= GROWTH_AT and self._watch.is_growing()
        if part >= AGAIN_AT or is_growing:
            self._suspect(*self._watch.again())
        if is_growing:
            self._suspect(*self._watch.renew())
        if part >= AGAIN_AT:
            self._try_elsewhere()
        if self._runs.made >= self._task.budget * TRACE_AT:
            self._suspect(*self._watch.trace(sizes=False))

    def _try_elsewhere(self) -> None:
        if self._watch.affords_series and self._is_steady:
            self._suspect(*self._between.there())

    def _think(self, base: Mapping[str, Any]) -> None:
        known = [f"{one.rule}: {one.detail}" for one in self._suspicions.values()]
        self._queue += [
            layers.changed(base, inputs, "language") for inputs in self._task.think(known)
        ]

    def _follow(self, tried: Tried, base: Mapping[str, Any]) -> None:
        """Where several inputs were unusual and it was refused, each of them alone."""
        self._reading.see(tried, refused=self._oracle.refusal(tried) is not None)
        if tried.succeeded:
            self._steadiness.remember(tried)
            return
        if tried.refused:
            return
        cause = self._oracle.cause(tried)
        is_new = cause not in self._ends and len(self._ends) < MOST_ENDS
        self._ends.add(cause)
        if is_new or self._runs.made % DISTURBED == 0:
            # it may have changed something before it ended
            self._steadiness.disturbed()
        changed = tried.probe.changed
        if len(changed) > 1 and tried.probe.layer == "awkward":
            self._queue += [
                layers.changed(base, {name: tried.probe.inputs[name]}, "awkward")
                for name in changed
            ]

    def _by_itself(self, tried: Tried) -> None:
        """What shared a pass with others once more, alone: `predict` is other code than that."""
        shared = self._first.measured and tried.succeeded and not tried.measured
        if shared and tried.probe.layer in ALONE and self._alone < MOST_ALONE:
            self._alone += 1
            self._beyond += 1
            self._judge(self._runs.one(replace(tried.probe, layer="alone")))

    def _collide(self, tried: Tried) -> None:
        """Whether two items share a file; looked into a few times, since it takes predictions."""
        if tried.succeeded and self._collided < MOST_SHARED and self._steadiness.is_judged(tried):
            before = self._runs.made
            self._suspect(*collisions.suspicions(tried, self._task.fields, self._runs))
            self._collided += self._runs.made > before

    def _take(self, tried: Tried) -> None:
        self._count(tried)
        self._judge(tried)

    def _judge(self, tried: Tried) -> None:
        for suspicion in self._oracle.judge(tried):
            self._suspect(suspicion)
        found = self._steadiness.judge(tried), printed.suspicion(tried)
        self._suspect(*filter(None, found))

    def _suspect(self, *suspicions: Suspicion) -> None:
        for one in suspicions:
            known = self._suspicions.setdefault((one.rule, one.cause), one)
            if one.is_proven and not known.is_proven:
                first = replace(one.tried, number=known.tried.number)
                self._suspicions[one.rule, one.cause] = replace(one, tried=first)

    def _confirmed(self) -> tuple[Found, ...]:
        confirmer = Confirmer(
            fields=self._task.fields,
            oracle=self._oracle,
            steadiness=self._steadiness,
            runs=self._runs,
        )
        suspicions = list(self._suspicions.values())
        if suspicions:
            self._task.say(f"fuzz: {len(suspicions)} suspected, trying them again")
        found: list[Found] = []
        for one in suspicions[:MOST_FOUND]:
            if is_explained(one, found):
                continue
            told = confirmer.found(one)
            if self._runs.spent:
                self._unconfirmed += 1
            elif isinstance(told, str):
                self._notes.append(told)
            else:
                found.append(told)
        if len(suspicions) > MOST_FOUND:
            self._notes.append(f"{len(suspicions) - MOST_FOUND} more causes were not looked into")
        return distinct(found)

    def _count(self, tried: Tried) -> None:
        if tried.unmade:
            return
        self._took += tried.succeeded
        layer = tried.probe.layer
        self._counts[layer] = self._counts.get(layer, 0) + 1

    def _tell(self, *, last: bool = False) -> None:
        budget = self._task.budget
        made = min(budget, self._runs.made - self._runs.unmade - self._all_beyond)
        told = f"fuzz: {made} of {budget} predictions, {len(self._suspicions)} suspected"
        is_due = last or made % 20 < self._runs.parallel
        if is_due and told != self._last_told:
            self._last_told = told
            self._task.say(told)
