"""A suspicion tried again, alone, and made small: what is left is a finding."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from safepush.fuzz.fields import Field
from safepush.fuzz.found import Found
from safepush.fuzz.oracles import Oracle
from safepush.fuzz.probe import Inputs, Probe, Suspicion, Tried
from safepush.fuzz.process import leaks, printed
from safepush.fuzz.process.elsewhere import CAUSE as ELSEWHERE
from safepush.fuzz.process.leaks import RULES as LEAKS
from safepush.fuzz.process.steadiness import RULES as UNSTEADY
from safepush.fuzz.process.steadiness import Steadiness
from safepush.fuzz.relations.proportion import is_in_proportion
from safepush.fuzz.runs import Runs, changes
from safepush.fuzz.shrink import shrunk

#: predictions for one finding; each that takes too long costs all of its limit
TRIES, LATE_TRIES = 40, 2
#: failed ones after which it is looked whether there is an end
MOST_BEFORE = 3
#: inputs with which something fails that does not when it is tried again, before it is looked into
FEWEST_TIMES = 3
#: predictions with the usual inputs in which it has to come up
TURNS = 30
NOW_AND_THEN = "now and then, whatever is sent: "


def fails_now_and_then(inputs: Inputs, cause: str, oracle: Oracle, runs: Runs) -> bool:
    """Whether one of many predictions of the same inputs fails for this cause, and not all do."""
    probe = Probe(inputs=inputs, layer="again")
    ends = []
    for _ in range(TURNS):
        tried = runs.one(probe)
        ends.append(tried.failed and oracle.cause(tried) == cause)
        if len(set(ends)) == 2:
            return True
    return False


@dataclass(frozen=True, kw_only=True)
class Confirmer:
    """Confirms and shrinks, with predictions of its own."""

    fields: Sequence[Field]
    oracle: Oracle
    steadiness: Steadiness
    runs: Runs

    def found(self, suspicion: Suspicion) -> Found | str:
        """The finding, or why it is none."""
        found = self._found(suspicion)
        if found is None:
            return f"seen once and not again: {suspicion.rule}, {suspicion.detail}"
        return found

    def _found(self, suspicion: Suspicion) -> Found | str | None:
        if suspicion.cause == ELSEWHERE:  # was tried again in both processes
            return self._told(suspicion, suspicion.tried.probe.inputs)
        if suspicion.rule in UNSTEADY and not suspicion.is_proven:
            return self._unsteady(suspicion)
        inputs = suspicion.tried.probe.inputs
        if suspicion.is_proven or suspicion.rule == "fuzz-slow":  # was tried often enough before
            return self._told(suspicion, inputs)
        if suspicion.rule in LEAKS:
            return self._grows(suspicion, inputs)
        if suspicion.rule == "fuzz-timeout" and is_in_proportion(suspicion.tried, self.runs):
            return f"long inputs take long, in proportion: {suspicion.cause}"
        # of a machine that is slow for now no input is the cause
        slowness = self.runs.slowness() if suspicion.rule == "fuzz-timeout" else 1.0
        if not self._shows(suspicion, inputs, times=2.0 * slowness):
            late = suspicion.rule == "fuzz-timeout"
            return self._blocked(suspicion) if late else self._now_and_then(suspicion)
        if suspicion.rule == "fuzz-timeout" and self.runs.slowness() > 2.0 * slowness:
            return f"late while the usual inputs were late too: {suspicion.cause}"
        return self._told(suspicion, self._small(suspicion, inputs))

    def _now_and_then(self, suspicion: Suspicion) -> Found | None:
        """Whether it fails so with the usual inputs too, if only often enough: by its count."""
        seen = {
            one.probe.key
            for one in self.runs.history
            if one.failed and self.oracle.cause(one) == suspicion.cause
        }
        if suspicion.rule != "fuzz-crash" or len(seen) < FEWEST_TIMES:
            return None
        base = self.oracle.base
        if fails_now_and_then(base, suspicion.cause, self.oracle, self.runs):
            cause = f"{NOW_AND_THEN}{suspicion.cause}"
            return self._told(replace(suspicion, cause=cause), base)
        return None

    def _blocked(self, suspicion: Suspicion) -> Found | None:
        """Whether there is no end after one that failed before it: it left something taken."""
        number = suspicion.tried.number
        failed = [one for one in self.runs.history if one.failed and one.number < number]
        inputs = self.oracle.base
        for one in failed[-MOST_BEFORE:]:
            ends = [self._end_after(one.probe.inputs, inputs) for _ in range(2)]
            if all(end.limit_s is not None for end in ends):
                told = "no end after one that failed"
                later = replace(ends[0], number=number)
                found = replace(suspicion, cause=told, detail=told, tried=later)
                return self._told(replace(found, before=(one.probe.inputs,)), inputs)
        return None

    def _end_after(self, before: Inputs, inputs: Inputs) -> Tried:
        self.runs.one(Probe(inputs=before, layer="again"))
        return self.runs.one(Probe(inputs=inputs, layer="again"))

    def _unsteady(self, suspicion: Suspicion) -> Found | None:
        """What the same inputs give otherwise, tried again in their way."""
        if suspicion.cause == printed.CAUSE:
            inputs = suspicion.tried.probe.inputs
            return self._told(suspicion, inputs) if printed.is_so(inputs, self.runs) else None
        confirmed = self.steadiness.confirmed(suspicion, self.runs)
        return None if confirmed is None else self._told(confirmed, confirmed.tried.probe.inputs)

    def _grows(self, suspicion: Suspicion, inputs: Inputs) -> Found | str:
        """What was left twice, over and over: a store with an end to it has come to that by now."""
        before = suspicion.before
        series = leaks.again(self.runs, inputs, self.fields, suspicion.cause, before)
        grown = [one for one in series.suspicions() if one.rule == suspicion.rule]
        if not grown:
            return f"something was left, and no more after a while: {suspicion.cause}"
        return self._told(replace(suspicion, detail=grown[0].detail), inputs)

    def _shows(self, suspicion: Suspicion, inputs: Inputs, *, times: float = 1.0) -> bool:
        tried = self.runs.one(
            Probe(inputs=inputs, layer="shrink", changed=suspicion.tried.probe.changed),
            times=times,
            whole=True,
        )
        if suspicion.rule == "fuzz-timeout" and tried.seconds > self.runs.limit_s * max(
            1.0, times / 2
        ):
            return True  # it came to an end this time, and not much sooner
        return any(
            one.rule == suspicion.rule and one.cause == suspicion.cause
            for one in self.oracle.judge(tried)
        )

    def _small(self, suspicion: Suspicion, inputs: Inputs) -> Inputs:
        left = LATE_TRIES if suspicion.rule == "fuzz-timeout" else TRIES

        def shows(candidate: Inputs) -> bool:
            nonlocal left
            left -= 1
            return left >= 0 and self._valid(candidate) and self._shows(suspicion, candidate)

        needed = frozenset(one.name for one in self.fields if one.required)
        kept = inputs if suspicion.rule == "fuzz-refused" else None
        return kept or shrunk(inputs, self.oracle.base, needed, shows)

    def _valid(self, inputs: Inputs) -> bool:
        known = {one.name: one for one in self.fields}
        return all(name not in known or known[name].takes(each) for name, each in inputs.items())

    def _told(self, suspicion: Suspicion, inputs: Inputs) -> Found:
        base = self.oracle.base
        # what is left out is as usual, unless leaving it out is what shows it
        names = [name for name in changes(base, inputs) if name in inputs]
        return Found(
            rule=suspicion.rule,
            cause=suspicion.cause,
            detail=suspicion.detail,
            inputs=inputs,
            names=names,
            before=suspicion.before,
            number=suspicion.tried.number,
        )
