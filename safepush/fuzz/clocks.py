"""What an output tells of its own making: when it was, and how long it took."""

import re

from safepush.fuzz.source import Source

_NAMES = re.compile(
    r"(?:^|[._\W])(?:m?s|milliseconds?|millis|sec(?:ond)?s?|minutes?|time|times?tamps?|date(?:time)?"
    r"|elapsed|took|latency|runtime|took_\w+|\w+_(?:m?s|at|on|time|date|seconds|milliseconds)"
    r"|now|today|clock|uptime|age)(?:\[\d+\])*$"
)


def is_told(place: str, source: Source) -> bool:
    """Whether a member of an output differs each time, since the code asks what time it is."""
    return source.uses_clock and bool(_NAMES.search(place.lower()))
