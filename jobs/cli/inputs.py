"""Inputs as they are written on a command line: NAME=VALUE."""

import json
import math
from collections.abc import Iterable
from typing import Any, NoReturn

import click

from jobs.cli import http
from jobs.cli.digests import whole_ref


def pair(text: str) -> tuple[str, str]:
    """Name and value; raises UsageError for a text that is no such pair."""
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise click.UsageError(f"write an input as NAME=VALUE, not {text!r} alone")
    return name, value


def json_or_text(text: str) -> Any:
    """JSON where it can be read as JSON, the text else; NaN and 1e400 are no JSON."""
    try:
        return json.loads(text, parse_constant=_not_json, parse_float=_finite)
    except (ValueError, RecursionError):
        return text


def posted(path: str, body: dict[str, Any], pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """What the server made of it; a text that looks like JSON is sent again as it was written.

    Args:
        body: its `input` has the pairs' values.
    """
    told: dict[str, Any]
    try:
        told = http.call("POST", path, json=body)
    except http.Refused as error:
        if not _as_texts(body["input"], pairs, error.texts):
            raise
        told = http.call("POST", path, json=body)
    return told


def _as_texts(
    given: dict[str, Any], pairs: Iterable[tuple[str, str]], wanted: Iterable[str]
) -> bool:
    """Take inputs as they were written where the model wants text: 123 as "123".

    Args:
        wanted: fields of a refusal, such as `input.prompt`.

    Returns:
        Whether that changed anything.
    """
    written = {name: text for name, text in pairs if not text.startswith("@")}
    names = {field.removeprefix("input.") for field in wanted} & written.keys()
    changed = {name: written[name] for name in names if given[name] != written[name]}
    given.update(changed)
    return bool(changed)


def _not_json(constant: str) -> NoReturn:
    raise ValueError(constant)


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError(digits)
    return value


def deployment(name: str) -> str:
    """`owner/name` of a deployment of one's own; its owner need not be said."""
    if not name or "/" in name:
        return name
    return f"{http.call('GET', '/v1/account')['username']}/{name}"


def target(ref: str, field: str) -> dict[str, str]:
    """What a request names to be run: `deployment:name`, else what `field` takes."""
    start = "deployment:"
    if ref.startswith(start):
        return {"deployment": deployment(ref.removeprefix(start))}
    return {field: whole_ref(ref)}
