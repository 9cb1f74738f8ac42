"""Rows in OpenAI's form as the plain rows that they stand for, a block of lines at once, in C.

It answers only for blocks in which nothing is odd. What it doubts is read line by line.
"""

from collections.abc import Callable, Collection
from typing import Any, Literal

from jobs.core.request import ENDPOINT

#: plain rows for a block of OpenAI's, or None if it is to be read line by line
Opened = Callable[[bytes], bytes | None]
#: a colon that is written as an escape: they are counted
_ESCAPED = b"\\u003"


def opener(spellings: Collection[str]) -> Opened | None:
    """What opens blocks whose rows name a version by one of these, or not at all."""
    try:
        import msgspec
    except ImportError:
        return None
    row, plain = _structs()
    decode, encode = msgspec.json.Decoder(row).decode_lines, msgspec.json.Encoder().encode_lines
    known = {*spellings, msgspec.UNSET}

    def opened(text: bytes) -> bytes | None:
        if _ESCAPED in text:
            return None
        try:
            rows = decode(text)
        except Exception:  # whatever it is, the other reader says it in our words
            return None
        models = [one.body.model for one in rows]
        if len(rows) != text.count(b"\n") or not known.issuperset(models):
            return None
        told = encode([plain(one.custom_id, one.body.input) for one in rows])
        # msgspec keeps the last of two equal keys in silence; each key in the text has its colon
        gone = text.count(b":") - told.count(b":")
        return told if gone == sum(map(_colons, rows)) else None

    def _colons(one: Any) -> int:
        named = one.body.model
        count = 1 + (one.method is not msgspec.UNSET) + (one.url is not msgspec.UNSET)
        return count if named is msgspec.UNSET else count + 1 + int(named.count(":"))

    return opened


def _structs() -> tuple[Any, Any]:
    """A row in OpenAI's form, and a plain one; the input stays as it is written."""
    import msgspec

    unset: Any = msgspec.UNSET
    options: dict[str, Any] = {"forbid_unknown_fields": True, "gc": False}
    model = ("model", str | msgspec.UnsetType, unset)
    body = msgspec.defstruct("Body", [("input", msgspec.Raw), model], **options)
    method = ("method", Literal["POST"] | msgspec.UnsetType, unset)
    url = ("url", Literal[ENDPOINT] | msgspec.UnsetType, unset)
    fields: list[Any] = [("custom_id", str), ("body", body), method, url]
    plain: list[Any] = [("custom_id", str), ("input", msgspec.Raw)]
    return msgspec.defstruct("Row", fields, **options), msgspec.defstruct("Plain", plain)
