"""What a signature says that is allowed and probably not meant: told, where Cog is silent."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from jobs.host.annotations import hints, optional
from jobs.host.kinds import is_secret
from jobs.host.schema import facts_of


def notes(predict: Callable[..., Any], document: dict[str, Any]) -> Iterator[str]:
    """A line for each."""
    known, schemas = hints(predict), document["components"]["schemas"]
    for name, parameter in inspect.signature(predict).parameters.items():
        _, value, has_default = facts_of(parameter.default)
        kind, nullable = optional(known[name])
        if (
            has_default
            and value is None
            and not nullable
            and not is_secret(kind)
            and kind is not Any
        ):
            word = getattr(kind, "__name__", str(kind))
            yield (
                f"the input {name} must be given: its default is None, which its type does not"
                f" allow; write {word} | None, or another default"
            )
        if len(schemas.get(name, {}).get("enum", ())) == 1:
            yield f"the input {name} has one choice only"
