"""Whether the same inputs give the same output, now and after other inputs."""

import re
from collections import deque
from collections.abc import Sequence

from safepush.compare import Tolerance, compare
from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Inputs, Probe, Suspicion, Tried
from safepush.fuzz.process import asides, precision
from safepush.fuzz.promises.said import remembered
from safepush.fuzz.promises.said.sentences import sentences
from safepush.fuzz.runs import Runs

#: after so many others an earlier one is made again; more often where the code uses chance
EVERY, EVERY_CHANCE = 8, 4
#: these lead down other branches, so what they give is made again at least once
TELLING = ("given", "boundaries", "source")
#: predictions that are made again once nothing else is left to try
REST = 12
#: predictions that are tried as what changed another one
CULPRITS = 10
#: sentences that promise it
_SAME = re.compile(
    r"\bsame\b.*\b(?:always|every time|each time)\b.*\bsame\b|\bdeterministic\b|\brepeatable\b"
    r"|\balways (?:gets?|gives?|returns?|yields?) the same\b"
)
_NOT = re.compile(r"\b(?:not|no|never|unless|if|when|where|only|with (?:a|the same) seed)\b|n't\b")
RULES = ("fuzz-nondeterministic", "fuzz-state-leak")


class Steadiness:
    """Remembers what came out, and has it made again."""

    def __init__(
        self, fields: Sequence[Field], base: Inputs, source: Source, alike: Tolerance
    ) -> None:
        self._seeds = [one for one in fields if one.is_seed]
        self._dice = [one for one in fields if one.is_dice]
        self._base = base
        self._source = source
        self._keys = remembered.keys(fields, source)
        self._alike = alike
        said = (one.text for one in sentences(fields, source))
        self._is_told = any(_SAME.search(one) and not _NOT.search(one) for one in said)
        self._every = EVERY_CHANCE if source.uses_chance else EVERY
        self._telling: deque[Tried] = deque()
        self._waiting: deque[Tried] = deque()
        self._first: deque[Tried] = deque()
        self._usual: Tried | None = None
        self._since = 0
        self._turn = False
        #: why nothing is judged here, if so
        self.not_judged = ""

    @property
    def has_seed(self) -> bool:
        """Whether the model has an input that is to make it repeat itself."""
        return bool(self._seeds)

    @property
    def _is_free(self) -> bool:
        """Whether it may give something else each time: by chance, and nobody says otherwise."""
        by_chance = not self.has_seed and self._source.uses_chance
        return by_chance and not (self._is_told or self._source.leaves_dropout_on)

    def begin(self, first: Tried, second: Tried) -> None:
        """Two runs of the usual inputs: whether anything can be told from a difference."""
        self._usual = first
        if self._is_free and (self.differ(first, second) or self._source.uses_clock):
            self.not_judged = "the output may differ by chance, and there is no input `seed`"

    def remember(self, tried: Tried) -> None:
        """Keep what came out, to be made again; where a seed was tried, before all others."""
        if not tried.succeeded or self.not_judged or tried.probe.again is not None:
            return
        told = self._seed_of(tried)
        if told is not None:
            if self._is_seeded(tried.probe.inputs):
                self._first.append(tried)
        elif self._is_seeded(tried.probe.inputs):
            queue = self._telling if tried.probe.layer in TELLING else self._waiting
            queue.append(tried)

    def disturbed(self) -> None:
        """Something went wrong: the usual inputs are the next to be made again."""
        if self._usual is not None and self._usual not in self._first:
            self._first.append(self._usual)

    def due(self) -> Probe | None:
        """An earlier one to be made again now, if it is time."""
        self._since += 1
        if self.not_judged or (self._since < self._every and not self._first):
            return None
        self._since = 0
        if self._first:
            return again(self._first.popleft())
        self._turn = not self._turn
        if self._turn and self._telling:
            return again(self._telling.popleft())
        if self._turn and self._waiting:
            self._waiting.rotate(1)
            return again(self._waiting[0])
        return None if self._usual is None else again(self._usual)

    def rest(self) -> list[Probe]:
        """Those to be made again where nothing else is left to try: the usual inputs first."""
        usual = [] if self._usual is None or self.not_judged else [self._usual]
        return [again(one) for one in (*usual, *self._first, *self._telling, *self._waiting)][:REST]

    def judge(self, tried: Tried) -> Suspicion | None:
        """Whether one that was made again gave something else."""
        first = tried.probe.again
        if first is None or self.not_judged or tried.limit_s is not None:
            return None
        detail = self.differ(first, tried)
        if detail is None:
            return None
        return Suspicion(rule=RULES[1], cause="another output", detail=detail, tried=tried)

    def is_judged(self, tried: Tried) -> bool:
        """Whether a difference of what this gave would say anything."""
        sound = tried.succeeded and not self.not_judged
        return sound and self._is_seeded(tried.probe.inputs)

    def differ(self, first: Tried, second: Tried) -> str | None:
        """How the second output differs from the first, in words."""
        if first.succeeded != second.succeeded:
            return f"first it succeeded, later not: {second.error or 'no reason given'}"
        if not first.succeeded:
            return None
        for one in compare(first.output, second.output, self._alike):
            if not asides.is_told(one.place, first.output, self._source):
                return f"{one.place} differs: {one.detail}"
        is_other = precision.differs(first.output, second.output)
        return "its numbers have another precision" if is_other else None

    def confirmed(self, suspicion: Suspicion, runs: Runs) -> Suspicion | None:
        """What it is: chance where a seed was given, or that others change it, and which."""
        first = suspicion.tried.probe.again
        if first is None:
            return None
        probe = again(first)
        one, two = runs.one(probe), runs.one(probe)
        if self.differ(one, two):
            rule = RULES[0] if self.has_seed else RULES[1]
            cause = "another output each time"
            return None if self._is_free else _named(suspicion, rule, cause, ())
        # what was made beside others may be theirs, and no state of the process
        is_own = runs.parallel == 1 or not self._source.runs_at_once
        stays = is_own and self.differ(first, two) is not None
        culprits = self._culprits(suspicion, probe, two, runs)
        if not culprits and not stays:
            return None
        before = culprits or _between(runs, first, suspicion.tried)
        return _named(suspicion, RULES[1], suspicion.cause, before)

    def _culprits(
        self, suspicion: Suspicion, probe: Probe, now: Tried, runs: Runs
    ) -> tuple[Inputs, ...]:
        """Inputs after each of which the other gives something else: what one did, one undoes."""
        found: list[Inputs] = []
        for inputs in _nearest(runs, suspicion.tried):
            if inputs == probe.inputs:
                continue
            runs.one(Probe(inputs=inputs, layer="again"))
            after = runs.one(probe)
            if self.differ(now, after):
                found.append(inputs)
            if len(found) == 2:
                break
            now = after
        return tuple(found)

    def _seed_of(self, tried: Tried) -> Field | None:
        return next((one for one in self._seeds if one.name in tried.probe.changed), None)

    def _is_seeded(self, inputs: Inputs) -> bool:
        """Whether nothing is left to chance, and nothing is to be remembered."""
        if remembered.is_kept(self._keys, inputs):
            return False
        if any(inputs.get(one.name, one.default) for one in self._dice):
            return False
        return all(
            one.name in inputs and not self._is_chance(one, inputs[one.name]) for one in self._seeds
        )

    def _is_chance(self, seed: Field, value: object) -> bool:
        """Whether this seed means that there is none."""
        if value is None or (isinstance(value, int | float) and value < 0):
            return True
        said = seed.description.lower()
        return value == 0 and "random" in said and "0" in said


def again(tried: Tried) -> Probe:
    """The same once more."""
    probe = tried.probe
    return Probe(inputs=probe.inputs, layer="again", changed=probe.changed, again=tried)


def _named(suspicion: Suspicion, rule: str, cause: str, before: tuple[Inputs, ...]) -> Suspicion:
    return Suspicion(
        rule=rule, cause=cause, detail=suspicion.detail, tried=suspicion.tried, before=before
    )


def _nearest(runs: Runs, last: Tried) -> list[Inputs]:
    """What was sent just before, then the last that changed each of the other inputs."""
    earlier = [one.probe for one in runs.history if one.number < last.number]
    near = [one for one in reversed(earlier) if one.again is None]
    kinds = {one.changed: one for one in reversed(near[CULPRITS:])}
    return [one.inputs for one in (*near[:CULPRITS], *[*reversed(kinds.values())][:CULPRITS])]


def _between(runs: Runs, first: Tried, last: Tried) -> tuple[Inputs, ...]:
    """What was sent between the two."""
    numbers = range(first.number + 1, last.number)
    return tuple(one.probe.inputs for one in runs.history if one.number in numbers)[-40:]
