"""A model host as a child process: told what to do over pipes, killed with all that is its own."""

import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from jobs.adapters import answer as answers
from jobs.adapters import hostenv, strays
from jobs.adapters.answer import Answer
from jobs.adapters.cogyaml import CogFile
from jobs.adapters.endings import ended
from jobs.adapters.environments import Environment
from jobs.adapters.feed import Feed
from jobs.adapters.grace import Stop, after
from jobs.adapters.hostfolder import HostFolder
from jobs.adapters.hostlogs import HostLogs
from jobs.adapters.interleaved import Interleaved
from jobs.adapters.memory import Memory
from jobs.adapters.pipe import Pipe
from jobs.core.errors import HostLost, SetupFailed
from jobs.core.lot import Lot
from jobs.core.passes import UNKNOWN, Passes
from jobs.core.prediction import Failed, Result
from jobs.host import frames
from jobs.host.cancel import SIGNAL
from jobs.ports import NOTHING_ASIDE, Aside, More

#: rows in a frame
LOT_ROWS = 1024
#: how long a model may think about how it is
HEALTH_S = 5.0
FOR_EVER_S = 1e9
#: a lot of quick inputs that was not answered by then has one that is not quick
SOON_S = 0.1
#: what a prediction that nobody waits for has to clean up, where others run meanwhile
GRACE_S = 5.0
#: a process that outlives SIGKILL this long is stuck in the kernel; nobody waits for it
KILL_S = 10.0
SCRIBBLED = "wrote over the pipe that it answers on"
log = logging.getLogger(__name__)


def _never() -> bool:
    return False


def _at_once() -> bool:
    return True


