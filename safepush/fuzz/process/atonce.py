"""Predictions made at once, by a model that says it can: each must give what it gives alone."""

from collections.abc import Iterator, Sequence

from safepush.fuzz.probe import Inputs, Probe, Suspicion, Tried
from safepush.fuzz.process.steadiness import RULES, Steadiness
from safepush.fuzz.runs import Runs

CAUSE = "another output beside others that are made at once"
#: inputs that are made at once
MOST = 4
#: times that it has to come out wrong
TIMES = 2


def suspicions(runs: Runs, steadiness: Steadiness) -> Iterator[Suspicion]:
    """The first input that gives something else beside others than by itself."""
    chosen = _unlike(runs.history, steadiness)[: min(MOST, runs.parallel)]
    found = mixed([one.probe.inputs for one in chosen], runs, steadiness)
    if found is not None:
        tried, detail = found
        before = tuple(one.probe.inputs for one in chosen if one.probe.inputs != tried.probe.inputs)
        yield Suspicion(
            rule=RULES[1], cause=CAUSE, detail=detail, tried=tried, before=before, is_proven=True
        )


def mixed(inputs: Sequence[Inputs], runs: Runs, steadiness: Steadiness) -> tuple[Tried, str] | None:
    """One of them that gives something else beside the others, each time, and what."""
    if len(inputs) < 2:
        return None
    alone = [runs.one(_probe(one)) for one in inputs]
    wrong = [_differing(alone, runs, steadiness) for _ in range(TIMES)]
    return wrong[-1][0] if all(wrong) else None


def _differing(
    alone: Sequence[Tried], runs: Runs, steadiness: Steadiness
) -> list[tuple[Tried, str]]:
    made = runs.all([_probe(one.probe.inputs) for one in alone])
    told = ((tried, steadiness.differ(own, tried)) for own, tried in zip(alone, made, strict=True))
    return [(tried, detail) for tried, detail in told if detail is not None]


def _unlike(history: Sequence[Tried], steadiness: Steadiness) -> list[Tried]:
    """Short inputs that gave outputs unlike each other."""
    found: dict[str, Tried] = {}
    for one in history:
        if one.probe.again is None and steadiness.is_judged(one):
            found.setdefault(repr(one.output), one)
    return sorted(found.values(), key=lambda one: len(repr(one.probe.inputs)))


def _probe(inputs: Inputs) -> Probe:
    return Probe(inputs=inputs, layer="at once")
