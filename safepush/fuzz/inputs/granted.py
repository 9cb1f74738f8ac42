"""Wishes about inputs made values that the inputs may be sent."""

from collections.abc import Mapping
from typing import Any

from safepush.fuzz.code.conditions import Holding, Other, SameAs, Size, Truth, Wishes
from safepush.fuzz.fields import Field
from safepush.fuzz.inputs.usual import values_of

MOST = 1 << 17


class _Cannot(Exception):
    """There is no such value."""


def granted(
    wishes: Wishes, fields: Mapping[str, Field], base: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The inputs that differ from `base`, or None where one of the wishes cannot be met."""
    made: dict[str, Any] = {}
    try:
        for name, wish in wishes.items():
            if name in fields:
                made[name] = _value(fields[name], wish, base)
    except _Cannot:
        return None
    return {name: value for name, value in made.items() if name not in base or value != base[name]}


def _value(field: Field, wish: Any, base: Mapping[str, Any]) -> Any:
    for value in _values(field, wish, base):
        if field.takes(value):
            return value
    raise _Cannot


def _values(field: Field, wish: Any, base: Mapping[str, Any]) -> list[Any]:
    usual = base.get(field.name, field.default)
    match wish:
        case Size():
            return _sized(field, wish.count, usual)
        case Holding():
            rest = usual if isinstance(usual, str) and usual else "word"
            parts = {"start": f"{wish.text} {rest}", "end": f"{rest} {wish.text}"}
            return [parts.get(wish.place, f"{rest} {wish.text} {rest}"), wish.text]
        case Truth():
            return _truths(field, usual) if wish.value else [False, "", 0, [], None]
        case Other():
            others = (usual, *field.choices, *values_of(field))
            return [value for value in others if value != wish.value]
        case SameAs():
            return _same(wish, base)
    as_list = [[wish], [wish, wish]] if field.lists is not None else []
    return [wish, float(wish) if isinstance(wish, int) else wish, *as_list]


def _truths(field: Field, usual: Any) -> list[Any]:
    return [value for value in (True, usual, *values_of(field)) if value]


def _sized(field: Field, count: int, usual: Any) -> list[Any]:
    if count > MOST:
        return []
    if field.lists is not None:
        told = [] if field.item is None else values_of(field.item)
        items = usual if isinstance(usual, list) and usual else told[:1]
        if not items:
            return [[]]
        return [(items * (count // len(items) + 1))[:count], [items[0]] * count]
    if field.texts is None:
        return []
    # characters or words: either may be meant, and words are characters too
    return ["a" * count, " ".join(["word"] * count)]


def _same(wish: SameAs, base: Mapping[str, Any]) -> list[Any]:
    other = base.get(wish.name)
    if isinstance(other, int | float) and not isinstance(other, bool):
        return [other + int(wish.more) if isinstance(other, int) else other + wish.more]
    return [other] if not wish.more else []
