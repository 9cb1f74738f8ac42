"""Relations of one plain thing each that a sentence, or a name, says of an input."""

from collections.abc import Iterator, Sequence

from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.relations import defaults
from safepush.fuzz.relations.absent import Absent
from safepush.fuzz.relations.arrivals import Arrivals
from safepush.fuzz.relations.greedy import Greedy
from safepush.fuzz.relations.hues import Hues
from safepush.fuzz.relations.loudness import Loudness
from safepush.fuzz.relations.masks import Masks
from safepush.fuzz.relations.offsets import Offsets
from safepush.fuzz.relations.orthogonal import Orthogonal
from safepush.fuzz.relations.unread import Unread
from safepush.fuzz.relations.untouched import Untouched
from safepush.fuzz.relations.windows import Windows
from safepush.fuzz.runs import Runs

KINDS = (
    *(Hues, Offsets, Masks, Unread, Windows, Arrivals, Loudness, Orthogonal),
    *(Untouched, Absent, Greedy),
)


def suspicions(
    fields: Sequence[Field], first: Tried, runs: Runs, source: Source
) -> Iterator[Suspicion]:
    """Each is asked where something speaks of it, and takes no prediction else."""
    yield from defaults.suspicions(fields, first)
    for kind in KINDS:
        yield from kind(fields, first, runs, source).suspicions()
