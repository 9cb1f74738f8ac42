"""Two texts: where they part, and how much of them is other."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from safepush.compare.difference import Difference

#: beyond this, what lies between the common start and end counts as other as a whole
MAX_MATCHED = 2_000
_EXCERPT = 60


def text_difference(expected: str, actual: str, place: str) -> Iterator[Difference]:
    """At most one difference, at the first character that is other."""
    if expected == actual:
        return
    start = common(expected, actual)
    detail = f"at character {start + 1}: {_from(actual, start)} instead of {_from(expected, start)}"
    amount = _part(expected, actual, start)
    yield Difference(place=place, kind="text", detail=detail, metric="text", amount=amount)


def common(a: str, b: str) -> int:
    """The length of the start that two texts share."""
    pairs = enumerate(zip(a, b, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(a), len(b)))


def _part(a: str, b: str, start: int) -> float:
    a, b, whole = a[start:], b[start:], max(len(a), len(b))
    end = common(a[::-1], b[::-1])
    a, b = a[: len(a) - end], b[: len(b) - end]
    longer = max(len(a), len(b))
    if longer <= MAX_MATCHED:
        blocks = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
        longer -= sum(block.size for block in blocks)
    return longer / whole


def _from(text: str, start: int) -> str:
    piece = text[start : start + _EXCERPT]
    return repr(piece) if piece else "the end of the text"
