"""A version's input schema as a typed struct: a block of lines decoded and checked at once, in C.

It answers only for blocks that are plainly good. Whatever it doubts it leaves to the reader that
goes line by line, which is the law and says what is wrong.
"""

import re
from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Annotated, Any, Literal

from jobs.core.checker import MAX_ID, input_record
from jobs.core.uri import uri_fault

#: the custom_ids of a block whose rows are all good, or None if it is to be read line by line
Judge = Callable[[bytes], list[str] | None]

_KEY_END = re.compile(rb'"[ \t\r]*:')
_INT64 = (-(2**63), 2**63 - 1)
#: beyond this a number's digits may not survive as a float
_EXACT = 2**53
_ids = attrgetter("custom_id")


class _NotPlain(Exception):
    """The schema has something that a struct cannot say."""


def judge(document: Mapping[str, Any]) -> Judge | None:
    """A judge of blocks for the version with this OpenAPI document, if its schema is plain."""
    try:
        import msgspec

        row = _Row(document)
        check = msgspec.json.Decoder(row.struct).decode_lines
    except (ImportError, TypeError, ValueError, re.error, _NotPlain):
        return None

    def judged(text: bytes) -> list[str] | None:
        lines = text.count(b"\n")
        # so that every line holds one whole document, and every document is on one line
        if not text.startswith(b"{") or not _apart(text, lines):
            return None
        try:
            rows = check(text)
        except Exception:  # whatever it is, the other reader says it in our words
            return None
        return row.plain(text, rows) if len(rows) == lines else None

    return judged


def _apart(text: bytes, lines: int) -> bool:
    """Whether between any two lines one document has ended and another begins.

    What mostly stands there is looked for first: the longer it is, the sooner that is done.
    """
    return lines - 1 in map(text.count, (b'}\n{"custom_id"', b"}\n{"))


class _Row:
    """The struct of a row, and what it cannot tell about a block of them."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        import msgspec

        properties, required = input_record(document)
        self._unset = msgspec.UNSET
        self._keys = 2 + len(properties)
        self._optional: list[Callable[[Any], Any]] = []
        self._files: list[Callable[[Any], Any]] = []
        fields: list[Any] = []
        for number, (name, shape) in enumerate(properties.items()):
            field, kind = f"f{number}", _type(shape)
            if name in required:
                fields.append((field, kind))
            else:
                fields.append((field, kind | msgspec.UnsetType, msgspec.UNSET))
                self._optional.append(attrgetter(f"input.{field}"))
            if shape.get("format") == "uri":
                self._files.append(attrgetter(f"input.{field}"))
        options: dict[str, Any] = {"kw_only": True, "forbid_unknown_fields": True, "gc": False}
        rename = {f"f{number}": name for number, name in enumerate(properties)}
        given = msgspec.defstruct("Input", fields, rename=rename, **options)
        custom_id = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_ID)]
        self.struct = msgspec.defstruct(
            "Row", [("custom_id", custom_id), ("input", given)], **options
        )

    def plain(self, text: bytes, rows: list[Any]) -> list[str] | None:
        """The ids, if nothing was lost in reading and nothing is odd that types cannot tell."""
        # msgspec keeps the last of two equal keys in silence; each key in the text has its colon
        keys = self._keys * len(rows)
        keys -= sum(list(map(field, rows)).count(self._unset) for field in self._optional)
        if text.count(b":") != keys and len(_KEY_END.findall(text)) != keys:
            return None
        for field in self._files:
            if any(uri.__class__ is str and uri_fault(uri) for uri in map(field, rows)):
                return None
        ids = list(map(_ids, rows))
        return ids if "".join(ids).isprintable() else None


def _type(shape: Mapping[str, Any]) -> Any:
    if "enum" in shape:
        kind = _choice(shape["enum"])
    elif shape.get("type") == "array":
        kind = _array(shape)
    else:
        kind = _scalar(shape)
    return kind | None if shape.get("nullable") else kind


def _scalar(shape: Mapping[str, Any]) -> Any:
    import msgspec

    match shape.get("type"):
        case "boolean":
            return bool
        case "integer":
            low, high = _INT64
            bounds = {"ge": shape.get("minimum", low), "le": shape.get("maximum", high)}
            return Annotated[int, msgspec.Meta(**_within(bounds, low, high))]
        case "number":
            bounds = {"ge": shape.get("minimum", -_EXACT), "le": shape.get("maximum", _EXACT)}
            return Annotated[float, msgspec.Meta(**_within(bounds, -_EXACT, _EXACT))]
        case "string":
            names = {"minLength": "min_length", "maxLength": "max_length", "pattern": "pattern"}
            told = {ours: shape[name] for name, ours in names.items() if name in shape}
            return Annotated[str, msgspec.Meta(**told)] if told else str
    raise _NotPlain


def _within(bounds: dict[str, Any], low: int, high: int) -> dict[str, Any]:
    return {name: max(low, min(high, value)) for name, value in bounds.items()}


def _choice(choices: list[Any]) -> Any:
    kinds = {choice.__class__ for choice in choices}
    if kinds != {str} and kinds != {int}:
        raise _NotPlain
    return Literal[tuple(choices)]


def _array(shape: Mapping[str, Any]) -> Any:
    import msgspec

    items = shape.get("items", {})
    if items.get("type") == "array" or items.get("format") == "uri" or "$ref" in items:
        raise _NotPlain
    names = {"minItems": "min_length", "maxItems": "max_length"}
    told = {ours: shape[name] for name, ours in names.items() if name in shape}
    kind = list.__class_getitem__(_type(items))
    return Annotated[kind, msgspec.Meta(**told)] if told else kind
