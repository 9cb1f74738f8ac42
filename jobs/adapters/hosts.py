"""Where model hosts come from: started from one lasting thread, in environments of their own."""

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

from jobs.adapters import cogyaml
from jobs.adapters.environments import Environments
from jobs.adapters.hostfolder import reap
from jobs.adapters.process import ProcessHost
from jobs.core import build
from jobs.core.errors import SetupFailed
from jobs.ports import Host, Task


class ProcessHosts:
    """Starts hosts. The kernel's parent-death signal follows the starting *thread*."""

    def __init__(
        self,
        scratch: Path,
        environments: Environments | None = None,
        memory_bytes: int | None = None,
        seen: Sequence[str] | None = None,
    ) -> None:
        """`memory_bytes`: what a model may hold; one that holds more is ended.

        `seen`: what models see of /tmp besides our own TMPDIR; all of it unless that is said.
        """
        self._memory_bytes = memory_bytes
        self._seen = seen
        self._environments = environments or Environments(scratch / "environments", scratch)
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

    def start(
        self,
        bundle: Path,
        *,
        scratch: Path,
        threads: int,
        setup_timeout_s: float,
        version: str = "",
        task: Task = "predict",
    ) -> Host:
        """Load the model in `bundle`, in an environment of its own if it asks for packages.

        Raises:
            SetupFailed: with what it printed.
            PackagesAway: its packages cannot be had now.
        """
        told = cogyaml.read(bundle)
        ref = told.train if task == "train" else told.ref
        if ref is None:
            raise SetupFailed('cog.yaml names no train: it needs train: "train.py:train"')
        environment, said = self._environments.take(told.build, bundle, version)
        answer: Future[ProcessHost] = Future()
        begin = partial(
            ProcessHost,
            bundle,
            scratch,
            threads,
            told,
            environment=environment,
            memory_bytes=self._memory_bytes,
            seen=self._seen,
        )
        self._jobs.put((begin, answer))
        host = answer.result()
        model = {"folder": str(bundle), "ref": ref, "concurrency": told.concurrency, "task": task}
        said += "".join(f"warning: {note}\n" for note in build.notes(told.build))
        try:
            host.set_up(model, setup_timeout_s)
        except BaseException as error:
            host.close()
            if isinstance(error, SetupFailed):  # what is missing may be why
                error.logs = said + error.logs
            raise
        host.logs = said + host.logs
        host.trains = told.train is not None
        return host
