"""What a model folder imports from `cog`, for environments without the cog package."""

import io
import pathlib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

__all__ = [
    "AsyncConcatenateIterator",
    "BaseModel",
    "BasePredictor",
    "BaseRunner",
    "CancelationException",
    "ConcatenateIterator",
    "File",
    "Input",
    "Path",
    "Secret",
    "concurrent",
]

T = TypeVar("T")
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


def Input(default: Any = MISSING, **facts: Any) -> Any:
    """Describe a parameter."""
    return FieldInfo(default, **facts)


class BaseRunner:
    """A model with `setup` and `run`."""

    def setup(self) -> None:
        """Load what predictions need."""


class BasePredictor(BaseRunner):
    """A model with `setup` and `predict`."""


class BaseModel:
    """An output of several fields; annotations become the constructor."""

    def __init_subclass__(cls) -> None:
        """Make a dataclass of it."""
        dataclass(cls)


class Path(pathlib.PosixPath):
    """A file, given or made."""


class File(io.IOBase):
    """A file that is given opened; deprecated in cog, in favour of Path."""


@dataclass(frozen=True, repr=False)
class Secret:
    """A text that shows as stars, so that it does not end up in a log."""

    secret_value: str | None = None

    def get_secret_value(self) -> str | None:
        """The text."""
        return self.secret_value

    def __str__(self) -> str:
        return "" if self.secret_value is None else "*" * 10

    def __repr__(self) -> str:
        return f"Secret({self})"


class ConcatenateIterator(Iterator[T]):
    """An iterator whose items are parts of one text."""


class AsyncConcatenateIterator(AsyncIterator[T]):
    """The same, asynchronous."""


def concurrent(*, max: int, default_target: int | None = None) -> Callable[[Any], Any]:
    """How many predictions an `async` method runs at once, where cog.yaml does not say."""

    def declared(method: Any) -> Any:
        method.concurrent_max = max
        return method

    return declared


class CancelationException(BaseException):
    """Raised in a prediction that was cancelled."""
