"""From the bytes of a file to its lines: compression, byte order marks, line ends, long lines."""

import zlib
from collections.abc import Iterable, Iterator

_INFLATE_CHUNK = 1024 * 1024
#: Rows that differ in their numbers alone shrink some 30 times; what shrinks more is no manifest.
_BOMB_RATIO = 200
_BOMB_FROM_BYTES = 64 * 1024 * 1024
_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
_HEAD_BYTES = 4


class Bad(Exception):
    """What is wrong with one line, before anybody said which line it is."""

    def __init__(
        self, code: str, message: str, *, column: int | None = None, field: str | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.column = column
        self.field = field


class Broken(Bad):
    """The file cannot be read any further."""


def blocks(chunks: Iterable[bytes], cap_bytes: int) -> Iterator[bytes | None]:
    """Runs of whole lines, each with its end (the last line of all may lack it).

    None stands for one line that is over the cap; of such a line nothing is kept in memory.
    """
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        cut = chunk.rfind(b"\n") + 1
        if not cut:
            size += len(chunk)
            parts = [*parts, chunk] if size <= cap_bytes + 1 else []
            continue
        first = chunk.index(b"\n") + 1 if size else 0
        if size + first - 1 > cap_bytes + 1:  # one more for a carriage return
            yield None
            parts, chunk, cut = [], chunk[first:], cut - first
        if parts or cut:
            yield b"".join([*parts, chunk[:cut]])
        rest = chunk[cut:]
        parts, size = [rest] if rest else [], len(rest)
    if size:
        yield b"".join(parts) if size <= cap_bytes + 1 else None


def cut(block: bytes, about_bytes: int) -> Iterator[bytes]:
    """The same lines in smaller blocks: what is made of one stays in the processor's cache."""
    at = 0
    while len(block) - at > 2 * about_bytes:
        end = block.find(b"\n", at + about_bytes) + 1
        if not end:
            break
        yield block[at:end]
        at = end
    yield block[at:] if at else block


def lines(chunks: Iterable[bytes], cap_bytes: int) -> Iterator[bytes | None]:
    """Lines without their ends (LF or CRLF); None stands for one that is over the cap."""
    for block in blocks(chunks, cap_bytes):
        if block is None:
            yield None
            continue
        *whole, rest = block.split(b"\n")
        for line in whole:
            yield _line(line, cap_bytes)
        if rest:
            yield _line(rest, cap_bytes)


def _line(line: bytes, cap_bytes: int) -> bytes | None:
    line = line.removesuffix(b"\r")
    return line if len(line) <= cap_bytes else None


def opened(chunks: Iterable[bytes], notes: list[Bad]) -> Iterator[bytes]:
    """The chunks, once their first bytes look like UTF-8 text.

    A byte order mark is noted and left out, so that the lines after it are still checked.
    """
    head = b""
    waiting = iter(chunks)
    for chunk in waiting:
        head += chunk
        if len(head) >= _HEAD_BYTES:
            break
    if head.startswith(_BOM):
        message = "the file starts with a byte order mark; save it as UTF-8 without BOM"
        notes.append(Bad("byte_order_mark", message, column=1))
        head = head[len(_BOM) :]
    _refuse_other(head)
    if head:
        yield head
    yield from waiting


def _refuse_other(head: bytes) -> None:
    if head and not head[:4].strip(b"\0"):
        raise Broken("nul_bytes", "the file starts with NUL bytes: write it again, whole")
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in head[:2]:
        raise Broken("utf16", "the file is UTF-16 or UTF-32; save it as UTF-8")
    if head[:2] == _GZIP:
        raise Broken("unexpected_gzip", "the file is compressed; name it .jsonl.gz")
    if head[:2] == b"PK":
        raise Broken("unexpected_zip", "the file is a zip archive; send JSON Lines or gzip")


def inflated(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """What gzip compressed, in bounded pieces, however much a small input blows up."""
    came = gone = 0

    def counted() -> Iterator[bytes]:
        nonlocal came
        for chunk in chunks:
            came += len(chunk)
            yield chunk

    for piece in _unpacked(counted()):
        gone += len(piece)
        if gone > max(_BOMB_FROM_BYTES, came * _BOMB_RATIO):
            message = f"the compressed file is more than {_BOMB_RATIO} times as long unpacked"
            raise Broken("gzip_bomb", f"{message}; send it plain")
        yield piece


def _unpacked(chunks: Iterable[bytes]) -> Iterator[bytes]:
    inflate = None
    for chunk in chunks:
        while chunk:
            if inflate is None:
                if not chunk.strip(b"\0"):  # padding between or after members is allowed
                    break
                inflate = zlib.decompressobj(wbits=31)
            yield from _pieces(inflate, chunk)
            if not inflate.eof:
                break
            chunk, inflate = inflate.unused_data, None
    if inflate is not None:
        message = "the compressed file ends too early; upload it again, whole"
        raise Broken("truncated_gzip", message)


def _pieces(inflate: "zlib._Decompress", chunk: bytes) -> Iterator[bytes]:
    try:
        piece = b""
        # A full piece may leave output inside zlib although all input is used.
        while chunk or len(piece) == _INFLATE_CHUNK:
            piece = inflate.decompress(chunk, _INFLATE_CHUNK)
            if piece:
                yield piece
            chunk = inflate.unconsumed_tail
    except zlib.error:
        message = "the file is not gzip, or its bytes are damaged; compress it again"
        raise Broken("invalid_gzip", message) from None
