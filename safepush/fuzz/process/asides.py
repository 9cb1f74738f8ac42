"""What an output tells of its own making: when it was, how long it took, what was known before."""

import re
from typing import Any

from safepush.fuzz.code.source import Source

_CLOCK = re.compile(
    r"(?:^|[._\W])(?:m?s|milliseconds?|millis|sec(?:ond)?s?|minutes?|time|times?tamps?|date(?:time)?"
    r"|elapsed|took|latency|runtime|took_\w+|\w+_(?:m?s|at|on|time|date|seconds|milliseconds)"
    r"|now|today|clock|uptime|age)(?:\[\d+\])*$"
)
_RUN = re.compile(r"(?:^|[._\W])(?:request|run|job|trace|prediction|session|report)_?(?:id|uuid)$")
_KNOWN = re.compile(r"(?:^|[._\W])(?:\w+_)?(?:cached?|cache_hit|remembered|reused|from_cache)$")


def is_told(place: str, output: Any, source: Source) -> bool:
    """Whether a member of an output may differ each time: by its name, and by what the code uses.

    That is a time where it asks for the time, an id of this run where it uses chance, and a switch
    that says whether something was known already.
    """
    name = place.lower()
    if source.uses_clock and _CLOCK.search(name):
        return True
    if source.uses_chance and _RUN.search(name):
        return True
    return bool(_KNOWN.search(name)) and isinstance(_at(output, place), bool)


def _at(output: Any, place: str) -> Any:
    """What is at a place such as `output.items[0].cached`; None where there is nothing."""
    found = output
    for name, number in re.findall(r"\.(\w+)|\[(\d+)\]", place):
        if name:
            found = found.get(name) if isinstance(found, dict) else None
        else:
            is_there = isinstance(found, list) and int(number) < len(found)
            found = found[int(number)] if is_there else None
    return found
