"""How many predictions an `async` method runs at once, where cog.yaml does not say."""

import inspect
from collections.abc import Callable
from typing import Any

#: where the cog package notes it, too
MARK = "__cog_concurrent_max__"


def concurrent(method: Any = None, *, max: int = 1) -> Any:
    """Mark a method; with or without parentheses."""
    if type(max) is not int or max < 1:
        raise TypeError("concurrent(max=…) takes a whole number, 1 or more")

    def mark(inner: Callable[..., Any]) -> Callable[..., Any]:
        if max > 1 and not (
            inspect.iscoroutinefunction(inner) or inspect.isasyncgenfunction(inner)
        ):
            raise TypeError(f"concurrent(max={max}) needs a method that is async def")
        setattr(inner, MARK, max)
        return inner

    return mark if method is None else mark(method)


def most(method: Callable[..., Any]) -> int:
    """How many a method is marked for; 1 if it is not."""
    return int(getattr(method, MARK, 1))
