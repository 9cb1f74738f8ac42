"""Model hosts as child processes: started from one lasting thread, killed with all theirs."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import Any

import msgspec
import yaml

from jobs.adapters.pipe import Pipe
from jobs.core.errors import HostLost, SetupFailed
from jobs.core.prediction import Failed, Result, Succeeded
from jobs.host import frames
from jobs.ports import Host

ALLOWED = (
    "PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "CUDA_VISIBLE_DEVICES", "LD_LIBRARY_PATH",
    "HF_HOME", "HF_HUB_OFFLINE", "PYTHONPATH", "VIRTUAL_ENV",
)  # fmt: skip
#: rows in a frame, and how many frames are under way; a model that batches sets its own pace
FRAME_ROWS, BATCH_ROWS, IN_FLIGHT = 1024, 64, 3
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def _never() -> bool:
    return False


def predictor_ref(folder: Path) -> str:
    """`file.py:Name` of `run:` or `predict:` in cog.yaml; raises SetupFailed."""
    try:
        config = yaml.safe_load((folder / "cog.yaml").read_text())
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise SetupFailed("cog.yaml is missing or is not YAML") from error
    ref = (config.get("run") or config.get("predict")) if isinstance(config, dict) else None
    if not isinstance(ref, str):
        raise SetupFailed('cog.yaml names no model: it needs predict: "predict.py:Predictor"')
    return ref


class ProcessHosts:
    """Starts hosts. The kernel's parent-death signal follows the starting *thread*."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._jobs: queue.SimpleQueue[tuple[Callable[[], Any], Future[Any]]] = queue.SimpleQueue()
        reap(scratch)
        threading.Thread(target=self._spawner, daemon=True, name="host-spawner").start()

    def _spawner(self) -> None:
        while True:
            job, answer = self._jobs.get()
            try:
                answer.set_result(job())
            except BaseException as error:
                answer.set_exception(error)

    def start(self, bundle: Path, *, scratch: Path, threads: int, setup_timeout_s: float) -> Host:
        """Load the model in `bundle`; raises SetupFailed with what it printed."""
        ref = predictor_ref(bundle)
        answer: Future[ProcessHost] = Future()
        self._jobs.put((lambda: ProcessHost(bundle, scratch, threads), answer))
        host = answer.result()
        try:
            host.set_up(bundle, ref, setup_timeout_s)
        except BaseException:
            host.close()
            raise
        return host


