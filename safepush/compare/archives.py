"""Two ZIP archives, entry by entry; order, times and compression do not count."""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator

from safepush.compare.difference import Difference

MAX_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 256 << 20
Compare = Callable[[bytes, bytes, str], Iterator[Difference]]


class _Unreadable(Exception):
    """Why an archive is not looked into."""


def archive_differences(
    expected: bytes, actual: bytes, place: str, compare: Compare
) -> Iterator[Difference]:
    """What is in one and not in the other, and what `compare` finds in files that both have."""
    try:
        ours, theirs = _entries(expected), _entries(actual)
    except _Unreadable as exc:
        yield Difference(place=place, kind="unreadable", detail=str(exc))
        return
    for name, content in ours.items():
        if name not in theirs:
            yield Difference(place=f"{place}!{name}", kind="missing", detail="is not there")
        else:
            yield from compare(content, theirs[name], f"{place}!{name}")
    for name in theirs.keys() - ours.keys():
        yield Difference(place=f"{place}!{name}", kind="extra", detail="is new")


def _entries(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [one for one in archive.infolist() if not one.is_dir()]
            if len(entries) > MAX_ENTRIES:
                raise _Unreadable(f"has {len(entries):,} entries, over {MAX_ENTRIES:,}")
            left, read = MAX_UNPACKED_BYTES, {}
            for entry in entries:
                read[entry.filename] = _entry(archive, entry, left)
                left -= len(read[entry.filename])
            return read
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError) as exc:
        raise _Unreadable(f"is no ZIP archive that can be read ({type(exc).__name__})") from exc
    except (RuntimeError, EOFError) as exc:  # RuntimeError: a password is needed
        raise _Unreadable(f"holds an entry that cannot be read ({exc})") from exc


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    """The entry as it is, whatever size its header tells."""
    with archive.open(entry) as stream:
        content = stream.read(left + 1)
    if len(content) > left:
        raise _Unreadable(f"unpacks to over {MAX_UNPACKED_BYTES >> 20} MiB")
    return content
