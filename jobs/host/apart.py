"""Several quick predictions that came together, each made as if it had come alone."""

import os
from collections.abc import Callable
from typing import Any, BinaryIO

from jobs.host import answer, frames, scope
from jobs.host.cancel import Cancel
from jobs.host.console import Console
from jobs.host.files import Files
from jobs.host.items import Items
from jobs.host.results import CANCELED, Results


class Apart:
    """Runs them one by one, and tells all at the end; if one takes long, what there is by then.

    Those behind that one are left to the worker.
    """

    def __init__(
        self,
        items: Items,
        answers: BinaryIO,
        console: Console,
        files: Files,
        cancel: Cancel,
        usage: Callable[[], dict[str, int]],
    ) -> None:
        self._items = items
        self._answers = answers
        self._console = console
        self._files = files
        self._cancel = cancel
        self._usage = usage
        self._results = Results(0)
        #: the one that runs, and whether those before it have been told
        self._at, self._told = 0, False

    def obeyed(self, command: Any) -> bool:
        """Whether a command was for this."""
        if "where" in command:  # there is nothing any more that could be told
            self._cancel.overtaken()
            return True
        if "apart" not in command:
            return False
        self._files.begin(command["files"])
        scope.begin({})
        self._run(command["rows"])
        return True

    def _run(self, rows: list[dict[str, Any]]) -> None:
        process = os.getpid()
        self._results, self._told = Results(len(rows)), False
        with self._cancel.asked_of(self._tell):
            for self._at, row in enumerate(rows):
                one = self._one(row)
                if os.getpid() != process:
                    os._exit(0)  # a row forked, and this is the child coming back
                self._results.take(self._at, one)
                self._console.settle()
                self._files.clear()
                if self._told:
                    break
        rest = self._results.part(self._at if self._told else 0, self._at + 1)
        rest.usage = self._usage()
        pieces = answer.frame(rest, self._items.told_rows, more=False)
        frames.send(self._answers, *pieces)

    def _one(self, row: dict[str, Any]) -> Results:
        self._items.begin()
        with self._console.kept() as printed:
            try:
                with self._cancel.heeded(self._items.stop):
                    one = self._items.one(row)
            except BaseException:  # told to stop where nobody caught it, at the very end
                if not self._cancel.came:
                    raise
                one = Results(1)
        if self._cancel.came:
            one.fail(0, CANCELED)
        if printed:
            one.logs[0] = "".join(printed).encode("utf-8", "backslashreplace").decode()
        return one

    def _tell(self) -> None:
        """Tell those that have ended, while one runs."""
        self._told = True
        ended = self._results.part(0, self._at)
        frames.send(self._answers, *answer.frame(ended, self._items.told_rows, more=True))
        self._console.let_go()  # should it never end, this is what explains that
