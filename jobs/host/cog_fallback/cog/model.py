"""Outputs of several fields, and types that nobody is to look into."""

from dataclasses import dataclass
from typing import Any


class BaseModel:
    """An output of several fields; annotations become the constructor."""

    def __init_subclass__(
        cls, *, auto_dataclass: bool = True, init: bool = True, **facts: Any
    ) -> None:
        """Make a dataclass of it, unless it is one by its own hand."""
        super().__init_subclass__()
        if auto_dataclass:
            dataclass(init=init, **facts)(cls)


class _Opaque:
    def __repr__(self) -> str:
        return "cog.Opaque"


#: in `Annotated[T, Opaque]`: JSON objects that go in and out as they are
Opaque = _Opaque()
