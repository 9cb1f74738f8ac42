"""What a prediction notes beside its output: `current_scope()`, and the rules of its metrics."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from jobs.host.values import plain

MODES = ("replace", "incr", "append")
MOST_LETTERS, MOST_PARTS = 128, 4
_PART = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*")
_KINDS = (bool, int, float, str, list, dict)  # bool first: it is an int, too


class Metrics:
    """Numbers and the like by name; dots in a name make objects of objects.

    A name keeps the type of its first value, unless it is deleted in between.
    """

    def __init__(self, *, recording: bool) -> None:
        self.recording = recording
        #: by whole name; always the same object, which is looked at for each of a million rows
        self.values: dict[str, Any] = {}
        self._kinds: dict[str, type] = {}
        #: told each one as it is recorded: name, value (None: it is deleted), mode
        self.tell: Callable[[str, Any, str], None] | None = None

    def record(self, key: str, value: Any, mode: str | None = None) -> None:
        """Note a value: put it in the place of the old one, add it to that, or append it.

        Raises:
            ValueError: this is no name for a metric.
            TypeError: the value or the mode is of no kind that a metric has.
        """
        mode = mode or "replace"
        if mode not in MODES:
            raise TypeError(f"the mode of a metric is one of {', '.join(MODES)}, not {mode!r}")
        if not self.recording:
            return
        if value is None:
            self.delete(key)
            self._told(key, None, mode)
            return
        _check_name(key)
        kind = self._kind(key, value)
        if mode == "incr" and kind not in (int, float):
            raise TypeError(f"incr adds an int or a float, and {key} is given a {kind.__name__}")
        self._kinds[key], value = kind, plain(value, _no_file)
        self.values[key] = self._with(key, value, mode) if mode != "replace" else value
        self._told(key, value, mode)

    def _told(self, key: str, value: Any, mode: str) -> None:
        if self.tell is not None:
            self.tell(key, value, mode)

    def _kind(self, key: str, value: Any) -> type:
        kind = next((kind for kind in _KINDS if isinstance(value, kind)), None)
        if kind is None:
            raise TypeError(
                f"the metric {key} is a {type(value).__name__}; it may be a bool, int, float, str,"
                " list or dict"
            )
        before = self._kinds.get(key, kind)
        if before is not kind:
            raise TypeError(
                f"the metric {key} is of type {before.__name__}; delete it before it becomes a"
                f" {kind.__name__}"
            )
        return kind

    def _with(self, key: str, value: Any, mode: str) -> Any:
        before = self.values.get(key)
        if mode == "incr":
            return value if before is None else before + value
        if before is None:
            return [value]
        return [*before, value] if isinstance(before, list) else [before, value]

    def delete(self, key: str) -> None:
        """Forget a metric, and of what type it was."""
        self.values.pop(key, None)
        self._kinds.pop(key, None)

    def __setitem__(self, key: str, value: Any) -> None:
        self.record(key, value)

    def __delitem__(self, key: str) -> None:
        self.delete(key)

    @contextmanager
    def noted(self) -> Iterator[None]:
        """What is recorded in here is noted; elsewhere it is not."""
        self.recording = True
        try:
            yield
        finally:
            self.recording = False

    def taken(self) -> dict[str, Any]:
        """All of them, nested; none is left."""
        made = self.nested()
        self.values.clear()
        self._kinds.clear()
        return made

    def nested(self) -> dict[str, Any]:
        """All of them, with an object in the place of each dot."""
        made: dict[str, Any] = {}
        for key, value in self.values.items():
            *above, last = key.split(".")
            place = made
            for name in above:
                if not isinstance(place.get(name), dict):
                    place[name] = {}
                place = place[name]
            place[last] = value
        return made


class Scope:
    """The prediction that is being made."""

    def __init__(self, *, recording: bool = False) -> None:
        self.metrics = Metrics(recording=recording)
        #: what the request said beside the input
        self.context: dict[str, str] = {}

    def record_metric(self, key: str, value: Any, mode: str | None = None) -> None:
        """Note a metric: see `Metrics.record`."""
        self.metrics.record(key, value, mode)


def _check_name(key: str) -> None:
    parts = key.split(".")
    if key == "predict_time" or parts[0] == "cog":
        raise ValueError(f"the metric {key!r} is not for models to set")
    if len(key) > MOST_LETTERS or len(parts) > MOST_PARTS or not all(map(_PART.fullmatch, parts)):
        raise ValueError(
            f"{key[:MOST_LETTERS]!r} is no name for a metric: it has up to {MOST_PARTS} parts with"
            f" dots between them and {MOST_LETTERS} letters in all; a part begins with a letter and"
            " holds letters, digits and single underscores"
        )


def _no_file(path: Any) -> str:
    raise TypeError("a metric cannot hold a file")


#: that of the item which a task of an async model is about
_OWN: ContextVar[Scope | None] = ContextVar("scope", default=None)
#: that of the one item which a model that is not async is about, whatever thread asks
ALONE = Scope()


def current_scope() -> Scope:
    """The scope of the prediction that is being made; outside of one it notes nothing."""
    return _OWN.get() or ALONE


def begin(context: dict[str, str]) -> None:
    """What the request of the items that come next said beside their input."""
    ALONE.context = context


def own(context: dict[str, str] | None = None) -> Scope:
    """A scope for this task alone; `context`: what its request said, if this is the first one."""
    scope, before = Scope(recording=True), current_scope()
    scope.context = before.context if context is None else context
    scope.metrics.tell = before.metrics.tell
    _OWN.set(scope)
    return scope
