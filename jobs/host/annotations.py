"""What a function's annotations say, resolved, with cog's `Opaque` put in plain words."""

import types
import typing
from collections.abc import Callable
from typing import Any

UNIONS = (typing.Union, types.UnionType)


def hints(function: Callable[..., Any]) -> dict[str, Any]:
    """The function's annotations by name, `return` among them."""
    function = getattr(function, "__func__", function)
    found = typing.get_type_hints(function, include_extras=True)
    return {name: bare(kind) for name, kind in found.items()}


def bare(kind: Any) -> Any:
    """A type without `Annotated`; one that is marked `Opaque` is JSON that nobody looks into."""
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        opaque = any(repr(mark) == "cog.Opaque" for mark in parts[1:])
        return _opaque(parts[0]) if opaque else bare(parts[0])
    if origin is list and parts:
        return list[bare(parts[0])]  # type: ignore[misc]
    if origin in UNIONS:
        return typing.Union[tuple(map(bare, parts))]  # noqa: UP007
    return kind


def _opaque(kind: Any) -> Any:
    kind, nullable = optional(kind)
    made = list[dict] if typing.get_origin(kind) is list else dict  # type: ignore[type-arg]
    return made | None if nullable else made


def optional(kind: Any) -> tuple[Any, bool]:
    """(the type without None, whether None was in it)."""
    if typing.get_origin(kind) not in UNIONS:
        return kind, False
    rest = [part for part in typing.get_args(kind) if part is not type(None)]
    nullable = len(rest) < len(typing.get_args(kind))
    return (rest[0] if len(rest) == 1 else typing.Union[tuple(rest)]), nullable  # noqa: UP007
