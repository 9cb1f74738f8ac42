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


def write(pipe: BinaryIO, message: Any) -> None:
    """Send one message; raises OSError when the other side is gone."""
    send(pipe, encode(message))


def send(pipe: BinaryIO, frame: bytes) -> None:
    """Send one message that is encoded already."""
    pipe.write(LENGTH.pack(len(frame)) + frame)
    pipe.flush()
