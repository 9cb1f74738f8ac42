"""The bytes of one object, on their way to whoever asked."""

from collections.abc import Iterator
from dataclasses import dataclass

from jobs.core.errors import BlobMissing, NotFound
from jobs.ports import Blobs


@dataclass(frozen=True)
class Content:
    """`chunks` are `size_bytes` in all."""

    size_bytes: int
    chunks: Iterator[bytes]


def read(blobs: Blobs, key: str, kind: str, name: str) -> Content:
    """An object, of one version from begin to end.

    Raises:
        NotFound: there is none; it says `kind` and `name`, not the key.
    """
    try:
        found = blobs.stat(key)
        return Content(found.size_bytes, blobs.open(key, if_match=found.etag))
    except BlobMissing as error:
        raise NotFound(kind, name) from error


def is_plain(path: str) -> bool:
    """Whether a path from outside may be part of a key: no empty, `.` or `..` parts."""
    parts = path.split("/")
    return path.isprintable() and "\\" not in path and not {"", ".", ".."} & set(parts)
