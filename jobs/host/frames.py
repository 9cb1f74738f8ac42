"""Frames over a pipe: a length in four bytes, then one message as JSON."""

import json
import struct
from collections.abc import Callable
from typing import Any, BinaryIO

try:
    import msgspec
except ImportError:
    msgspec = None  # type: ignore[assignment]


def _coders() -> tuple[Callable[[Any], bytes], Callable[[bytes], Any]]:
    if msgspec is not None:
        return msgspec.json.Encoder().encode, msgspec.json.Decoder().decode
    encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
    return lambda message: encoder.encode(message).encode(), json.loads


encode, decode = _coders()
LENGTH = struct.Struct(">I")


def write(pipe: BinaryIO, message: Any) -> None:
    """Send one message; raises OSError when the other side is gone."""
    send(pipe, encode(message))


def send(pipe: BinaryIO, frame: bytes) -> None:
    """Send one message that is encoded already."""
    pipe.write(LENGTH.pack(len(frame)) + frame)
    pipe.flush()


def read(pipe: BinaryIO) -> Any:
    """The next message; raises EOFError when the other side is gone."""
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError
    size = LENGTH.unpack(head)[0]
    frame = pipe.read(size)
    if len(frame) < size:
        raise EOFError
    return decode(frame)
