"""A JSON input as the arguments of the model's function."""

import inspect
from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter
from typing import Any

from jobs.host.annotations import hints, optional
from jobs.host.console import tell
from jobs.host.kinds import from_place, is_path, is_secret
from jobs.host.schema import facts_of

#: of the name of an input that nobody knows
NAME_LETTERS = 100


class Arguments:
    """Turns a JSON input into keyword arguments: defaults, files as paths, whole numbers."""

    def __init__(self, predict: Callable[..., Any]) -> None:
        known = hints(predict)
        self.defaults: dict[str, Any] = {}
        self.convert: dict[str, Callable[[Any], Any]] = {}
        self.names = set(inspect.signature(predict).parameters)
        #: names that the model does not know and that were told of already
        self.told: set[str] = set()
        #: who is told of them
        self.tell: Callable[[str], object] = tell
        for name, parameter in inspect.signature(predict).parameters.items():
            _, value, has_default = facts_of(parameter.default)
            kind, nullable = optional(known[name])
            if has_default or nullable:
                self.defaults[name] = value
            convert = _converter(kind)
            if convert is not None:
                self.convert[name] = convert
        places = None if self.defaults or self.convert else _places(predict)
        self._places = places if places and set(places) == self.names else None

    def of(self, given: dict[str, Any]) -> dict[str, Any]:
        """The keyword arguments; names the model does not know are dropped.

        `given` is used up.
        """
        arguments = {**self.defaults, **given} if self.defaults else given
        if not arguments.keys() <= self.names:
            arguments = self._known(arguments)
        if self.convert:
            for name, convert in self.convert.items():
                if arguments.get(name) is not None:
                    arguments[name] = convert(arguments[name])
        return arguments

    def noted(self, given: dict[str, Any]) -> tuple[dict[str, Any], str]:
        """The keyword arguments, and what there is to say of this input alone."""
        if given.keys() <= self.names:
            return self.of(given), ""
        notes: list[str] = []
        self.tell, before = notes.append, self.tell
        try:
            arguments = self.of(given)
        finally:
            self.tell = before
            self.told.clear()
        return arguments, "".join(f"{note}\n" for note in notes)

    def in_order(self, inputs: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]] | None:
        """The arguments of each, by position, if they are given just as they stand."""
        places = self._places
        if places is None or set(map(len, inputs)) != {len(places)}:
            return None
        try:
            return zip(*(list(map(itemgetter(name), inputs)) for name in places), strict=True)
        except KeyError:  # there is another name instead
            return None

    def _known(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Those that the model takes; a line in the log names the others, once in a lot."""
        unknown = arguments.keys() - self.names - self.told
        if unknown:
            self.told |= unknown
            self.tell(left_out(unknown, self.names))
        return {name: value for name, value in arguments.items() if name in self.names}


def left_out(unknown: Iterable[str], names: Iterable[str]) -> str:
    """What is said of inputs that the model does not know; `names`: what it takes."""
    these = ", ".join(name[:NAME_LETTERS] for name in sorted(unknown))
    takes = ", ".join(sorted(names)) or "none"
    return f"left out of the input, since the model does not take it: {these}; it takes: {takes}"


def _places(predict: Callable[..., Any]) -> tuple[str, ...] | None:
    """The names in the order of their places, if a call by position is the same as one by name.

    They are those of the function that is called: what wraps another shows that one's signature.
    """
    function, own = getattr(predict, "__func__", predict), int(inspect.ismethod(predict))
    if not inspect.isfunction(function):
        return None
    code = function.__code__
    others = inspect.CO_VARARGS | inspect.CO_VARKEYWORDS
    if code.co_flags & others or code.co_kwonlyargcount or code.co_posonlyargcount:
        return None
    return code.co_varnames[own : code.co_argcount]


def _converter(kind: Any) -> Callable[[Any], Any] | None:
    inner: Any = getattr(kind, "__args__", (None,))[0]
    if kind is float:
        return float
    if kind is int:
        return int
    if getattr(kind, "__origin__", None) is list:
        made = _made(inner)
        return made and (lambda values: [made(value) for value in values])
    return _made(kind)


def _made(kind: Any) -> Callable[[Any], Any] | None:
    """What makes the model's own kind of a text, if that is what it takes."""
    if is_path(kind):
        return from_place(kind)
    return (lambda value: kind(value)) if is_secret(kind) else None
