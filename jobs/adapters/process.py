"""Model hosts as child processes: started from one lasting thread, killed with all theirs."""

import json
import os
import queue
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml

from jobs.core.errors import HostLost, SetupFailed
from jobs.core.prediction import Failed, Result, Succeeded
from jobs.host import frames
from jobs.ports import Host

ALLOWED = (
    "PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "CUDA_VISIBLE_DEVICES", "LD_LIBRARY_PATH",
    "HF_HOME", "HF_HUB_OFFLINE", "PYTHONPATH", "VIRTUAL_ENV",
)  # fmt: skip
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


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
        self._answers = os.fdopen(ours_in, "rb", buffering=0)
        self._commands = os.fdopen(ours_out, "wb")
        self._record = scratch / f"host-{self._process.pid}.json"
        self._record.write_text(json.dumps(identity(self._process.pid)))
        self.schema: dict[str, Any] = {}
        self.can_batch = False
        self.max_batch = 1

    def set_up(self, folder: Path, ref: str, timeout_s: float) -> None:
        """Have the child load the model; raises SetupFailed."""
        try:
            self._send({"folder": str(folder), "ref": ref})
            answer = self._receive(time.monotonic() + timeout_s)
        except HostLost as lost:
            why = "took too long" if lost.reason == "timeout" else "ended its process"
            raise SetupFailed(f"setup {why}", lost.logs) from lost
        if answer["op"] == "setup_failed":
            raise SetupFailed(answer["message"], answer["logs"])
        self.schema = answer["schema"]
        self.can_batch = answer["can_batch"]
        self.max_batch = 64 if self.can_batch else 4096

    def run(
        self,
        inputs: Sequence[dict[str, Any]],
        *,
        timeout_s: float,
        on_output: Callable[[int, Any], None] | None = None,
        on_logs: Callable[[int, str], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> list[Result]:
        """One result per input, in order.

        Raises:
            HostLost: the process died, or took longer than `timeout_s` over one lot.
        """
        results: list[Result] = []
        stream = on_output is not None and len(inputs) == 1
        for at in range(0, len(inputs), self.max_batch):
            if cancelled is not None and cancelled():
                break
            lot = list(inputs[at : at + self.max_batch])
            self._send({"rows": lot, "stream": stream})
            answer = self._answer(timeout_s, on_output, cancelled)
            if answer is None:
                results += [Failed("canceled", "the prediction was cancelled")] * len(lot)
                break
            results += [_result(one, answer["logs"]) for one in answer["results"]]
        return results

    def _answer(
        self,
        timeout_s: float,
        on_output: Callable[[int, Any], None] | None,
        cancelled: Callable[[], bool] | None,
    ) -> dict[str, Any] | None:
        until = time.monotonic() + timeout_s
        while True:
            answer: dict[str, Any] | None = self._receive(until, cancelled)
            if answer is None or answer["op"] == "done":
                return answer
            if on_output is not None:
                on_output(0, answer["value"])

    def _send(self, message: Any) -> None:
        try:
            frames.write(self._commands, message)
        except OSError as error:
            self.close()
            raise HostLost("crashed") from error

    def _receive(self, until: float, cancelled: Callable[[], bool] | None = None) -> Any:
        while not select.select([self._answers], [], [], 0.1)[0]:
            if time.monotonic() > until:
                self.close()
                raise HostLost("timeout")
            if cancelled is not None and cancelled():
                # native code does not listen: the process ends, the next one starts afresh
                self.close()
                return None
        try:
            return frames.read(_Reader(self._answers.fileno()))  # type: ignore[arg-type]
        except (EOFError, OSError) as error:
            self.close()
            raise HostLost("crashed") from error

    def close(self) -> None:
        """End the process and everything it started."""
        with self._lock:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            with suppress(OSError):
                self._commands.close()
            self._answers.close()
            self._record.unlink(missing_ok=True)


class _Reader:
    """Reads exactly what is asked, from a descriptor, without buffering beyond it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def read(self, size: int) -> bytes:
        """`size` bytes, or fewer at the end."""
        parts = []
        while size:
            chunk = os.read(self._descriptor, min(size, 1 << 20))
            if not chunk:
                break
            parts.append(chunk)
            size -= len(chunk)
        return b"".join(parts)


def _result(one: dict[str, Any], logs: str) -> Result:
    if "code" in one:
        return Failed(one["code"], one["message"], logs)
    return Succeeded(one["output"], one["seconds"], logs)


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
