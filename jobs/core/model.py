"""A model: what its owner says of it, beside its name and its versions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from jobs.core.errors import BadRequest
from jobs.core.request import check_names

MAX_ADDRESS, MAX_DESCRIPTION, MAX_README, MAX_EXAMPLES = 2_000, 2_000, 200_000, 20
ADDRESSES = ("github_url", "paper_url", "license_url", "cover_image_url", "weights_url")
WORDS = frozenset({"description", "readme", "examples", *ADDRESSES})


@dataclass(frozen=True, kw_only=True)
class Model:
    """`about` holds what was given of WORDS."""

    name: str
    owner: str
    created_at: datetime
    about: Mapping[str, Any] = field(default_factory=dict)


def about(given: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of a model; null takes back what was said.

    Raises:
        BadRequest: a name is not known, or what it has cannot be used.
    """
    check_names(dict(given), WORDS)
    for name, value in given.items():
        if value is not None:
            _check(name, value)
    return dict(given)


def _check(name: str, value: object) -> None:
    if name == "examples":
        ids = isinstance(value, list) and all(isinstance(one, str) for one in value)
        if not (ids and isinstance(value, list) and len(value) <= MAX_EXAMPLES):
            raise BadRequest(f"must be at most {MAX_EXAMPLES} ids of predictions", field=name)
        return
    most = {"description": MAX_DESCRIPTION, "readme": MAX_README}.get(name, MAX_ADDRESS)
    if not isinstance(value, str) or len(value) > most:
        raise BadRequest(f"must be a string of at most {most:,} characters", field=name)
    if name in ADDRESSES and not value.startswith(("https://", "http://")):
        raise BadRequest("must be an http:// or https:// address", field=name)


def matches(model: Model, query: str) -> bool:
    """Whether each word of a query is somewhere in the name or the description."""
    text = f"{model.name} {model.about.get('description') or ''}".lower()
    return all(word in text for word in query.lower().split())
