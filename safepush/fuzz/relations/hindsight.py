"""What all predictions say together, once they are made."""

from collections.abc import Iterable, Iterator, Sequence

from safepush.compare import Tolerance
from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Inputs, Suspicion
from safepush.fuzz.relations import containers, effects, foreign, learned, wraps
from safepush.fuzz.runs import Runs


def suspicions(
    fields: Sequence[Field],
    runs: Runs,
    source: Source,
    base: Inputs,
    alike: Tolerance | None,
    known: Iterable[tuple[str, str]] = (),
) -> Iterator[Suspicion]:
    """What was tried again by then.

    `alike`: None where outputs differ by themselves. `known` are the rules and causes
    of what is suspected already.
    """
    if foreign.RULE not in [rule for rule, _ in known]:
        yield from foreign.suspicions(fields, runs, source, base)
    yield from learned.suspicions(fields, runs)
    if alike is not None:
        yield from effects.Effects(fields, runs, source, alike).suspicions()
        yield from effects.copies(fields, runs)
        yield from wraps.suspicions(fields, runs, base)
        yield from containers.Containers(fields, runs, source, base).suspicions()
