"""What a manifest will cost, judged by its first bytes before it is read."""

import zlib
from dataclasses import dataclass

SAMPLE_BYTES = 256 * 1024
_INFLATED_BYTES = 4 * 1024 * 1024
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Head:
    """The first bytes of a manifest, and how many it has in all."""

    size_bytes: int
    start: bytes

    @property
    def is_whole(self) -> bool:
        """Whether that is all there is."""
        return len(self.start) >= self.size_bytes


@dataclass(frozen=True)
class Estimate:
    """Rows, bytes, and the seconds that one worker needs; None is what nobody can tell yet."""

    items: int | None
    #: whether the rows were counted, not judged by a sample
    exact: bool
    size_bytes: int | None
    seconds: float | None = None


def of_head(head: Head, seconds_per_item: float | None) -> Estimate:
    """What the first bytes tell of the whole."""
    items, exact = _rows(head)
    return of_rows(items, head.size_bytes, seconds_per_item, exact=exact)


def of_rows(
    items: int | None, size_bytes: int | None, seconds_per_item: float | None, *, exact: bool = True
) -> Estimate:
    """What is known of so many rows."""
    seconds = None
    if items is not None and seconds_per_item is not None:
        seconds = round(items * seconds_per_item, 1)
    return Estimate(items, exact, size_bytes, seconds)


def _rows(head: Head) -> tuple[int | None, bool]:
    if not head.start.startswith(_GZIP):
        return _judged(head.start, head.size_bytes, head.is_whole)
    inflate = zlib.decompressobj(wbits=31)
    try:
        text = inflate.decompress(head.start, _INFLATED_BYTES)
    except zlib.error:
        return None, False
    used = len(head.start) - len(inflate.unconsumed_tail) - len(inflate.unused_data)
    whole = head.is_whole and inflate.eof and not inflate.unused_data
    return _judged(text, len(text) * head.size_bytes // max(used, 1), whole)


def _judged(text: bytes, size_bytes: int, whole: bool) -> tuple[int | None, bool]:
    if whole:
        return text.count(b"\n") + (not text.endswith(b"\n") and text != b""), True
    end = text.rfind(b"\n") + 1
    if not end:
        return None, False
    return round(text.count(b"\n") * size_bytes / end), False
