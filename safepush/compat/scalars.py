"""What a schema says of numbers and of texts, which hold no other schema."""

from dataclasses import replace
from fractions import Fraction

from safepush.compat import meet
from safepush.compat.shapes import Bound, Numbers, Texts
from safepush.compat.values import is_pattern
from safepush.compat.words import Place, Schema, bound, number, size
from safepush.errors import SchemaInvalid

#: formats that are a range; others that say no more than the type does
_RANGES = {"int32": 2**31, "int64": 2**63}
_SAID_APART = ("uri", "password", "float", "double", *_RANGES)


def numbers(schema: Schema, *, whole: bool, place: Place) -> Numbers:
    """The numbers that a schema of type number or integer takes."""
    step = number(schema, "multipleOf", place)
    if step is not None and step <= 0:
        raise SchemaInvalid((*place, "multipleOf"), "must be above 0")
    made = Numbers(
        low=bound(schema, "minimum", "exclusiveMinimum", place),
        high=bound(schema, "maximum", "exclusiveMaximum", place),
        step=step,
    )
    limit = _RANGES.get(str(schema.get("format")))
    if limit is not None:
        made = meet.numbers(made, Numbers(Bound(Fraction(-limit)), Bound(Fraction(limit - 1))))
    return meet.numbers(made, Numbers(step=Fraction(1))) if whole else made


def texts(schema: Schema, place: Place) -> Texts:
    """The texts that a schema of type string takes."""
    pattern = schema.get("pattern")
    if pattern is not None and not isinstance(pattern, str):
        raise SchemaInvalid((*place, "pattern"), "must be text")
    form = schema.get("format")
    made = Texts(
        shortest=size(schema, "minLength", place) or 0,
        longest=size(schema, "maxLength", place),
        formats=frozenset([form] if isinstance(form, str) and form not in _SAID_APART else []),
        is_file=form == "uri",
        is_secret=form == "password" or schema.get("x-cog-secret") is True,
    )
    return made if pattern is None else _matching(made, pattern)


def _matching(texts: Texts, pattern: str) -> Texts:
    """JavaScript's patterns are not all Python's; those that are not are compared as written."""
    if is_pattern(pattern):
        return replace(texts, patterns=frozenset([pattern]))
    return replace(texts, opaque=frozenset([f"pattern {pattern}"]))
