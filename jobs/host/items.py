"""One item through the model: arguments in, a plain value out, every failure a result."""

import inspect
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import Any, NamedTuple

from jobs.host.kinds import from_place, is_path, is_secret, optional
from jobs.host.loader import hints
from jobs.host.schema import facts_of


class InvalidOutput(Exception):
    """The output is not what the annotation says."""


class Arguments:
    """Turns a JSON input into keyword arguments: defaults, files as paths, whole numbers."""

    def __init__(self, predict: Callable[..., Any]) -> None:
        known = hints(predict)
        self.defaults: dict[str, Any] = {}
        self.convert: dict[str, Callable[[Any], Any]] = {}
        self.names = set(inspect.signature(predict).parameters)
        for name, parameter in inspect.signature(predict).parameters.items():
            _, value, has_default = facts_of(parameter.default)
            kind, nullable = optional(known[name])
            if has_default or nullable:
                self.defaults[name] = value
            convert = _converter(kind)
            if convert is not None:
                self.convert[name] = convert

    def __call__(self, given: dict[str, Any]) -> dict[str, Any]:
        """The keyword arguments; names the model does not know are dropped."""
        arguments = {**self.defaults, **given}
        if not arguments.keys() <= self.names:
            arguments = {name: value for name, value in arguments.items() if name in self.names}
        for name, convert in self.convert.items():
            if arguments.get(name) is not None:
                arguments[name] = convert(arguments[name])
        return arguments


def _converter(kind: Any) -> Callable[[Any], Any] | None:
    inner: Any = getattr(kind, "__args__", (None,))[0]
    if kind is float:
        return float
    if kind is int:
        return int
    if is_path(kind):
        return from_place(kind)
    if is_secret(kind):
        return lambda value: kind(value)
    if getattr(kind, "__origin__", None) is list and is_path(inner):
        made = from_place(inner)
        return lambda values: [made(value) for value in values]
    return None


def plain(value: Any, files: list[str], place: str = "the output") -> Any:
    """An output as JSON can carry it; a file becomes `{"__path__": …}` and is put on `files`."""
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, PurePath):
        files.append(str(value.absolute() if hasattr(value, "absolute") else value))
        return {"__path__": files[-1]}
    if isinstance(value, (list, tuple)):
        return [plain(item, files, place) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item, files, place) for key, item in value.items()}
    if hasattr(value, "__dataclass_fields__"):
        fields = value.__dataclass_fields__
        return {name: plain(getattr(value, name), files, place) for name in fields}
    raise InvalidOutput(f"{place} holds a {type(value).__name__}, which is not JSON")


def conforms(value: Any, shape: dict[str, Any]) -> bool:
    """Whether a plain output is of the declared kind."""
    kind = shape.get("type")
    if kind == "string":
        is_file = isinstance(value, dict) and "__path__" in value
        return is_file if shape.get("format") == "uri" else isinstance(value, str)
    if kind == "array":
        items = shape.get("items", {})
        return isinstance(value, list) and all(conforms(item, items) for item in value)
    kinds: dict[str, tuple[type, ...]] = {
        "integer": (int,),
        "number": (int, float),
        "boolean": (bool,),
    }
    if kind in kinds:
        wanted = kinds[kind]
        return isinstance(value, wanted) and (kind == "boolean" or not isinstance(value, bool))
    return True


class Output(NamedTuple):
    """What one item gave."""

    value: Any
    seconds: float
    files: bool


class Failure(NamedTuple):
    """Why one item gave nothing; `code` is for programs, `message` for people."""

    code: str
    message: str


class Items:
    """Runs items one by one, or many through `predict_batch` with the bad ones found by halving."""

    def __init__(self, predict: Callable[..., Any], batch: Any, document: dict[str, Any]) -> None:
        self._predict = predict
        self._batch = batch
        self._arguments = Arguments(predict)
        self._output = document["components"]["schemas"]["Output"]
        self._streams = "x-cog-array-type" in self._output
        self._text = self._output.get("type") == "string" and "format" not in self._output

    def one(
        self, given: dict[str, Any], emit: Callable[[Any], None] | None = None
    ) -> Output | Failure:
        """The result of one item; `emit` is given each part of an iterator output."""
        began = time.perf_counter()
        try:
            value = self._predict(**self._arguments(given))
            if self._streams:
                value = list(value) if emit is None else list(_told(value, emit))
            return self._good(value, time.perf_counter() - began)
        except (KeyboardInterrupt, GeneratorExit):
            raise
        except BaseException as error:
            return failure(error)

    def _good(self, value: Any, seconds: float) -> Output:
        if self._text and value.__class__ is str:
            return Output(value, seconds, False)
        files: list[str] = []
        output = plain(value, files)
        if not conforms(output, self._output):
            kind = self._output.get("type", "value")
            raise InvalidOutput(f"the model's output is not the {kind} that its schema declares")
        return Output(output, seconds, bool(files))

    def many(self, given: list[dict[str, Any]]) -> list[Output | Failure]:
        """The results of several items, which share forward passes where the model can."""
        if self._batch is None or len(given) == 1:
            return [self.one(item) for item in given]
        began = time.perf_counter()
        try:
            values = self._batch([self._arguments(item) for item in given])
            if len(values) != len(given):
                raise InvalidOutput("predict_batch() gave another number of outputs than inputs")
        except Exception:
            half = len(given) // 2
            return self.many(given[:half]) + self.many(given[half:])
        seconds = (time.perf_counter() - began) / len(given)
        return [self._judged(value, seconds) for value in values]

    def _judged(self, value: Any, seconds: float) -> Output | Failure:
        try:
            return self._good(value, seconds)
        except InvalidOutput as error:
            return failure(error)


def _told(value: Any, emit: Callable[[Any], None]) -> Iterator[Any]:
    for item in value:
        emit(plain(item, []))
        yield item


def failure(error: BaseException) -> Failure:
    """An exception as a result."""
    if isinstance(error, InvalidOutput):
        return Failure("invalid_output", str(error))
    if isinstance(error, MemoryError) or "OutOfMemory" in type(error).__name__:
        return Failure("out_of_memory", "the model ran out of memory on this row")
    traceback.print_exception(error)
    text = str(error) or type(error).__name__
    return Failure("prediction_failed", f"{type(error).__name__}: {text}"[:2000])
