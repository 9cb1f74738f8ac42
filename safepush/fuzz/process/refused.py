"""What a refusal changes before it comes: the usual inputs after one with all else otherwise."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from safepush.fuzz.failure import Failure
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Probe, Suspicion, Tried
from safepush.fuzz.process.steadiness import Steadiness, again
from safepush.fuzz.runs import Runs

#: kinds of refusals; two predictions each
MOST = 3


def suspicions(
    fields: Sequence[Field],
    first: Tried,
    runs: Runs,
    steadiness: Steadiness,
    refusal: Callable[[Tried], Failure | None],
) -> Iterator[Suspicion]:
    """The usual inputs that give something else after such a refusal."""
    if not steadiness.is_judged(first):
        return
    for at, tried in enumerate(kinds(runs, refusal)[:MOST]):
        changes = others(fields, tried, at)
        if changes:
            inputs = {**tried.probe.inputs, **changes}
            runs.one(Probe(inputs=inputs, layer="again", changed=(*tried.probe.changed, *changes)))
            found = steadiness.judge(runs.one(again(first)))
            if found is not None:
                yield found
                return


def kinds(runs: Runs, refusal: Callable[[Tried], Failure | None]) -> list[Tried]:
    """The first of each kind of refusal, those of several inputs before all others."""
    found: dict[str, Tried] = {}
    for one in runs.history:
        told = refusal(one)
        if told is not None:
            found.setdefault(told.cause, one)
    # a check of several inputs comes late, as a rule: then more was changed before it
    return sorted(found.values(), key=lambda one: -len(one.probe.changed))


def others(fields: Sequence[Field], tried: Tried, at: int) -> Mapping[str, Any]:
    """Each choice and switch that was as usual, with another value: not the same one each time."""
    made = {}
    for one in fields:
        is_open = bool(one.choices) and not one.is_seed and one.name not in tried.probe.changed
        usual = tried.probe.inputs.get(one.name, one.default)
        values = [value for value in one.choices if value != usual and one.takes(value)]
        if is_open and values:
            made[one.name] = values[-1 - at % len(values)]
    return made
