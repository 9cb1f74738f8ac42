"""What a model says of its inputs."""

from dataclasses import dataclass
from typing import Any

MISSING: Any = object()


@dataclass(frozen=True)
class FieldInfo:
    """What `Input(...)` says of a parameter."""

    default: Any = MISSING
    description: str | None = None
    ge: float | None = None
    le: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    regex: str | None = None
    choices: list[Any] | None = None
    deprecated: bool | None = None
    accept: str | None = None


def Input(default: Any = MISSING, *, default_factory: Any = None, **facts: Any) -> Any:
    """Describe a parameter."""
    if default_factory is not None:
        raise TypeError("Input() takes no default_factory; give default=, or make it in run()")
    return FieldInfo(default, **facts)
