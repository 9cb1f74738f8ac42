"""Outputs as people read them: pieces of one text are one text, printed as they come."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

stream_option = click.option(
    "--stream/--no-stream",
    "streams",
    default=None,
    help="Print what comes in pieces as it comes; on a terminal that is done without asking.",
)


def readable(output: Any, document: Mapping[str, Any]) -> Any:
    """The output, joined where the model's schema says that its items are pieces of one text."""
    if (
        _is_text(_schema(document))
        and isinstance(output, list)
        and all(isinstance(item, str) for item in output)
    ):
        return "".join(output)
    return output


def streamed(asked: bool | None, *, as_json: bool, place: Path | None) -> bool:
    """Whether pieces are printed as they come: where it is asked for, or somebody looks.

    Raises:
        UsageError: what is asked for excludes each other.
    """
    whole = as_json or place is not None
    if asked and whole:
        raise click.UsageError("--stream prints as it comes; leave out --json and --output")
    return asked if asked is not None else not whole and sys.stdout.isatty()


class Pieces:
    """Prints the items of an output, each of them once, however often it is brought.

    Pieces of one text are printed as they are, all else as a line of JSON each.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._is_text = _is_text(_schema(document))
        self._line_is_open = False
        #: so many items were printed
        self.count = 0

    @staticmethod
    def of(document: Mapping[str, Any]) -> "Pieces | None":
        """For the outputs of this model; None if they do not come in pieces.

        Files do not: there are none before the end.
        """
        schema = _schema(document)
        comes = "x-cog-array-type" in schema and schema.get("items", {}).get("format") != "uri"
        return Pieces(document) if comes else None

    def show(self, items: Sequence[Any], before: int = 0) -> None:
        """Print those that were not printed yet; so many of the output came `before` them."""
        for item in items[max(0, self.count - before) :]:
            self.count += 1
            text = item if self._is_text else json.dumps(item, ensure_ascii=False) + "\n"
            if text:  # said first: whoever interrupts may do so once it is printed
                self._line_is_open = not text.endswith("\n")
            click.echo(text, nl=False)

    def end(self) -> None:
        """What is printed next begins a line of its own."""
        if self._line_is_open:
            click.echo()
            self._line_is_open = False


def _schema(document: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = document.get("components", {}).get("schemas", {}).get("Output", {})
    return found


def _is_text(schema: Mapping[str, Any]) -> bool:
    return schema.get("x-cog-array-display") == "concatenate"
