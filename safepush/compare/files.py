"""Two files by what is in them: what they are is seen from their first bytes, not their names."""

import hashlib
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from safepush.compare.archives import archive_differences
from safepush.compare.difference import Difference
from safepush.compare.texts import text_difference

MAX_BYTES = 256 << 20
MAX_JSON_BYTES = 32 << 20
MAX_NESTED = 2
WANTS_PYAV = (
    "is looked into with PyAV, which is not installed:"
    " pip install '.[video]' in a checkout of Penstock"
)

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"%PDF", "application/pdf"),
    (b"\x1f\x8b", "application/gzip"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"\x93NUMPY", "application/x-npy"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/avi"}
_BRANDS = {b"avif": "image/avif", b"heic": "image/heic"}


def media_type(content: bytes) -> str:
    """What a file is, by its first bytes."""
    if content[:4] == b"RIFF":
        return _RIFF.get(content[8:12], "application/octet-stream")
    if content[4:8] == b"ftyp":
        return _BRANDS.get(content[8:12], "video/mp4")
    if content[:2] == b"BM" and content[6:10] == bytes(4):
        return "image/bmp"
    for start, name in _MAGIC:
        if content.startswith(start):
            return name
    return _texts(content)


def _texts(content: bytes) -> str:
    if not content:
        return "empty"
    if b"\x00" in content[:4096]:
        return "application/octet-stream"
    try:
        content[:4096].decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        if exc.start < 4090:  # else a character that the cut went through
            return "application/octet-stream"
    return "application/json" if content.lstrip()[:1] in (b"{", b"[") else "text/plain"


@dataclass(frozen=True)
class Look:
    """How to compare what is found inside a file; `depth` counts files within files."""

    values: Callable[[Any, Any, str], Iterator[Difference]]
    depth: int = 0

    def files(self, expected: bytes, actual: bytes, place: str) -> Iterator[Difference]:
        """Two files that lie in the two files."""
        return file_differences(expected, actual, place, replace(self, depth=self.depth + 1))


def file_differences(
    expected: bytes, actual: bytes, place: str, look: Look
) -> Iterator[Difference]:
    """Every difference of two files; one that cannot be read is told, and is never alike."""
    if expected == actual:
        return
    ours, theirs = media_type(expected), media_type(actual)
    if ours != theirs:
        yield Difference(place=place, kind="media-type", detail=f"{theirs} instead of {ours}")
    elif max(len(expected), len(actual)) > MAX_BYTES:
        detail = f"other bytes; larger than {MAX_BYTES >> 20} MiB, so not looked into"
        yield Difference(place=place, kind="too-large", detail=detail)
    else:
        reader = _READERS.get(ours) or _READERS.get(ours.partition("/")[0]) or _bytes
        yield from reader(expected, actual, place, look)


def _bytes(
    expected: bytes, actual: bytes, place: str, _: Look, why: str = "is not looked into"
) -> Iterator[Difference]:
    """Nothing is known of what is in them."""
    if len(expected) != len(actual):
        detail = f"{len(actual):,} bytes instead of {len(expected):,}"
    else:
        detail = f"{_sha(actual)} instead of {_sha(expected)}"
    told = f"other bytes: {detail} ({media_type(expected)} {why})"
    yield Difference(place=place, kind="bytes", detail=told)


def _sha(content: bytes) -> str:
    return f"sha256 {hashlib.sha256(content).hexdigest()[:12]}"


def _image(expected: bytes, actual: bytes, place: str, _: Look) -> Iterator[Difference]:
    from safepush.compare.images import image_differences

    return image_differences(expected, actual, place)


def _sound(expected: bytes, actual: bytes, place: str, _: Look) -> Iterator[Difference]:
    from safepush.compare.sounds import sound_differences

    return sound_differences(expected, actual, place)


def _video(expected: bytes, actual: bytes, place: str, look: Look) -> Iterator[Difference]:
    try:
        from safepush.compare.videos import video_differences
    except ModuleNotFoundError:
        return _bytes(expected, actual, place, look, WANTS_PYAV)
    return video_differences(expected, actual, place)


def _archive(expected: bytes, actual: bytes, place: str, look: Look) -> Iterator[Difference]:
    if look.depth >= MAX_NESTED:
        return _bytes(expected, actual, place, look)
    return archive_differences(expected, actual, place, look.files)


def _gzip(expected: bytes, actual: bytes, place: str, look: Look) -> Iterator[Difference]:
    ours, theirs = _unpacked(expected), _unpacked(actual)
    if ours is None or theirs is None or look.depth >= MAX_NESTED:
        return _bytes(expected, actual, place, look)
    return look.files(ours, theirs, place)


def _unpacked(content: bytes) -> bytes | None:
    """What one gzip member holds, or None where it is damaged or unpacks to too much."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacker.decompress(content, MAX_BYTES)
    except zlib.error:
        return None
    return unpacked if unpacker.eof and not unpacker.unused_data else None


def _text(expected: bytes, actual: bytes, place: str, look: Look) -> Iterator[Difference]:
    try:
        ours, theirs = expected.decode("utf-8-sig"), actual.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _bytes(expected, actual, place, look)
    return text_difference(ours, theirs, place)


def _json(expected: bytes, actual: bytes, place: str, look: Look) -> Iterator[Difference]:
    """By its values: how it is written does not count, unless it cannot be read."""
    ours, theirs = _parsed(expected), _parsed(actual)
    if ours is _UNREADABLE or theirs is _UNREADABLE:
        return _text(expected, actual, place, look)
    return look.values(ours, theirs, place)


_UNREADABLE = object()


def _parsed(content: bytes) -> Any:
    if len(content) > MAX_JSON_BYTES:
        return _UNREADABLE
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return _UNREADABLE


Reader = Callable[[bytes, bytes, str, Look], Iterator[Difference]]
_READERS: dict[str, Reader] = {
    "image": _image,
    "audio/wav": _sound,
    "audio": _video,
    "video": _video,
    "application/zip": _archive,
    "application/gzip": _gzip,
    "application/json": _json,
    "text": _text,
}
