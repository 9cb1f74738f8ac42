"""One item through the model: its input in, a plain value out, every failure a result."""

import errno
import inspect
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from jobs.host import raised
from jobs.host.arguments import Arguments
from jobs.host.badmodel import BadModel
from jobs.host.batching import Batcher, out_of_memory
from jobs.host.cancel import interrupt
from jobs.host.files import Files
from jobs.host.results import Failure, Results
from jobs.host.scope import ALONE
from jobs.host.values import InvalidOutput, are_floats, conforms, no_file, plain

#: a lot that takes longer is told in parts of about so many seconds
PART_S = 0.5
PART_NS = int(PART_S * 1e9)
#: what ends an item that is cancelled, as cog and asyncio have it
CANCELS = ("CancelationException", "CancelledError")


class Items:
    """Runs items one by one, or many through `predict_batch`."""

    def __init__(
        self, predict: Callable[..., Any], batch: Any, document: dict[str, Any], files: Files
    ) -> None:
        self._predict = predict
        self._batcher = None if batch is None else batcher(batch, predict)
        self._files = files
        #: puts a file away of an item that has ended, as long as no other runs
        self._keep = files.keep if self.overlapping else files.keep_ended
        arguments = Arguments(predict)
        self._arguments, self._unknown = arguments.of, arguments.told
        self._noted_arguments = arguments.noted
        self._in_order = arguments.in_order
        self._output = document["components"]["schemas"]["Output"]
        self._streams = "x-cog-array-type" in self._output
        self._text = self._output.get("type") == "string" and "format" not in self._output
        self._numbers = not self._streams and _are_numbers(self._output)

    def begin(self, begin: int = 0, most: int = 0) -> None:
        """Another lot, or another prediction, comes next.

        `begin` and `most`: rows of a pass, as hosts before this one have told; 0 if none has.
        """
        if self._batcher is not None:
            self._batcher.pace.told(begin, most)
        self._unknown.clear()
        ALONE.metrics.taken()

    def one(self, given: dict[str, Any], emit: Callable[[Any], None] | None = None) -> Results:
        """The result of one item; `emit` is given each part of an iterator output."""
        with ALONE.metrics.noted():
            return self._some([given], emit)

    def stop(self) -> None:
        """Called while `one` runs: end the item, by cog's exception inside the model."""
        interrupt()

    def _each(self, given: list[dict[str, Any]]) -> Iterator[Results]:
        while given:
            with ALONE.metrics.noted():
                results = self._some(given)
            given = given[len(results.outputs) :]
            yield results

    def _some(
        self, given: list[dict[str, Any]], emit: Callable[[Any], None] | None = None
    ) -> Results:
        """The results of as many items as there is time for, at least of one."""
        results = Results(len(given))
        outputs, took_ns, clock = results.outputs, results.took_ns, time.perf_counter_ns
        predict, arguments, text, files = self._predict, self._arguments, self._text, self._files
        in_order = self._in_order(given)
        rows: Iterable[Any] = given if in_order is None else in_order
        began = clock()
        until = began + PART_NS
        noted = ALONE.metrics.values
        for at, item in enumerate(rows):
            if began > until and at:
                return results.part(0, at)
            try:
                # a call by position takes half the time of one by name
                output = predict(**arguments(item)) if in_order is None else predict(*item)
                if output.__class__ is not str or not text:
                    kept = files.kept
                    output = self._plain(output, emit)
                    if files.kept > kept:
                        results.files.append(at)
                outputs[at] = output
            except BaseException as error:  # whatever a row raises ends that row alone
                results.fail(at, failure(error))
            ended = clock()
            took_ns[at], began = ended - began, ended
            if noted:
                results.metrics[at] = ALONE.metrics.taken()
        return results

    @contextmanager
    def _noting(self, results: Results, at: int) -> Iterator[None]:
        """Note it if the item's output puts files away."""
        kept = self._files.kept
        yield
        if self._files.kept > kept and at not in results.files:
            results.files.append(at)

    def _plain(self, value: Any, emit: Callable[[Any], None] | None) -> Any:
        """The output as JSON has it."""
        if self._streams:
            return self._declared([self._part(item, emit) for item in value])
        return self._declared(plain(value, self._keep))

    def _declared(self, output: Any) -> Any:
        """The output, if it is what the schema declares."""
        if not conforms(output, self._output):
            kind = self._output.get("type", "value")
            raise InvalidOutput(f"the model's output is not the {kind} that its schema declares")
        return output

    def _part(self, item: Any, emit: Callable[[Any], None] | None) -> Any:
        """One item of an iterator; a file is put away before the next one is made."""
        part = plain(item, self._files.keep)
        if emit is not None:
            emit(part)
        return part

    #: whether items of a lot may still run when the first ones are told
    overlapping = False
    #: how many run at once, each for itself
    at_once = 1

    @property
    def pass_rows(self) -> int:
        """How many items share a pass, as far as that is known by now; 0 if none ever do."""
        return 0 if self._batcher is None else self._batcher.pace.size

    @property
    def told_rows(self) -> tuple[int, int]:
        """`pass_rows`, and those that the search for them ended with: 0 while it goes on."""
        found = None if self._batcher is None else self._batcher.pace.found
        return self.pass_rows, found or 0

    def many(self, given: list[dict[str, Any]]) -> Iterator[Results]:
        """The results of several items in order, in one part or more.

        They share forward passes where the model can; then they come in one part.
        """
        if self._batcher is None or len(given) == 1:
            return self._each(given)
        return iter([self._together(self._batcher, given)])

    def _together(self, batcher: Batcher, given: list[dict[str, Any]]) -> Results:
        results = Results(len(given))
        sound = self._sound(given, results)
        places = list(sound)
        if self._numbers:
            results.unchecked = self._checked
        for number, output, seconds in batcher(list(sound.values())):
            self._settle(output, seconds, results, places[number])
        return results

    def _sound(self, given: list[dict[str, Any]], results: Results) -> dict[int, dict[str, Any]]:
        """The arguments of each item, by place, but for those that have failed already."""
        sound: dict[int, dict[str, Any]] = {}
        for at, item in enumerate(given):
            try:
                sound[at], note = self._noted_arguments(item)
                if note:
                    results.logs[at] = note
            except BaseException as error:  # a type's own constructor may refuse a value
                results.fail(at, failure(error))
        return sound

    def _settle(self, output: Any, seconds: float, results: Results, at: int) -> None:
        if isinstance(output, BaseException):
            results.fail(at, failure(output))
            return
        try:
            if self._numbers and output.__class__ is list:
                results.outputs[at] = output
            else:
                with self._noting(results, at):
                    results.outputs[at] = self._declared(plain(output, self._keep))
            results.took_ns[at] = int(seconds * 1e9)
        except BaseException as error:  # a lazy output computes, and fails, when it is read
            results.fail(at, failure(error))

    def _checked(self, output: Any) -> Any:
        """A list that is to hold numbers alone, as JSON has it, or why it is none."""
        try:
            if self._output["items"].get("type") == "number" and are_floats(output):
                return output
            return self._declared(plain(output, no_file))
        except BaseException as error:
            return failure(error)


