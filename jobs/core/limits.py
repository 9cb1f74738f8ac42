"""What one token may ask for at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jobs.core.errors import BadRequest

Number = float | int | None
#: what a limit is set to so that there is none, and so that the server's own holds again
NONE, DEFAULT = "none", "default"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """None is no limit. What has not ended counts, whether it waits or runs."""

    requests_per_s: float | None = None
    batches: int | None = None
    #: rows of all batches together
    rows: int | None = None
    predictions: int | None = None

    def under(self, own: Mapping[str, Number]) -> "Limits":
        """These, with a token's own laid over them."""
        given: dict[str, Any] = dict(own)
        return replace(self, **given) if given else self


NO_LIMITS = Limits()
NAMES = tuple(Limits.__dataclass_fields__)


def changed(own: Mapping[str, Number], pairs: Sequence[str]) -> dict[str, Number]:
    """A token's own limits after `NAME=NUMBER`, `NAME=none` or `NAME=default`.

    Raises:
        BadRequest: there is no such limit, or it is no number above 0.
    """
    limits = dict(own)
    for pair in pairs:
        name, _, text = pair.partition("=")
        if name not in NAMES:
            raise BadRequest(f"a limit is one of {', '.join(NAMES)}, not {name!r}")
        limits.pop(name, None)
        if text != DEFAULT:
            limits[name] = None if text == NONE else _number(name, text)
    return limits


def _number(name: str, text: str) -> float | int:
    try:
        value = float(text) if name == "requests_per_s" else int(text)
    except ValueError:
        value = 0
    if not 0 < value < 1e12:
        raise BadRequest(
            f"the limit {name} is a number above 0, {NONE!r} or {DEFAULT!r}: {name}=100"
        )
    return value
