"""Takes predictions while there are free slots, and hands them to the model."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from jobs.core.errors import Conflict, Unavailable
from jobs.serve.changes import Changes
from jobs.serve.live import Live
from jobs.serve.model import Health, Model
from jobs.serve.runner import Runner

#: how often the folder is looked at for changes
LOOK_S = 0.3
#: how often a model that has nothing to do is asked whether it is well
EXAMINE_S = 1.0
log = logging.getLogger(__name__)


class Busy(Conflict):
    """Every slot is taken."""


class Desk:
    """What is accepted is run: in the order in which it came, several at once where it may be."""

    def __init__(
        self,
        model: Model,
        *,
        changes: Changes | None,
        folder: Path,
        timeout_s: float,
        show: Callable[[str], None],
    ) -> None:
        """`changes`: of the code, if it is to be loaded again then; the others: see Runner."""
        self._model = model
        self._changes = changes
        self._runner = Runner(model, self._free, folder=folder, timeout_s=timeout_s, show=show)
        #: by id, until they have ended
        self._lives: dict[str, Live] = {}
        self._waiting: list[Live] = []
        #: those that run each in a thread of its own, or in that of whoever asked for it
        self._apart = 0
        #: whether this desk's own thread is at something
        self._busy = True
        self._changed = threading.Condition()
        self._ending = False
        self._examine_at = 0.0
        self._thread = threading.Thread(target=self._work, name="model", daemon=True)

    def open(self) -> None:
        """Begin: load the model, and take predictions once that is done."""
        self._thread.start()

    def health(self) -> Health:
        """How the model is."""
        health, contract = self._model.setup.health, self._model.contract
        is_full = contract is not None and len(self._lives) >= contract.slots
        return Health.BUSY if health is Health.READY and is_full else health

    def take(self, live: Live, *, here: bool = False) -> bool:
        """Have it run; whether it is the caller's to `run`, which it may be if `here` is true.

        Raises:
            Unavailable: the model is not loaded, or this server is ending.
            Busy: every slot is taken.
        """
        contract, setup = self._model.contract, self._model.setup
        with self._changed:
            if self._ending:
                raise Unavailable("the server is shutting down")
            if contract is None or setup.health is Health.SETUP_FAILED:
                raise Unavailable(setup.error or "Setup has not finished yet")
            if len(self._lives) >= contract.slots or live.id in self._lives:
                raise Busy("At capacity - all prediction slots busy")
            self._lives[live.id] = live
            runs_here = here and self._is_free(live, contract.at_once)
            if runs_here:
                self._apart += 1
            else:
                self._waiting.append(live)
                self._changed.notify_all()
        return runs_here

    def _is_free(self, live: Live, at_once: int) -> bool:
        """Whether it may begin at once, in whatever thread: nobody is before it."""
        if self._changes is not None or self._waiting:
            return False  # its folder has to be looked at first
        return self._apart < at_once and (at_once > 1 or not self._busy)

    def run(self, live: Live) -> None:
        """Run one that was taken to its end."""
        try:
            self._runner.run((live,))
        finally:
            with self._changed:
                self._apart -= 1
                if self._waiting or self._ending or self._changes is not None:
                    self._changed.notify_all()

    def find(self, id: str) -> Live | None:
        """The prediction of this id, if it has not ended."""
        return self._lives.get(id)

    def refuse(self) -> None:
        """Take no more from here on."""
        with self._changed:
            self._ending = True
            self._changed.notify_all()

    def close(self, grace_s: float, stop_s: float = 5.0) -> None:
        """Take no more, wait for those under way, cancel what is left, and end the model."""
        self.refuse()
        self._thread.join(grace_s)
        for live in list(self._lives.values()):
            live.cancel.set()
        self._thread.join(stop_s)

    def _work(self) -> None:
        try:
            self._model.load()
            while (lives := self._next()) is not None:
                self._look_for_changes()
                if self._at_once() > 1:
                    self._run_apart(lives)
                elif lives:
                    self._runner.run(lives)
                if not self._ending:
                    self._model.revive()
                    self._examine(busy=bool(lives) or self._apart > 0)
        finally:
            self._model.close()

    def _look_for_changes(self) -> None:
        if self._changes is None or not self._changes.any():
            return
        log.info("the folder has changed: the model is loaded again")
        with self._changed:  # those under way have the old one to their ends
            self._changed.wait_for(lambda: not self._apart)
        self._model.load()

    def _at_once(self) -> int:
        contract = self._model.contract
        return 1 if contract is None else contract.at_once

    def _run_apart(self, lives: Sequence[Live]) -> None:
        """Run each in a thread of its own, for as long as it takes."""
        with self._changed:
            self._apart += len(lives)
        for live in lives:
            threading.Thread(target=self.run, args=(live,), name="prediction", daemon=True).start()

    def _examine(self, *, busy: bool) -> None:
        if not busy and time.monotonic() >= self._examine_at:
            self._model.examine()
            self._examine_at = time.monotonic() + EXAMINE_S

    def _next(self) -> Sequence[Live] | None:
        """Those to be run together now; none if it is time to look around; None at the end."""
        with self._changed:
            self._busy = False
            if not self._runnable() and not self._is_over():
                self._changed.wait(EXAMINE_S if self._changes is None else LOOK_S)
            chosen, self._busy = self._runnable(), True
            if not chosen:
                return None if self._is_over() else ()
            self._waiting = [live for live in self._waiting if live not in chosen]
        return chosen

    def _is_over(self) -> bool:
        return self._ending and not self._waiting and not self._apart

    def _runnable(self) -> Sequence[Live]:
        """Those that may begin now: as many as there is room for, or the next round."""
        at_once = self._at_once()
        if at_once > 1:
            return self._waiting[: max(0, at_once - self._apart)]
        if self._apart:  # in the thread of whoever asked for it
            return ()
        if not self._waiting or self._alone(self._waiting[0]):
            return self._waiting[:1]
        return [live for live in self._waiting if not self._alone(live)]

    def _alone(self, live: Live) -> bool:
        """Whether it has to be told of in parts, or has a context of its own."""
        contract = self._model.contract
        in_parts = live.order.in_parts and (contract is None or contract.streams)
        return in_parts or bool(live.order.context)

    def _free(self, live: Live) -> None:
        """Its slot is free: before anybody hears that it ended, so that the next one is taken."""
        with self._changed:
            self._lives.pop(live.id, None)
