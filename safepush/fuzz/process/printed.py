"""What the same inputs print, once more each time: something is added where it was added before."""

from collections import Counter

from safepush.fuzz.probe import Inputs, Probe, Suspicion, Tried
from safepush.fuzz.runs import Runs

RULE = "fuzz-state-leak"
CAUSE = "prints the same more often each time"
#: shorter lines are dots and rules
SHORTEST = 4


def suspicion(tried: Tried) -> Suspicion | None:
    """That of a prediction which was made before, and printed a line less often then."""
    first = tried.probe.again
    if first is None or not _added(first, tried):
        return None
    detail = "a line is printed once more by the same inputs each time"
    return Suspicion(rule=RULE, cause=CAUSE, detail=detail, tried=tried)


def is_so(inputs: Inputs, runs: Runs) -> bool:
    """Whether it goes on: of three more, each prints a line more often than the one before."""
    one, two, three = (runs.one(Probe(inputs=inputs, layer="again")) for _ in range(3))
    return bool(_added(one, two) & _added(two, three))


def _added(first: Tried, later: Tried) -> set[str]:
    """Lines that the first printed, and the later one more often."""
    before, now = _lines(first), _lines(later)
    return {line for line, count in before.items() if now[line] > count}


def _lines(tried: Tried) -> Counter[str]:
    logs = "" if tried.prediction is None else tried.prediction.logs
    lines = (line.strip() for line in logs.splitlines())
    return Counter(line for line in lines if len(line) >= SHORTEST)
