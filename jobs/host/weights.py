"""The weights that setup(weights) gets: trained ones, those of the environment, or the folder's."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jobs.host.annotations import hints, optional
from jobs.host.kinds import from_place, is_path

#: where the weights that a training gave lie in a version's files, alone: a push leaves it out
TRAINED = Path(".cog", "weights")
#: cog's own place for weights that come with a model
COMES_WITH = "weights"


def given(setup: Callable[..., Any], folder: Path) -> Any:
    """What the parameter gets, of the type that it has; None where there are no weights."""
    place = _place(folder)
    try:
        kind, _ = optional(hints(setup).get("weights", str))
    except (NameError, TypeError):  # an annotation that says nothing to us
        kind = str
    if place is None or not is_path(kind) or "://" in place:
        return place
    return from_place(kind)(place)


def _place(folder: Path) -> str | None:
    """A trained version is its weights: what the machine's environment says comes after."""
    trained = [path for path in (folder / TRAINED).glob("*") if path.is_file()]
    if trained:
        return str(trained[0])
    comes_with = folder / COMES_WITH
    named = os.environ.get("COG_WEIGHTS") or None
    return named or (str(comes_with) if comes_with.is_file() else None)
