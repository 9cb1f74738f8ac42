"""One setting changed while another stays: what was loaded for the one is not loaded anew.

Adapters, schedulers and tables that are kept under a name alone go on with what came first.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from safepush.fuzz.fields import Field
from safepush.fuzz.inputs import boundaries
from safepush.fuzz.probe import Probe, Suspicion
from safepush.fuzz.process.steadiness import Steadiness, again
from safepush.fuzz.runs import Runs

#: pairs of settings; four predictions each, of a small budget a quarter
MOST = 4
OF_BUDGET = 16


def suspicions(
    fields: Sequence[Field],
    base: Mapping[str, Any],
    runs: Runs,
    steadiness: Steadiness,
    *,
    budget: int,
) -> Iterator[Suspicion]:
    """Inputs that give another output after the usual ones than after nearly the same."""
    for first, second in islice(_pairs(fields, base), min(MOST, budget // OF_BUDGET)):
        if not runs.one(_probe(base, first)).succeeded:
            continue
        told = runs.one(_probe(base, second))
        if not steadiness.is_judged(told):
            continue
        runs.one(Probe(inputs=base, layer="again"))
        changed = steadiness.judge(runs.one(again(told)))
        if changed is not None:
            yield changed


def _probe(base: Mapping[str, Any], changes: Mapping[str, Any]) -> Probe:
    return Probe(inputs={**base, **changes}, layer="again", changed=tuple(changes))


def _pairs(
    fields: Sequence[Field], base: Mapping[str, Any]
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """A choice that is not the usual one, twice, each time with another end of a setting."""
    settings = [one for one in fields if not (one.is_seed or one.is_dice or one.is_file)]
    for name in (one for one in settings if one.choices):
        usual = base.get(name.name, name.default)
        others = [value for value in name.choices if value != usual and name.takes(value)]
        for setting in settings:
            ends = [] if setting is name else _ends(setting)
            if others and len(ends) > 1:
                kept = {name.name: others[-1]}
                yield {**kept, setting.name: ends[0]}, {**kept, setting.name: ends[-1]}


def _ends(field: Field) -> list[Any]:
    """Two values far from each other."""
    if field.choices:
        return list(field.choices)
    return boundaries.edges(field) if field.numbers is not None else []
