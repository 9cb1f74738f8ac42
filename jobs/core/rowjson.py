"""Reads and writes JSON text: fast when nothing is odd, strictly when anything is."""

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from jobs.core.checker import INT_MAX, INT_MIN, short_name
from jobs.core.lines import Bad

MAX_DEPTH = 100
_SURROGATE = re.compile("[\ud800-\udfff]")
_KEY_END = re.compile(rb'"[ \t\r]*:')
_CONSTANT = re.compile(r'"(?:[^"\\]|\\.)*"|(NaN|-?Infinity)')
_CONTAINERS = frozenset({dict, list})

Parse = Callable[[bytes], Any]
Write = Callable[[Any], bytes]
_escaped = json.JSONEncoder(separators=(",", ":")).encode


def parser() -> Parse:
    """A fast reader that hands everything it doubts to the strict one, which is the law."""
    try:
        import msgspec
    except ImportError:
        return strict
    decode = msgspec.json.Decoder().decode

    def parse(text: bytes) -> Any:
        try:
            document = decode(text)
        except Exception:  # whatever it is, the strict reader says it in our words
            return strict(text)
        keys = _keys(document)
        # msgspec keeps the last of two equal keys in silence. Each key in the text has its colon,
        # so as many colons as keys in what was read means that none was lost.
        if text.count(b":") == keys or len(_KEY_END.findall(text)) == keys:
            return document
        return strict(text)

    return parse


def writer() -> Write:
    """A fast writer of what was JSON before."""
    try:
        import msgspec
    except ImportError:
        return _write
    encode = msgspec.json.Encoder().encode

    def write(value: Any) -> bytes:
        try:
            return encode(value)
        except UnicodeEncodeError:
            return _write(value)

    return write


def _write(value: Any) -> bytes:
    """As text of ASCII alone: half a surrogate pair has no UTF-8."""
    return _escaped(value).encode()


def _keys(document: Any) -> int:
    """How many keys its objects have; -1 if it is too deep or an integer is too large."""
    total = 0
    level: list[Any] = [document]
    for _ in range(MAX_DEPTH + 1):
        inner: list[Any] = []
        for value in level:
            if value.__class__ is dict:
                total += len(value)
                value = value.values()
            elif value.__class__ is not list:
                continue
            if not _fits(value, inner):
                return -1
        if not inner:
            return total
        level = inner
    return -1


def _fits(children: Iterable[Any], inner: list[Any]) -> bool:
    """Whether the integers fit; the objects and arrays are put into `inner` for the next level."""
    for child in children:
        kind = child.__class__
        if kind in _CONTAINERS:
            inner.append(child)
        elif kind is int and not INT_MIN <= child <= INT_MAX:
            return False
    return True


def strict(text: bytes) -> Any:
    """The document, by the standard library and every rule; raises Bad."""
    if not text.strip():
        raise Bad("blank_line", "the line is blank; remove it")
    try:
        return document(_decoded(text))
    except json.JSONDecodeError as error:
        message = f"this is not JSON ({reason(error)}); each line must hold one whole object"
        raise Bad("invalid_json", message, column=error.colno) from None


def reason(error: json.JSONDecodeError) -> str:
    """What is wrong, without the words that lead to a place: that is told beside it."""
    return error.msg.removesuffix(" at").removesuffix(" starting")


def document(decoded: str) -> Any:
    """What a JSON text says, of one line or of many.

    Raises:
        JSONDecodeError: it is not JSON.
        Bad: it is, but breaks a rule: a key twice, NaN, too deep, too large, half a surrogate.
    """
    try:
        found = json.loads(
            decoded,
            object_pairs_hook=_unique,
            parse_constant=lambda _: _refuse_constant(decoded),
            parse_float=_finite,
        )
    except json.JSONDecodeError:
        raise
    except RecursionError:
        raise _too_deep() from None
    except ValueError:  # the interpreter's own limit of digits
        raise _too_large() from None
    if _keys(found) < 0:
        raise _too_deep() if _depth_over(found) else _too_large()
    if "\\u" in decoded and _SURROGATE.search(json.dumps(found, ensure_ascii=False)):
        raise Bad("lone_surrogate", r"a \uD800-\uDFFF escape stands without its other half")
    return found


def _decoded(text: bytes) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        column = len(text[: error.start].decode()) + 1
        message = "the bytes here are not UTF-8; save the file as UTF-8"
        raise Bad("invalid_utf8", message, column=column) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) == len(pairs):
        return document
    for key, _ in pairs:
        if key not in document:
            break
        del document[key]
    name = short_name(key)
    raise Bad("duplicate_key", f"{name} stands twice in one object", field=name)


def _refuse_constant(decoded: str) -> None:
    column = next((found.start(1) + 1 for found in _CONSTANT.finditer(decoded) if found[1]), None)
    raise Bad("not_a_number", "NaN and Infinity are not JSON numbers", column=column)


def _finite(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise _too_large()
    return value


def _too_large() -> Bad:
    return Bad("number_too_large", "a number is too large; integers have at most 64 bits")


def _too_deep() -> Bad:
    return Bad("too_deep", f"objects and arrays are nested more than {MAX_DEPTH} deep")


def _depth_over(document: Any) -> bool:
    level = [document]
    for _ in range(MAX_DEPTH + 1):
        lists = [v.values() if isinstance(v, dict) else v for v in level]
        level = [child for children in lists for child in children if type(child) in _CONTAINERS]
        if not level:
            return False
    return True
