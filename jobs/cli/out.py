"""What a command prints: JSON for programs, lines for people."""

import json
from collections.abc import Iterable
from typing import Any

import click

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
#: in click's context: that JSON was printed
TOLD = "jobs.cli.told"
_SIZES = ("bytes", "kB", "MB", "GB", "TB")


def tell(told: Any, as_json: bool, lines: Iterable[str]) -> None:
    """Print what the server told, or the lines."""
    if as_json:
        tell_json(told)
        return
    for line in lines:
        click.echo(line)


def tell_json(told: Any) -> None:
    """One JSON document on a line of its own."""
    click.echo(json.dumps(told, ensure_ascii=False))
    context = click.get_current_context(silent=True)
    if context is not None:
        context.meta[TOLD] = True


def tell_error(error: click.ClickException) -> None:
    """An error as JSON, in the place of what was asked for; not after that."""
    context = click.get_current_context(silent=True)
    if context is None or not context.meta.get(TOLD):
        problem = {"message": error.format_message(), **getattr(error, "problem", {})}
        tell_json({"error": problem, "exit_code": error.exit_code})


def note(text: str) -> None:
    """Something beside the answer: to stderr, so that the answer stays alone on stdout."""
    click.echo(text, err=True)


def table(rows: Iterable[tuple[str, object]]) -> list[str]:
    """Names and values below each other; what is None or empty is left out."""
    shown = [(name, value) for name, value in rows if value not in (None, "")]
    width = max((len(name) for name, _ in shown), default=0)
    return [f"{name:{width}}  {value}" for name, value in shown]


def size(size_bytes: int) -> str:
    """A number of bytes as people say it."""
    value = float(size_bytes)
    for unit in _SIZES[:-1]:
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} {_SIZES[-1]}"


def duration(seconds: float) -> str:
    """A time as people say it."""
    if seconds < 0.1:
        return f"{seconds * 1000:.1f} ms"
    if seconds < 60:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    minutes = round(seconds / 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"
