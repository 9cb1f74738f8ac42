"""Two JSON values, member by member; files among them by what is in them."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from safepush.compare.difference import Difference
from safepush.compare.files import Look, file_differences
from safepush.compare.texts import text_difference

MAX_DEPTH = 100
_EXCERPT = 60


@dataclass(frozen=True)
class File:
    """An output that is a file: its content in the place of its address."""

    content: bytes


def value_differences(
    expected: Any, actual: Any, place: str = "output", depth: int = 0
) -> Iterator[Difference]:
    """Every difference, however small, in the order of the places."""
    ours, theirs = kind(expected), kind(actual)
    if depth > MAX_DEPTH:
        yield Difference(place=place, kind="too-deep", detail=f"nested over {MAX_DEPTH} deep")
    elif ours != theirs:
        detail = f"{_excerpt(actual)} ({theirs}) instead of {_excerpt(expected)} ({ours})"
        yield Difference(place=place, kind="type", detail=detail)
    elif isinstance(expected, dict):
        yield from _members(expected, actual, place, depth)
    elif isinstance(expected, list):
        yield from _items(expected, actual, place, depth)
    else:
        yield from _scalars(expected, actual, place)


def _scalars(expected: Any, actual: Any, place: str) -> Iterator[Difference]:
    if isinstance(expected, File):
        look = Look(value_differences)
        yield from file_differences(expected.content, actual.content, place, look)
    elif isinstance(expected, str):
        yield from text_difference(expected, actual, place)
    elif kind(expected) == "number":
        yield from _number(expected, actual, place)
    elif expected != actual:
        detail = f"{_excerpt(actual)} instead of {_excerpt(expected)}"
        yield Difference(place=place, kind="value", detail=detail)


def kind(value: object) -> str:
    """What a value is; 1 and 1.0 are both numbers, true is none."""
    for kinds, word in (
        ((type(None),), "null"),
        ((bool,), "boolean"),
        ((int, float), "number"),
        ((str,), "text"),
        ((list, tuple), "list"),
        ((dict,), "object"),
        ((File,), "file"),
    ):
        if isinstance(value, kinds):
            return word
    return type(value).__name__


def _members(
    expected: dict[str, Any], actual: dict[str, Any], place: str, depth: int
) -> Iterator[Difference]:
    for name, value in expected.items():
        if name in actual:
            yield from value_differences(value, actual[name], f"{place}.{name}", depth + 1)
        else:
            detail = f"is not there, instead of {_excerpt(value)}"
            yield Difference(place=f"{place}.{name}", kind="missing", detail=detail)
    for name in actual.keys() - expected.keys():
        detail = f"{_excerpt(actual[name])} is new"
        yield Difference(place=f"{place}.{name}", kind="extra", detail=detail)


def _items(expected: list[Any], actual: list[Any], place: str, depth: int) -> Iterator[Difference]:
    if len(expected) != len(actual):
        detail = f"{len(actual)} items instead of {len(expected)}"
        yield Difference(place=place, kind="length", detail=detail)
    for number, (ours, theirs) in enumerate(zip(expected, actual, strict=False)):
        yield from value_differences(ours, theirs, f"{place}[{number}]", depth + 1)


def _number(expected: float, actual: float, place: str) -> Iterator[Difference]:
    if expected == actual or (expected != expected and actual != actual):
        return
    amount = _part(expected, actual)
    detail = f"{_excerpt(actual)} instead of {_excerpt(expected)}"
    yield Difference(place=place, kind="number", detail=detail, metric="number", amount=amount)


def _part(expected: float, actual: float) -> float:
    try:
        apart = abs(float(actual) - float(expected))
        part = apart / max(1.0, abs(float(expected)), abs(float(actual)))
    except OverflowError:  # whole numbers beyond what a float holds
        return math.inf
    return part if math.isfinite(part) else math.inf


def _excerpt(value: Any) -> str:
    if isinstance(value, File):
        return f"a file of {len(value.content):,} bytes"
    text = json.dumps(value, ensure_ascii=False, default=str) if _is_small(value) else kind(value)
    return text if len(text) <= _EXCERPT else f"{text[:_EXCERPT]}…"


def _is_small(value: Any) -> bool:
    """Whether writing a value out to show its start is no work."""
    if isinstance(value, list | dict):
        members = value.values() if isinstance(value, dict) else value
        return len(value) <= 8 and not any(isinstance(one, list | dict) for one in members)
    return True
