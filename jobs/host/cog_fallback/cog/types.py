"""Types of inputs and outputs that Python has no word for."""

import io
import pathlib
import urllib.request
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


class Path(pathlib.PosixPath):
    """A file, given or made."""


class URLPath(pathlib.PosixPath):
    """In cog a file that is not here yet; the files of an input always are here."""


class File(io.IOBase):
    """A file that is given opened; deprecated in cog, in favour of Path."""


class URLFile(io.IOBase):
    """A file at an address, fetched when it is first read."""

    def __init__(self, url: str, filename: str | None = None) -> None:
        if not url.startswith(("http://", "https://")):
            raise ValueError("URLFile takes an http or https address")
        self.name = filename or url.partition("?")[0].rpartition("/")[2]
        self._url = url
        self._body: Any = None

    def read(self, size: int = -1) -> bytes:
        """So many bytes, or all that are left."""
        if self._body is None:
            self._body = urllib.request.urlopen(self._url, timeout=10)  # noqa: S310 - see above
        return self._body.read(None if size < 0 else size)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.read().splitlines(keepends=True))


@dataclass(frozen=True, repr=False)
class Secret:
    """A text that shows as stars, so that it does not end up in a log."""

    secret_value: str | None = None

    def get_secret_value(self) -> str | None:
        """The text."""
        return self.secret_value

    def __str__(self) -> str:
        return "" if self.secret_value is None else "*" * 10

    def __repr__(self) -> str:
        return f"Secret({self})"


class ConcatenateIterator(Iterator[T]):
    """An iterator whose items are parts of one text."""


class AsyncConcatenateIterator(AsyncIterator[T]):
    """The same, asynchronous."""
