"""What a model printed, of which only the end is kept: what is new since it was last looked at."""

from collections.abc import Iterator

#: stands before the end that is kept
CUT = "[what was printed before this is left out]\n"
#: letters by which the place is found where two ends lie over each other
ANCHOR = 64


def news(before: str, now: str) -> str:
    """What `now` has beyond `before`, each all that was printed so far or the end of it.

    Where nothing of `before` is kept in `now`, that is all of `now`: what lies between is lost.
    """
    if now.startswith(before):
        return now[len(before) :]
    # the end is cut by bytes, so that its first letter may be half of one
    kept = now.removeprefix(CUT).lstrip("\ufffd")
    for place in _places(before, kept[:ANCHOR]):
        if kept.startswith(before[place:]):
            return kept[len(before) - place :]
    return now


def _places(before: str, anchor: str) -> Iterator[int]:
    """Where the end that is kept may begin in `before`, the longest first."""
    place = before.find(anchor)
    while place >= 0:
        yield place
        place = before.find(anchor, place + 1)
    yield from range(max(0, len(before) - ANCHOR), len(before))