def _are_numbers(shape: dict[str, Any]) -> bool:
    """Whether an output of this shape is a vector, or vectors: nothing that may be a file."""
    items = shape.get("items", {})
    return shape.get("type") == "array" and (items.get("type") == "number" or _are_numbers(items))


def batcher(batch: Any, predict: Callable[..., Any]) -> Batcher:
    """What runs `predict_batch`, by what the model's class says of it.

    Raises:
        BadModel: `batchable` names something that is not an input, or `max_batch_size` is no size.
    """
    model = getattr(batch, "__self__", None)
    batchable, most = getattr(model, "batchable", None), getattr(model, "max_batch_size", None)
    inputs = set(inspect.signature(predict).parameters)
    if batchable is not None and not set(batchable) <= inputs:
        unknown = ", ".join(sorted(map(str, set(batchable) - inputs)))
        raise BadModel(f"batchable names {unknown}, which predict() does not take")
    if most is not None and not (isinstance(most, int) and most >= 1):
        raise BadModel("max_batch_size must be a whole number, 1 or more")
    return Batcher(batch, batchable=batchable, most=most)


def failure(error: BaseException) -> Failure:
    """An exception as a result."""
    if isinstance(error, InvalidOutput):
        return Failure("invalid_output", _sendable(str(error)))
    if out_of_memory(error):
        return Failure("out_of_memory", "the model ran out of memory on this row")
    if disk_full(error):
        return Failure("disk_full", "the model found no room on the disk for this row")
    if type(error).__name__ not in CANCELS:  # where it was cancelled explains nothing
        raised.show(error)
    return Failure("prediction_failed", described(error))


def disk_full(error: BaseException | None) -> bool:
    """Whether it says, or was raised for one that says, that there is no room on a disk."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        error = error.__cause__ or error.__context__
    return False


def described(error: BaseException) -> str:
    """An error's kind and text, bounded, and always text that can be sent."""
    name = type(error).__name__
    try:
        text = f"{name}: {error}" if str(error) else name
        if isinstance(error, SystemExit):
            text = f"{name}: the model called sys.exit({error.code!r})"
    except Exception:
        text = name
    return _sendable(text)


def _sendable(text: str) -> str:
    return text[:2000].encode(errors="replace").decode()