class ProcessHost:
    """One model in one process group of its own."""

    def __init__(self, folder: Path, scratch: Path, threads: int) -> None:
        self._lock = threading.Lock()
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()
        environment = {name: os.environ[name] for name in ALLOWED if name in os.environ}
        environment |= dict.fromkeys(THREADS, str(threads))
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "jobs.host", str(theirs_in), str(theirs_out), str(os.getpid())],
            pass_fds=(theirs_in, theirs_out),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=environment,
            cwd=folder,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._pipe = Pipe(ours_in, ours_out)
        self._record = scratch / f"host-{self._process.pid}.json"
        self._record.write_text(json.dumps(identity(self._process.pid)))
        self._closed = False
        self.schema: dict[str, Any] = {}
        self.lot = 1

    @property
    def alive(self) -> bool:
        """Whether it can be used; a host that lost its process cannot."""
        return not self._closed

    def set_up(self, folder: Path, ref: str, timeout_s: float) -> None:
        """Have the child load the model; raises SetupFailed."""
        try:
            self._send({"folder": str(folder), "ref": ref})
            answer = frames.decode(self._receive(timeout_s, _never) or b"")
        except HostLost as lost:
            why = "took too long" if lost.reason == "timeout" else "ended its process"
            raise SetupFailed(f"setup {why}", lost.logs) from lost
        if answer["op"] == "setup_failed":
            raise SetupFailed(answer["message"], answer["logs"])
        self.schema = answer["schema"]
        self.lot = BATCH_ROWS if answer["can_batch"] else FRAME_ROWS

    def run(
        self,
        inputs: Sequence[Any],
        *,
        timeout_s: float,
        cancelled: Callable[[], bool] = _never,
        grace_s: float = 0.0,
    ) -> Iterator[list[Result]]:
        """Results in order, one list for each lot of `lot` inputs, which may be JSON text.

        A few lots are under way at a time, so that the model does not wait for us.
        """
        given_up = _after(cancelled, grace_s)
        lots = (inputs[at : at + self.lot] for at in range(0, len(inputs), self.lot))
        flying = 0
        try:
            while True:
                while flying < IN_FLIGHT and not cancelled() and (lot := next(lots, None)):
                    self._send({"rows": lot, "stream": False})
                    flying += 1
                if not flying:
                    return
                frame = self._receive(timeout_s, given_up)
                if frame is None:
                    return
                flying -= 1
                yield _results(_DECODE(frame))
        finally:
            if flying:  # what is still on its way would be taken for the answer to the next lot
                self.close()

    def stream(
        self,
        given: Any,
        *,
        timeout_s: float,
        on_output: Callable[[Any], None],
        cancelled: Callable[[], bool] = _never,
    ) -> Result | None:
        """The result of one input, with its parts as they come; None if it was cancelled."""
        self._send({"rows": [given], "stream": True})
        until = time.monotonic() + timeout_s
        while frame := self._receive(until - time.monotonic(), cancelled):
            answer = _DECODE(frame)
            if answer.op == "done":
                return _results(answer)[0]
            on_output(answer.value)
        self.close()
        return None

    def _send(self, message: Any) -> None:
        try:
            self._pipe.send(message)
        except OSError as error:
            self.close()
            raise HostLost("crashed") from error

    def _receive(self, timeout_s: float, given_up: Callable[[], bool]) -> bytes | None:
        try:
            return self._pipe.receive(time.monotonic() + timeout_s, given_up)
        except TimeoutError as error:
            self.close()
            raise HostLost("timeout") from error
        except (EOFError, OSError) as error:
            self.close()
            raise HostLost("crashed") from error

    def close(self) -> None:
        """End the process and everything it started."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._pipe.close()
            self._record.unlink(missing_ok=True)


class _Answer(msgspec.Struct):
    """What the child says about a lot, by column; outputs stay JSON text."""

    op: str
    outputs: list[msgspec.Raw] = []
    seconds: list[float] = []
    files: list[int] = []
    failures: list[tuple[int, str, str]] = []
    logs: str = ""
    value: Any = None


_DECODE = msgspec.json.Decoder(_Answer).decode


def _results(answer: _Answer) -> list[Result]:
    fields = zip(answer.outputs, answer.seconds, repeat(answer.logs), repeat(False), strict=False)
    # the class's own constructor is a Python function: here it would be a third of our work
    results: list[Result] = list(map(partial(tuple.__new__, Succeeded), fields))
    for at in answer.files:
        results[at] = Succeeded(answer.outputs[at], answer.seconds[at], answer.logs, files=True)
    for at, code, message in answer.failures:
        results[at] = Failed(code, message, answer.logs)
    return results


def _after(cancelled: Callable[[], bool], grace_s: float) -> Callable[[], bool]:
    """Whether `cancelled` has been true for so long."""
    since: list[float] = []

    def given_up() -> bool:
        if cancelled() and not since:
            since.append(time.monotonic())
        return bool(since) and time.monotonic() - since[0] >= grace_s

    return given_up


def identity(pid: int) -> dict[str, Any]:
    """A process by its id and start time, so that a reused id is not mistaken for it."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return {"pid": pid, "start": fields[19]}
    return {"pid": pid, "start": None}


def reap(scratch: Path) -> int:
    """Kill the hosts that an earlier worker left behind; answers with how many."""
    killed = 0
    for record in scratch.glob("host-*.json"):
        with suppress(OSError, ValueError, KeyError):
            told = json.loads(record.read_text())
            if told["start"] is not None and identity(told["pid"]) == told:
                os.killpg(told["pid"], signal.SIGKILL)
                killed += 1
        record.unlink(missing_ok=True)
    return killed
