"""One worker process per GPU, each started again when it dies."""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from jobs.adapters.nvidia import Gpu

LOOK_EVERY_S = 0.2
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
#: a worker that lived so long was well: its next death is a new one
WELL_S = 60.0
PR_SET_PDEATHSIG = 1
log = logging.getLogger(__name__)


@dataclass
class Child:
    """The worker of one GPU, or the pause before its next start."""

    gpu: Gpu
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    due_at: float = 0.0
    pause_s: float = FIRST_PAUSE_S

    def died(self, now: float) -> float:
        """Note the death of its process; answers with the pause before the next start."""
        self.process = None
        if now - self.started_at >= WELL_S:
            self.pause_s = FIRST_PAUSE_S
        pause_s, self.pause_s = self.pause_s, min(self.pause_s * 2, LONGEST_PAUSE_S)
        self.due_at = now + pause_s
        return pause_s


def supervise(gpus: Sequence[Gpu], arguments: Sequence[str], end: threading.Event) -> None:
    """Keep `penstock worker ARGUMENTS` running on each GPU until `end`, then end them all."""
    children = [Child(gpu) for gpu in gpus]
    while not end.is_set():
        for child in children:
            _tend(child, arguments)
        end.wait(LOOK_EVERY_S)
    _stop([child.process for child in children if child.process is not None])


def _tend(child: Child, arguments: Sequence[str]) -> None:
    """Start it if it is due, note it if it died."""
    now = time.monotonic()
    if child.process is None:
        if now >= child.due_at:
            child.started_at, child.process = now, _started(child.gpu, arguments)
    elif (code := child.process.poll()) is not None:
        pause_s = child.died(now)
        log.warning(
            "the worker of GPU %s ended with %d; it starts again in %g s",
            *(child.gpu.index, code, pause_s),
        )


def _started(gpu: Gpu, arguments: Sequence[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "jobs.cli", "worker", *arguments, "--name", f"gpu-{gpu.index}"],
        # by UUID: CUDA's order of GPUs need not be that of the driver's tool
        env=os.environ | {"CUDA_VISIBLE_DEVICES": gpu.uuid},
        # a supervisor that is killed must not leave workers that a second one knows nothing of;
        # the only thread starts them, and the signal follows the starting thread
        preexec_fn=partial(_end_with, os.getpid()),
        start_new_session=True,
    )


def _end_with(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before we could ask
        os._exit(0)


def _stop(processes: Sequence["subprocess.Popen[bytes]"]) -> None:
    """Ask all to end; each finishes or hands back. Whoever runs this decides how long to wait."""
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait()