class ProcessHost:
    """One model in one process group of its own."""

    def __init__(
        self,
        folder: Path,
        scratch: Path,
        threads: int,
        said: CogFile,
        environment: Environment | None = None,
        memory_bytes: int | None = None,
        seen: Sequence[str] | None = None,
    ) -> None:
        self._environment = environment
        self._lock = threading.Lock()
        self._closed = self._doomed = False
        self._logs = HostLogs()
        self._own = HostFolder(scratch)
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()
        known = hostenv.variables(self._own, threads, environment)
        told = (theirs_in, theirs_out, os.getpid(), self._own.tmp)
        private = hostenv.private_tmp(self._own, known, seen)
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [*hostenv.command(environment), *map(str, told), *private],
            pass_fds=(theirs_in, theirs_out),
            stdin=subprocess.DEVNULL,
            stdout=self._logs.write_end,
            stderr=self._logs.write_end,
            start_new_session=True,
            env={**known, **said.environment},
            cwd=folder,
        )
        self._own.belongs_to(self._process.pid)
        os.close(theirs_in)
        os.close(theirs_out)
        self._logs.follow()
        self._memory = Memory(self._process.pid, memory_bytes)
        self._pipe = Pipe(ours_in, ours_out, self._goes_on)
        self._interleaved = Interleaved(
            self._send, self._heard, self._logs.taken, self._kill, grace_s=GRACE_S
        )
        self.schema: dict[str, Any] = {}
        self.lot = LOT_ROWS
        self._row_s: float | None = None
        self.pass_rows = self.found_rows = 0
        self.at_once = 1
        self.tells_apart = True
        self._busy_s = 0.0
        self.trains = False
        #: what was printed while it was set up
        self.logs = ""
        self._asks = False

    @property
    def alive(self) -> bool:
        """Whether it can be used; a host that lost its process cannot."""
        return not (self._closed or self._doomed) and self._process.poll() is None

    @property
    def busy_s(self) -> float:
        """How long the model has computed."""
        return self._busy_s + self._interleaved.busy_s

    def set_up(self, model: dict[str, Any], timeout_s: float) -> None:
        """Have the child load the model; raises SetupFailed."""
        try:
            self._send(model)
            answer = frames.decode(self._receive(timeout_s, _never) or b"")
        except HostLost as lost:
            raise SetupFailed(f"setup failed: {lost.detail}", lost.logs) from lost
        logs = self._logs.taken()
        if answer["op"] == "setup_failed":
            raise SetupFailed(answer["message"], logs)
        self.schema = answer["schema"]
        self.pass_rows = answer["pass_rows"]
        self.at_once = answer["at_once"]
        self._asks = answer["asks"]
        self.logs = logs

    def run(
        self,
        inputs: Sequence[Any],
        *,
        files: Path,
        timeout_s: float,
        cancelled: Callable[[], bool] = _never,
        grace_s: float = 0.0,
        passes: Passes = UNKNOWN,
        more: More = tuple,
    ) -> Iterator[Lot]:
        """Results in order, in lots of at most `lot` inputs, which may be JSON text.

        Output files are put into the folder `files`. `more` gives further inputs when there is room
        for them, until it gives none.

        A few lots are under way at a time, so that the model does not wait for us. One that takes
        long comes in parts, and `timeout_s` is how long each may take.
        """
        self._interleaved.rest()
        given_up = after(cancelled, grace_s)
        feed = Feed(inputs, more, self.lot, cancelled, self._row_s)
        since = time.monotonic()
        message = {"stream": False, "files": str(files), "passes": passes}
        try:
            self._send_all(message, feed)
            until = time.monotonic() + timeout_s
            while feed.is_flying:
                left_s = until - time.monotonic()
                frame = self._receive(left_s, lambda: given_up() or feed.is_due)
                if frame is None:
                    if given_up():
                        return
                    self._send_all(message, feed)
                    continue
                answer, now = self._answer(frame), time.monotonic()
                feed.answered(len(answer.outputs), ends=not answer.more)
                self.pass_rows, self.found_rows = answer.pass_rows, answer.found_rows
                # items of an async model have the same second each for itself
                self._busy_s += min(answer.busy_s, now - since)
                since, lot = now, answers.lot(answer, self._logs.taken())
                self._send_all(message, feed)  # whoever has the last results gives nothing more
                yield lot
                until = time.monotonic() + timeout_s  # how long they were kept is not its doing
        finally:
            self._row_s = feed.row_s or self._row_s
            if feed.is_flying:  # what comes would be taken for the answer to the next lot
                self.close()

    def _send_all(self, message: dict[str, Any], feed: Feed) -> None:
        for lot in feed.due():
            self._send(message | {"rows": lot})

    def stream(
        self,
        given: Any,
        *,
        files: Path,
        timeout_s: float,
        on_output: Callable[[Any], None],
        on_logs: Callable[[str], None] | None = None,
        cancelled: Callable[[], bool] = _never,
        grace_s: float = 0.0,
        aside: Aside = NOTHING_ASIDE,
    ) -> Result | None:
        """The result of one input, with its parts as they come; None if it had to be ended.

        Once `cancelled` is true the model is told, and has `grace_s` to clean up. So many threads
        as `at_once` says may call this at a time.
        """
        message = {"rows": [given], "files": str(files), **answers.asked(aside)}
        tell = answers.teller(on_output, aside)
        if self.at_once > 1:
            run = self._interleaved.run
            return run(message, timeout_s, tell, on_logs, cancelled, grace_s)
        self._logs.listener = on_logs
        stop = Stop(cancelled, grace_s, self._signal)
        try:
            return self._streamed(message | {"stream": True}, timeout_s, tell, stop)
        except BaseException:  # the rest of what it gives has nowhere to go
            self.close()
            raise
        finally:
            self._logs.listener = None

    def _streamed(
        self,
        message: dict[str, Any],
        timeout_s: float,
        tell: Callable[[Answer], None],
        stop: Stop,
    ) -> Result | None:
        self._send(message)
        until = time.monotonic() + timeout_s
        while frame := self._receive(until - time.monotonic(), stop):
            answer = self._answer(frame)
            if answer.op == "done":
                self._busy_s += answer.busy_s
                result = answers.only(answer, self._logs.taken())
                if stop.told and not answers.is_canceled(result):
                    self.close()  # the signal may still be on its way, to whatever runs next
                return self._with_usage(result, answer)
            tell(answer)
        self.close()
        return None

    def _with_usage(self, result: Result, answer: Answer) -> Result:
        if isinstance(result, Failed):
            return result
        return result._replace(usage=self._usage_of(answer))

    def _usage_of(self, answer: Answer) -> dict[str, Any] | None:
        return answer.usage and {"host": self._own.path.name, **answer.usage}

    def apart(
        self,
        inputs: Sequence[Any],
        *,
        files: Path,
        timeout_s: float,
        cancelled: Callable[[], bool],
        grace_s: float = 0.0,
    ) -> Iterator[list[Result]]:
        """The results of a few inputs, made one by one as by `stream`, that go there together.

        All at once, unless one takes long: then those before it, and that one when it has ended;
        the others are left. They end early once `cancelled` is true, or `grace_s` later.
        """
        self._interleaved.rest()
        self._send({"rows": inputs, "files": str(files), "apart": True})
        stop, is_over, is_late = Stop(cancelled, 0.0, lambda: None), False, False
        given_up = after(cancelled, grace_s)
        try:
            frame = self._soon(timeout_s) or self._receive(timeout_s, given_up)
            while frame is not None and not is_over:
                answer = self._answer(frame)
                # after a part it is that of the one that runs, which is to come
                printed = "" if answer.more else self._logs.taken()
                self._busy_s += answer.busy_s
                self.tells_apart = self.tells_apart and (not printed or is_late)
                is_late = answer.more
                results = answers.apart(answer, printed, self._usage_of(answer))
                # else the signal may still be on its way, to whatever runs next
                is_over = not answer.more and (not stop.told or answers.is_canceled(results[-1]))
                yield results
                stop = Stop(cancelled, grace_s, self._signal)
                frame = self._receive(timeout_s, stop) if answer.more else None
        finally:
            if not is_over:
                self.close()

    def _soon(self, timeout_s: float) -> bytes | None:
        """The answer to a lot, if it comes soon; else the child is asked how far it is."""
        soon = time.monotonic() + SOON_S
        frame = self._receive(timeout_s, lambda: time.monotonic() >= soon)
        if frame is None:
            self._send({"where": True})
            self._signal()
        return frame

    def _signal(self) -> None:
        self._process.send_signal(SIGNAL)

    def fault(self) -> str | None:
        """Why the model says of itself that it is not well, if it does."""
        if not self._asks:
            return None
        with self._interleaved.kept_out() as is_free:
            if not is_free:
                return None  # it is at work
            self._send({"health": True})
            said: str | None = self._answer(self._receive(HEALTH_S, _never) or b"").value
        return said

    def _send(self, message: Any) -> None:
        try:
            self._pipe.send(message)
        except OSError as error:
            raise self._lost("crashed") from error

    def _goes_on(self) -> bool:
        return self._process.poll() is None and not self._memory.is_too_much()

    def _receive(self, timeout_s: float, given_up: Callable[[], bool]) -> bytes | None:
        try:
            if self._memory.is_too_much():
                raise EOFError
            return self._pipe.receive(time.monotonic() + timeout_s, given_up)
        except TimeoutError as error:
            raise self._lost("timeout") from error
        except (EOFError, OSError) as error:
            raise self._lost("crashed") from error

    def _heard(self) -> Answer | None:
        """The next answer; None after a moment without one."""
        frame = self._receive(FOR_EVER_S, _at_once)
        return None if frame is None else self._answer(frame)

    def _answer(self, frame: bytes) -> Answer:
        try:
            return answers.read(frame)
        except ValueError as error:
            raise self._lost("crashed", SCRIBBLED) from error

    def _lost(self, reason: str, detail: str = "") -> HostLost:
        """End what is left of it; say what became of it and what it printed."""
        self.close()
        if self._memory.exceeded:
            reason, detail = "memory", self._memory.told
        if reason == "timeout":
            detail = "it took longer than the time allowed"
        if reason == "crashed" and not detail and self._process.poll() == -signal.SIGKILL:
            reason = "killed"
        detail = detail or f"the model process {ended(self._process.poll())}"
        return HostLost(reason, self._logs.taken(), detail)

    def _kill(self) -> None:
        """End it; whoever reads its answers notices, and closes what is left."""
        self._doomed = True
        if self._process.returncode is None:  # else its number may be someone else's by now
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End the process, everything it started, and the files it left."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self._kill()
        strays.kill_marked(self._own.path)
        self._interleaved.rest(KILL_S)  # whoever reads there is done before the pipe is closed
        self._pipe.close()
        if self._environment is not None:
            self._environment.let_go()
        try:
            self._process.wait(KILL_S)
        except subprocess.TimeoutExpired:
            log.error("model host %s does not end; it is left alone", self._process.pid)
            return
        self._own.remove()
