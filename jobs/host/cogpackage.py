"""`import cog` in a model: the real package, made to work without its server, or our small one."""

import importlib.util
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from jobs.host.scope import current_scope

FALLBACK = Path(__file__).parent / "cog_fallback"
STREAMING = "__cog_streaming__"


def provide() -> None:
    """Make `import cog` work: the real package if it is there, else ours.

    The real one asks its native server for the scope of a prediction, and leaves `@streaming`, and
    whether a default was given, to a program that reads the source. Here all three are ours.
    """
    if importlib.util.find_spec("cog") is None:
        sys.path.append(str(FALLBACK))
        return
    with suppress(ImportError):  # one that is broken breaks where the model imports it
        import cog
        import coglet

        coglet._sdk.current_scope = current_scope
        cog.streaming, cog.Input = streaming, _telling(cog.Input)


def _telling(real: Callable[..., Any]) -> Callable[..., Any]:
    """cog's Input, but `default=None` can be told from no default."""

    def Input(default: Any = ..., **facts: Any) -> Any:
        return real(default, **facts)

    return Input


def streaming(method: Any = None) -> Any:
    """Mark a method whose output may be sent while it is made; with or without parentheses."""

    def mark(inner: Callable[..., Any]) -> Callable[..., Any]:
        setattr(inner, STREAMING, True)
        return inner

    return mark if method is None else mark(method)


def is_streaming(function: Callable[..., Any]) -> bool:
    """Whether it is marked so."""
    return bool(getattr(function, STREAMING, False))
