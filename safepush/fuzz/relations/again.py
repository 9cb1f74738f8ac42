"""What predictions did not say together, asked again of a version."""

from collections.abc import Iterator, Sequence

from safepush.compare import Tolerance
from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.promises.said import twice
from safepush.fuzz.relations import together, wraps
from safepush.fuzz.relations.containers import Containers
from safepush.fuzz.relations.effects import Effects
from safepush.fuzz.runs import Runs


def is_so(
    cause: str,
    fields: Sequence[Field],
    first: Tried,
    runs: Runs,
    source: Source,
    alike: Tolerance,
) -> bool:
    """Whether one relation is broken for the same cause; `first` are the usual inputs."""
    return any(one.cause == cause for one in _all(fields, first, runs, source, alike))


def _all(
    fields: Sequence[Field], first: Tried, runs: Runs, source: Source, alike: Tolerance
) -> Iterator[Suspicion]:
    """Those that look at what was made anyway come first: they take few predictions."""
    base = first.probe.inputs
    yield from Effects(fields, runs, source, alike).suspicions()
    yield from wraps.suspicions(fields, runs, base)
    yield from together.suspicions(fields, first, runs, source, alike)
    for _, suspicion in twice.tries(fields, first, runs, source, alike):
        if suspicion is not None:
            yield suspicion
    yield from Containers(fields, runs, source, base).suspicions()
