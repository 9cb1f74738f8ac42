"""All relations that take a few predictions of their own, one after the other."""

from collections.abc import Iterator, Sequence

from safepush.compare import Tolerance
from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.relations import plainly
from safepush.fuzz.relations.affixes import Affixes
from safepush.fuzz.relations.around import Around
from safepush.fuzz.relations.blanks import Blanks
from safepush.fuzz.relations.cases import Cases
from safepush.fuzz.relations.choices import Choices
from safepush.fuzz.relations.enlarged import Enlarged
from safepush.fuzz.relations.equations import Equations
from safepush.fuzz.relations.falsy import Falsy
from safepush.fuzz.relations.groups import Groups
from safepush.fuzz.relations.hollow import Hollow
from safepush.fuzz.relations.letters import Letters
from safepush.fuzz.relations.namesakes import Namesakes
from safepush.fuzz.relations.ordered import Ordered
from safepush.fuzz.relations.places import Places
from safepush.fuzz.relations.rates import Rates
from safepush.fuzz.relations.sayings import Sayings
from safepush.fuzz.relations.shades import Shades
from safepush.fuzz.relations.spans import Shifted
from safepush.fuzz.relations.strength import Strength
from safepush.fuzz.relations.ties import Ties
from safepush.fuzz.relations.wholewords import WholeWords
from safepush.fuzz.runs import Runs

LAST = (
    *(Affixes, Blanks, Enlarged, Groups, Hollow, Letters, Namesakes, Ordered, WholeWords, Choices),
    *(Rates, Shades),
)


def suspicions(
    fields: Sequence[Field], first: Tried, runs: Runs, source: Source, alike: Tolerance
) -> Iterator[Suspicion]:
    """What does not hold together, tried twice; `first` are the usual inputs and what they gave."""
    yield from plainly.suspicions(fields, first, runs, source)
    yield from Sayings(fields, first, runs, alike).suspicions()
    yield from Equations(fields, first, runs, source, alike).suspicions()
    yield from Shifted(fields, first, runs, source).suspicions()
    yield from Around(fields, first, runs).suspicions()
    yield from Places(fields, first, runs, source).suspicions()
    yield from Cases(fields, first, runs).suspicions()
    yield from Ties(fields, first, runs, source).suspicions()
    yield from Falsy(fields, first, runs).suspicions()
    yield from Strength(fields, first, runs).suspicions()
    for kind in LAST:
        yield from kind(fields, first, runs, source).suspicions()
