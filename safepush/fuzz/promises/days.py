"""Days and times of day that an output names are ones that there are."""

import re
from collections.abc import Iterator
from datetime import date

from safepush.fuzz.promises.promise import Made, Promise

_DAY = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?)?"
)


def promises() -> Iterator[Promise]:
    """One for days, and the time of day beside them."""
    yield Promise(broken="the output names a day or a time that there is not", kept=_kept)


def _kept(made: Made) -> bool | None:
    found = [_DAY.fullmatch(text.strip()) for _, text in made.texts]
    # whoever is sent a day that there is not may say so
    told = [one for one in found if one is not None and one[1] not in made.given]
    return all(map(_is, told)) if told else None


def _is(told: re.Match[str]) -> bool:
    try:
        date.fromisoformat(told[1])
    except ValueError:
        return False
    hour, minute, second = [*map(int, (told[2] or "0:0").split(":")), 0][:3]
    return hour <= 24 and minute < 60 and second <= 60
