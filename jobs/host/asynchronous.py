"""An `async` model: its rows run at once, as many as it declares, and are told in order."""

import asyncio
import inspect
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from jobs.host.badmodel import BadModel
from jobs.host.cancel import interrupt
from jobs.host.files import Files
from jobs.host.items import PART_S, Items, failure
from jobs.host.loader import is_async
from jobs.host.results import Results
from jobs.host.scope import own


class Loop:
    """The one event loop that setup() and all rows share; it turns while somebody waits for it."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)

    def run(self, awaitable: Any) -> Any:
        """What it gives."""
        return self._loop.run_until_complete(awaitable)

    def start(self, coroutine: Any) -> "asyncio.Task[None]":
        """Begin it; it goes on whenever the loop turns."""
        return self._loop.create_task(coroutine)

    def soon(self, call: Callable[[], Any]) -> None:
        """Have it called, from whatever the loop is at, or from a signal."""
        self._loop.call_soon_threadsafe(call)


class AsyncItems(Items):
    """Runs items through an `async` predict; what fails, fails alone."""

    overlapping = True

    def __init__(
        self,
        predict: Callable[..., Any],
        batch: Any,
        document: dict[str, Any],
        files: Files,
        loop: Loop,
        most: int,
    ) -> None:
        """`most`: how many items at once."""
        if batch is not None and is_async(batch):
            raise BadModel("predict_batch() must not be async; leave it out, or leave out async")
        super().__init__(predict, batch, document, files)
        #: what its items turn in
        self.loop = loop
        self._most = self.at_once = most
        self._task: Any = None

    @property
    def pass_rows(self) -> int:
        """How many items had better be given at once; 0 if it makes no difference."""
        return super().pass_rows or (self._most if self._most > 1 else 0)

    def one(self, given: dict[str, Any], emit: Callable[[Any], None] | None = None) -> Results:
        """The result of one item; `emit` is given each part of an iterator output."""
        results = Results(1)
        self._task = self.loop.start(self.item(results, 0, given, emit))
        try:
            self.loop.run(self._task)
        finally:
            self._task = None
        return results

    def stop(self) -> None:
        """Called while `one` runs: cancel its task, if there is one by now."""
        if self._task is None:
            interrupt()
        self.loop.soon(self._task.cancel)

    def _each(self, given: list[dict[str, Any]]) -> Iterator[Results]:
        results, told = Results(len(given)), 0
        slots = asyncio.Semaphore(self._most)
        tasks = [
            self.loop.start(self._in_turn(slots, results, at, item))
            for at, item in enumerate(given)
        ]
        while told < len(tasks):
            self.loop.run(asyncio.wait(tasks[told:], timeout=PART_S))
            ended = told
            while ended < len(tasks) and tasks[ended].done():
                ended += 1
            if ended > told:
                yield results.part(told, ended)
            told = ended

    async def _in_turn(
        self, slots: asyncio.Semaphore, results: Results, at: int, given: dict[str, Any]
    ) -> None:
        async with slots:
            await self.item(results, at, given, None)

    async def item(
        self, results: Results, at: int, given: dict[str, Any], emit: Callable[[Any], None] | None
    ) -> None:
        """Put what one item gives into its place; `emit` is given each part of an iterator."""
        began, scope = time.perf_counter_ns(), own()
        try:
            value = self._predict(**self._arguments(given))
            if inspect.isawaitable(value):
                value = await value
            if self._streams:
                value = [part async for part in self._parts(value, results, at, emit)]
                results.outputs[at] = self._declared(value)
            else:
                with self._noting(results, at):
                    results.outputs[at] = self._plain(value, emit)
            results.took_ns[at] = time.perf_counter_ns() - began
        except BaseException as error:  # whatever an item raises ends that item alone
            results.fail(at, failure(error))
        if scope.metrics.values:
            results.metrics[at] = scope.metrics.taken()

    async def _parts(
        self, value: Any, results: Results, at: int, emit: Callable[[Any], None] | None
    ) -> AsyncIterator[Any]:
        """Each part of an iterator output, put away before the next one is made."""
        if not hasattr(value, "__aiter__"):
            value = _awaited(value)
        async for item in value:
            with self._noting(results, at):
                part = self._part(item, emit)
            yield part


async def _awaited(items: Any) -> AsyncIterator[Any]:
    for item in items:
        yield item
