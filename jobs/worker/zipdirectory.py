"""The directory at the end of a zip: found and counted without bringing it into memory.

The standard library reads all of it at once, and makes an object of each entry.
"""

import os
import struct
from dataclasses import dataclass
from typing import IO

_END, _END_SIG = struct.Struct("<4s4H2LH"), b"PK\5\6"
_END64, _END64_SIG = struct.Struct("<4sQ2H2L4Q"), b"PK\6\6"
_LOCATOR, _LOCATOR_SIG = struct.Struct("<4sLQL"), b"PK\6\7"
_ENTRY, _ENTRY_SIG = struct.Struct("<4s24x3H12x"), b"PK\1\2"
#: how far before the end the end record may begin: there may be a comment behind it
_MOST_END = _END.size + 0xFFFF
STARTS = (b"PK\3\4", _END_SIG, b"PK\7\x08")


class Damaged(Exception):
    """This is no whole directory of a zip; the text completes the sentence "the zip ..."."""


@dataclass(frozen=True)
class End:
    """What the end record says; `place` is where the directory ends."""

    entries: int
    size_bytes: int
    offset: int
    place: int


def find(file: IO[bytes]) -> End | None:
    """The end record, as the standard library finds it; None if there is none."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _MOST_END))
    tail = file.read(_MOST_END)
    bare = tail[-_END.size :]
    at = len(tail) - _END.size
    if not (bare.startswith(_END_SIG) and bare.endswith(b"\0\0")):
        at = tail.rfind(_END_SIG)
    if at < 0 or len(tail) - at < _END.size:
        return None
    place = size - len(tail) + at
    *_, entries, size_bytes, offset, _ = _END.unpack_from(tail, at)
    return _find64(file, place) or End(entries, size_bytes, offset, place)


def _find64(file: IO[bytes], place: int) -> End | None:
    """What stands before the end record of a zip with more or larger entries than that can say."""
    start = place - _LOCATOR.size - _END64.size
    if start < 0:
        return None
    file.seek(start)
    head = file.read(_END64.size + _LOCATOR.size)
    if not (head.startswith(_END64_SIG) and head[_END64.size :].startswith(_LOCATOR_SIG)):
        return None
    *_, entries, size_bytes, offset = _END64.unpack_from(head)
    return End(entries, size_bytes, offset, start)


def is_zip(file: IO[bytes]) -> bool:
    """Whether somebody would open this as a zip, whatever stands before the zip in it."""
    file.seek(0)
    if file.read(4) in STARTS:
        return True
    end = find(file)
    if end is None or end.size_bytes > end.place:
        return False
    file.seek(end.place - end.size_bytes)
    return file.read(4) == _ENTRY_SIG


def check(file: IO[bytes], most: int, most_bytes: int) -> None:
    """See that there are at most so many entries, in a directory of at most so many bytes.

    Raises:
        Damaged: there are more, or it is not whole.
    """
    end = find(file)
    if end is None:
        raise Damaged("is cut short: the directory at its end is missing")
    if end.entries > most:
        raise Damaged(f"has {end.entries:,} entries, and may have {most:,}")
    if end.size_bytes > most_bytes:
        raise Damaged(f"has a directory of {end.size_bytes:,} bytes, and may have {most_bytes:,}")
    if end.offset + end.size_bytes != end.place:
        raise Damaged("is cut short, or stands behind other bytes: its directory lies elsewhere")
    _count(file, end, most)


def _count(file: IO[bytes], end: End, most: int) -> None:
    """The entries there are, for an end record may say anything."""
    at, found = end.offset, 0
    file.seek(at)
    while at < end.place:
        head = file.read(_ENTRY.size)
        if len(head) < _ENTRY.size or not head.startswith(_ENTRY_SIG):
            raise Damaged("is damaged: its directory holds what is no entry")
        found += 1
        if found > most:
            raise Damaged(f"has more than {most:,} entries, which is all it may have")
        rest = sum(_ENTRY.unpack(head)[1:])
        at += _ENTRY.size + rest
        file.seek(rest, os.SEEK_CUR)
    if at != end.place or found != end.entries:
        raise Damaged(f"says that it has {end.entries:,} entries, and has {found:,}")
