"""The same inputs in another process, in another order.

What depends on the order of a set or on an address shows there, and what is kept by too little.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from safepush.compare import File
from safepush.fuzz.code import keeping, orders
from safepush.fuzz.code.source import Source
from safepush.fuzz.probe import Probe, Suspicion, Tried
from safepush.fuzz.process.steadiness import RULES, Steadiness, again
from safepush.fuzz.runs import Runs

CAUSE = "another output in another process"
#: inputs that are tried there; two elements of a set have the same order every other time
MOST = 12
#: of those that seemed to change nothing
MOST_UNMOVED = 8
#: whose are tried first: the farthest from what is usual, then what is nearly the same
_ORDER = {"boundaries": 0, "beside": 1}


def may_differ(source: Source) -> bool:
    """Whether the code lets it be thought that another process gives something else."""
    return keeping.keeps(source) or orders.depends_on_process(source)


def suspicions(
    here: Runs, there: Runs, steadiness: Steadiness, base: Tried, source: Source
) -> Iterator[Suspicion]:
    """The first input that gives the one thing here and the other there, each time it is tried."""
    keeps = keeping.keeps(source)
    fresh = _unmoved(here.history, base, steadiness) if keeps else []
    # what is made once and for all there must not be made of the usual inputs, as here
    first = _changed_most(here.history, steadiness) if keeps else []
    for tried in (*first, *fresh, base, *_telling(here.history, steadiness)):
        other = there.one(_again(tried))
        if other.refused or other.limit_s is not None or there.spent or here.spent:
            return
        detail = steadiness.differ(tried, other)
        if detail is None:
            continue
        now = here.one(again(tried))
        changed = steadiness.judge(now)
        if changed is not None:  # it is another one here too by now
            yield changed
        elif steadiness.differ(other, there.one(_again(tried))) is None:
            # each process is of one mind, so it is neither chance nor what was sent before
            yield Suspicion(rule=RULES[0], cause=CAUSE, detail=detail, tried=tried)
        return


def _telling(history: Sequence[Tried], steadiness: Steadiness) -> list[Tried]:
    """Those with the longest outputs: the more there is, the more can change places."""
    found = {repr(one.output): one for one in history if steadiness.is_judged(one)}
    return sorted(found.values(), key=_length, reverse=True)[:MOST]


def _changed_most(history: Sequence[Tried], steadiness: Steadiness) -> list[Tried]:
    found = [one for one in history if steadiness.is_judged(one) and one.probe.changed]
    return [max(found, key=lambda one: len(one.probe.changed))] if found else []


def _unmoved(history: Sequence[Tried], base: Tried, steadiness: Steadiness) -> list[Tried]:
    """Those that gave what the usual inputs gave: perhaps since it was kept, for too little."""
    told = [
        one
        for one in history
        if one.probe.again is None and steadiness.is_judged(one) and one.probe.changed
    ]
    found = [one for one in told if steadiness.differ(base, one) is None]
    found += _twins([one for one in told if one.probe.layer == "beside"], steadiness)
    found = [one for one in found if _values(one)]
    # what an earlier one of these leaves there hides what a later one would show
    found.sort(
        key=lambda one: (
            not any(isinstance(value, bool) for value in _values(one)),
            _ORDER.get(one.probe.layer, len(_ORDER)),
            len(one.probe.changed),
        )
    )
    unlike: dict[tuple[Any, ...], Tried] = {}
    for one in found:
        unlike.setdefault((one.probe.changed, one.probe.layer == "beside"), one)
    return list(unlike.values())[:MOST_UNMOVED]


def _values(one: Tried) -> list[object]:
    """Those of the inputs that are other than usual, but for what stands for none."""
    found = (one.probe.inputs.get(name) for name in one.probe.changed)
    return [value for value in found if value is not None]


def _twins(history: Sequence[Tried], steadiness: Steadiness) -> Iterator[Tried]:
    """Those that gave what others with nearly the same inputs gave before."""
    for at, one in enumerate(history):
        earlier = (each for each in history[:at] if each.probe.changed == one.probe.changed)
        if any(steadiness.differ(each, one) is None for each in earlier):
            yield one


def _length(tried: Tried) -> int:
    output = tried.output
    return len(output.content) if isinstance(output, File) else len(repr(output))


def _again(tried: Tried) -> Probe:
    return Probe(inputs=tried.probe.inputs, layer="elsewhere", changed=tried.probe.changed)
