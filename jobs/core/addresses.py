"""The addresses of output files: the API's, and those at a batch's destination."""

import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote


def exported_file(place: str) -> str:
    """Where a row's file lies in the folder at the destination; `place` is `ROW/NAME`."""
    return f"files/{place}"


def exported(chunks: Iterable[bytes], batch: str, url: str) -> Iterator[bytes]:
    """Result lines with addresses below `url` where the API's addresses of files stood.

    A batch's id cannot be guessed, so a string that is such an address is one of ours.
    """
    path = f"/v1/batches/{batch}/files/".encode()
    # a quote after a backslash does not begin a string
    theirs = rb'(?<!\\)"https?://[^"\\\s]{1,500}%b\d+\.\d+/(\d+)/([^"\\/\s]+)"'
    pattern = re.compile(theirs % re.escape(path))

    def ours(found: re.Match[bytes]) -> bytes:
        place = f"{found[1].decode()}/{unquote(found[2].decode())}"
        return json.dumps(url + exported_file(place), ensure_ascii=False).encode()

    for lines in _whole_lines(chunks):
        yield pattern.sub(ours, lines) if path in lines else lines


def _whole_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    rest: list[bytes] = []
    for chunk in chunks:
        head, newline, tail = chunk.rpartition(b"\n")
        if newline:
            yield b"".join([*rest, head, newline])
            rest = []
        if tail:
            rest.append(tail)
    if rest:
        yield b"".join(rest)
