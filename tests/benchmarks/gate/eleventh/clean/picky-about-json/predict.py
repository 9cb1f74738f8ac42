"""Flattens a JSON object to lines of path and value."""

import json
import re
from collections.abc import Iterator
from typing import Any

from cog import BaseModel, BasePredictor, Input

DEEPEST, MOST = 20, 500


class Line(BaseModel):
    """Where a value stands, and the value as JSON."""

    path: str
    value: str


class Number(str):
    """A number as it is written."""


def no_constant(name: str) -> None:
    """NaN and the like are no JSON."""
    raise ValueError(f"document: {name} is not JSON")


def parsed(document: str) -> dict[str, Any]:
    """The object of a document."""
    try:
        value = json.loads(
            document, parse_constant=no_constant, parse_float=Number, parse_int=Number
        )
        whole = json.dumps(value, ensure_ascii=False)
    except (ValueError, RecursionError) as error:
        raise ValueError("document: this is not JSON") from error
    if not isinstance(value, dict):
        raise ValueError("document: an object is needed, not a list or a single value")
    if re.search("[\ud800-\udfff]", whole):
        raise ValueError("document: half a character")
    return value


def walk(value: Any, path: list[str]) -> Iterator[tuple[list[str], Any]]:
    """All values that hold no others."""
    if len(path) > DEEPEST:
        raise ValueError(f"document: at most {DEEPEST} levels")
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from walk(inner, [*path, key])
    elif isinstance(value, list) and value:
        for at, inner in enumerate(value):
            yield from walk(inner, [*path, str(at)])
    else:
        yield path, value


class Predictor(BasePredictor):
    """Objects only; everything else is refused with a reason."""

    def predict(
        self,
        document: str = Input(
            description="A JSON object of at most 20 levels and 500 values. Lists, single values "
            "and whatever is not JSON are refused. Numbers are given back as they are written; "
            "of keys that come twice the last one counts.",
            default='{"name": "mill", "size": {"width": 4, "height": 2.50}, "tags": ["old"]}',
            max_length=20000,
        ),
        separator: str = Input(
            description="Stands between the parts of a path.",
            default=".",
            min_length=1,
            max_length=3,
        ),
        prefix: str = Input(description="Only paths that begin so.", default="", max_length=200),
        sort: bool = Input(description="Sort by path, not by place.", default=False),
    ) -> list[Line]:
        """One line for each value; empty objects and lists are values, too."""
        lines = []
        for count, (path, value) in enumerate(walk(parsed(document), [])):
            if count == MOST:
                raise ValueError(f"document: at most {MOST} values")
            name = separator.join(path)
            if name.startswith(prefix):
                text = str(value) if isinstance(value, Number) else json.dumps(value)
                lines.append(Line(path=name, value=text))
        return sorted(lines, key=lambda line: line.path) if sort else lines
