"""Inputs as they are written on a command line: NAME=VALUE."""

import json
from typing import Any

import click


def pair(text: str) -> tuple[str, str]:
    """Name and value; raises UsageError for a text that is no such pair."""
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise click.UsageError(f"write an input as NAME=VALUE, not {text!r} alone")
    return name, value


def json_or_text(text: str) -> Any:
    """JSON where it can be read as JSON, the text else."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def target(ref: str, field: str) -> dict[str, str]:
    """What a request names to be run: `deployment:owner/name`, else what `field` takes."""
    start = "deployment:"
    return {"deployment": ref.removeprefix(start)} if ref.startswith(start) else {field: ref}
