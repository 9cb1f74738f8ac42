"""Predictions of an `async` model that come, end and are cancelled while others run."""

import asyncio
import os
import time
from functools import partial
from typing import Any, BinaryIO

from jobs.host import answer, files, frames, scope
from jobs.host.asynchronous import AsyncItems
from jobs.host.console import Console, Printed
from jobs.host.inbox import Inbox
from jobs.host.results import CANCELED, Results


class _Item:
    """One that runs."""

    def __init__(self, number: int, printed: Printed) -> None:
        self.number = number
        self.printed = printed
        self.results = Results(1)
        self.results.number = number
        self.task: asyncio.Task[None]
        self.is_cancelled = False
        self.began_at = time.time()


class Interleaved:
    """Answers for each prediction by its number, as soon as there is something to say."""

    def __init__(
        self, items: AsyncItems, answers: BinaryIO, console: Console, made: files.Files
    ) -> None:
        self._items = items
        self._answers = answers
        self._console = console
        self._files = made
        self._running: dict[int, _Item] = {}
        self._process = os.getpid()

    def run(self, first: Any, inbox: Inbox) -> None:
        """Begin with this command, go on with those that come, until no prediction is left."""
        self._items.loop.run(self._until_idle(first, inbox))

    async def _until_idle(self, first: Any, inbox: Inbox) -> None:
        loop = asyncio.get_running_loop()
        self._idle = loop.create_future()
        loop.add_reader(inbox, self._hear, inbox)
        try:
            self._obey(first)
            self._obey_all(inbox)  # what was read along with the first
            while self._running:
                await self._idle
                self._idle = loop.create_future()
        finally:
            loop.remove_reader(inbox)

    def _hear(self, inbox: Inbox) -> None:
        try:
            inbox.read()
        except EOFError:
            os._exit(0)
        self._obey_all(inbox)

    def _obey_all(self, inbox: Inbox) -> None:
        while (command := inbox.taken()) is not None:
            self._obey(command)

    def _obey(self, command: Any) -> None:
        if "cancel" not in command:
            self._begin(command)
            return
        item = self._running.get(command["cancel"])  # it may have ended meanwhile
        if item is not None:
            item.is_cancelled = True
            item.task.cancel()

    def _begin(self, command: Any) -> None:
        number = command["number"]
        item = _Item(number, Printed(partial(self._tell, number, "log")))
        item.task = asyncio.ensure_future(self._one(item, command))
        self._running[number] = item
        item.task.add_done_callback(lambda _: self._ended(item))

    async def _one(self, item: _Item, command: Any) -> None:
        item.printed.take_over()
        files.own(command["files"])
        metrics = scope.own(command["context"]).metrics
        metrics.tell = partial(self._tell_metric, item.number) if command["metrics"] else None
        self._items.begin()
        emit = partial(self._tell, item.number, "output")
        await self._items.item(item.results, 0, command["rows"][0], emit)
        if os.getpid() != self._process:
            os._exit(0)  # it forked, and this is the child coming back

    def _tell(self, number: int, op: str, value: Any) -> None:
        frames.write(self._answers, {"op": op, "number": number, "value": value})

    def _tell_metric(self, number: int, *told: Any) -> None:
        self._tell(number, "metric", told)

    def _ended(self, item: _Item) -> None:
        if item.is_cancelled or item.task.cancelled():
            item.results.fail(0, CANCELED)
        item.printed.close()
        self._console.settle()
        pieces = answer.frame(item.results, self._items.told_rows, more=False)
        frames.send(self._answers, *pieces)
        del self._running[item.number]
        self._clear()
        if not self._running and not self._idle.done():
            self._idle.set_result(None)

    def _clear(self) -> None:
        """Remove what those that have ended left behind."""
        began = [item.began_at for item in self._running.values()]
        self._files.clear(before=min(began, default=None))
