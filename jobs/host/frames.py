"""Frames over a pipe: a length in four bytes, then one message as JSON.

What comes by the million follows the message as lines of JSON: the reader has it apart for nothing.
"""

import json
import struct
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

try:
    import msgspec
except ImportError:
    msgspec = None  # type: ignore[assignment]


def _coders() -> tuple[
    Callable[[Any], bytes], Callable[[Sequence[Any]], bytes], Callable[[bytes], Any]
]:
    if msgspec is not None:
        encoder = msgspec.json.Encoder()
        return encoder.encode, encoder.encode_lines, msgspec.json.Decoder().decode
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    return (
        lambda message: encode(message).encode(),
        lambda values: b"".join(encode(value).encode() + b"\n" for value in values),
        json.loads,
    )


#: one message; values as lines, each with its end; a message read
encode, encode_lines, decode = _coders()
LENGTH = struct.Struct(">I")
#: the pipe holds less on some machines, and whoever writes more waits for whoever reads it
LARGE_BYTES = 1 << 18


def write(pipe: BinaryIO, message: Any) -> None:
    """Send one message; raises OSError when the other side is gone."""
    send(pipe, encode(message))


def send(pipe: BinaryIO, *pieces: bytes) -> None:
    """Send one message that is encoded already; its pieces are put together if they are small."""
    size = sum(map(len, pieces))
    head = LENGTH.pack(size)
    for piece in (head, *pieces) if size > LARGE_BYTES else (b"".join((head, *pieces)),):
        pipe.write(piece)
    pipe.flush()
