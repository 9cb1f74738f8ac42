"""All relations that take a few predictions of their own, one after the other."""

from collections.abc import Callable, Iterator, Sequence

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
from safepush.fuzz.relations.echoes import Echoes
from safepush.fuzz.relations.enlarged import Enlarged
from safepush.fuzz.relations.equations import Equations
from safepush.fuzz.relations.falsy import Falsy
from safepush.fuzz.relations.filled import Filled
from safepush.fuzz.relations.groups import Groups
from safepush.fuzz.relations.hollow import Hollow
from safepush.fuzz.relations.included import Included
from safepush.fuzz.relations.letters import Letters
from safepush.fuzz.relations.namesakes import Namesakes
from safepush.fuzz.relations.ordered import Ordered
from safepush.fuzz.relations.overflows import Overflows
from safepush.fuzz.relations.places import Places
from safepush.fuzz.relations.quoted import Quoted
from safepush.fuzz.relations.rates import Rates
from safepush.fuzz.relations.sayings import Sayings
from safepush.fuzz.relations.shades import Shades
from safepush.fuzz.relations.spans import Shifted
from safepush.fuzz.relations.strength import Strength
from safepush.fuzz.relations.ties import Ties
from safepush.fuzz.relations.under import Under
from safepush.fuzz.relations.wholewords import WholeWords
from safepush.fuzz.runs import Runs

LAST = (
    *(Affixes, Blanks, Echoes, Enlarged, Filled, Groups, Hollow, Included, Letters, Namesakes),
    *(Ordered, Quoted, Under, WholeWords, Choices, Rates, Shades, Overflows),
)


def suspicions(
    fields: Sequence[Field],
    first: Tried,
    runs: Runs,
    source: Source,
    alike: Tolerance,
    is_over: Callable[[], bool] = lambda: False,
) -> Iterator[Suspicion]:
    """What does not hold together, tried twice; `first` are the usual inputs and what they gave.

    No relation is begun once `is_over`, which says whether the budget is.
    """
    given = (fields, first, runs)
    asked = (
        plainly.suspicions(*given, source),
        Sayings(*given, alike).suspicions(),
        Equations(*given, source, alike).suspicions(),
        Shifted(*given, source).suspicions(),
        Around(*given).suspicions(),
        Places(*given, source).suspicions(),
        Cases(*given).suspicions(),
        Ties(*given, source).suspicions(),
        Falsy(*given).suspicions(),
        Strength(*given).suspicions(),
        *(kind(*given, source).suspicions() for kind in LAST),
    )
    for found in asked:
        if is_over():
            return
        yield from found
