"""Which things of a long list are asked for."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
_UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}
_AGE = re.compile(rf"(\d{{1,5}})([{''.join(_UNITS_S)}])", re.ASCII)


def moment(context: click.Context, option: click.Parameter, text: str | None) -> str | None:
    """A time, a day, or so long ago, as the server reads it; UTC where no zone is named."""
    if text is None:
        return None
    age = _AGE.fullmatch(text)
    try:
        if age:
            ago = timedelta(seconds=int(age[1]) * _UNITS_S[age[2]])
            return (datetime.now(UTC) - ago).isoformat()
        at = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        told = f"{text!r} is none of 30m, 2h, 3d, 1w, 2030-01-31 and 2030-01-31T12:00:00Z"
        raise click.BadParameter(told, context, option) from None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).isoformat()


def moment_option(name: str, help: str) -> Callable[[F], F]:
    """An option that is a time."""
    return click.option(name, metavar="TIME", callback=moment, help=help)


limit_option = click.option(
    "--limit",
    default=20,
    show_default=True,
    type=click.IntRange(1, 100_000),
    help="How many, the newest first.",
)


def which_options(words: Iterable[str]) -> Callable[[F], F]:
    """The options that tell which; `words`: those for the status."""
    options = (
        click.option(
            "--status",
            "statuses",
            multiple=True,
            type=click.Choice([str(word) for word in words]),
            help="Only those that are so; may be repeated.",
        ),
        click.option("--model", metavar="OWNER/NAME", help="Only those of this model."),
        moment_option("--since", "Only those made since: 2h, 3d, 2030-01-31, 2030-01-31T12:00Z."),
        moment_option("--until", "Only those made before."),
    )

    def decorate(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def which(
    statuses: tuple[str, ...], model: str | None, since: str | None, until: str | None
) -> dict[str, str]:
    """The same as the server is asked."""
    asked = {
        "status": ",".join(statuses),
        "model": model,
        "created_after": since,
        "created_before": until,
    }
    return {name: value for name, value in asked.items() if value}
