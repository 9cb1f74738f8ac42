"""What this thread is at: the ids that its log lines carry, and its place in a trace."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

_NOTHING: Mapping[str, object] = MappingProxyType({})
_ids: ContextVar[Mapping[str, object]] = ContextVar("ids", default=_NOTHING)
_traceparent: ContextVar[str | None] = ContextVar("traceparent", default=None)


def ids() -> Mapping[str, object]:
    """Which request, batch, shard or prediction this thread is at, by kind."""
    return _ids.get()


def traceparent() -> str | None:
    """The span that this thread is in, in W3C Trace Context's form; None if nobody traces."""
    return _traceparent.get()


@contextmanager
def entered(more: Mapping[str, object], trace: str | None) -> Iterator[None]:
    """Be at this too, until the block ends; without a span of its own in the one around it."""
    known = _ids.set({**_ids.get(), **more})
    place = _traceparent.set(trace or _traceparent.get())
    try:
        yield
    finally:
        _traceparent.reset(place)
        _ids.reset(known)
