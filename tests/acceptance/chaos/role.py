"""One process of the set-up, started again whenever it ends, as an orchestrator does."""

import logging
import subprocess
import threading
import time
from pathlib import Path

from tests.acceptance.chaos.sight import held_by
from tests.servers import tree
from tests.servers.processes import command

#: before it is started again
PAUSE_S = 0.5
log = logging.getLogger(__name__)


class Role:
    """`api`, `worker-2` and so on: a data folder of its own, as on a host of its own.

    Whoever does something to it holds `busy`, so that two faults do not mix.
    """

    def __init__(
        self, name: str, words: list[str], folder: Path, environment: dict[str, str]
    ) -> None:
        self.name = name
        self.data = folder / name
        self.log = folder / f"{name}.log"
        self.busy = threading.Lock()
        self.environment = environment
        self._words = words
        self._process: subprocess.Popen[bytes] | None = None
        self._began_at = 0.0
        #: when its process was started, in seconds since 1970
        self.since = 0.0
        self._due_at = 0.0
        self._wanted = True
        #: exit statuses of ends that nobody caused
        self.fell: list[int] = []
        #: ends that somebody caused
        self.kills = 0

    @property
    def pid(self) -> int:
        """Of the process that runs now."""
        assert self._process is not None
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether there is a process."""
        return self._process is not None and self._process.poll() is None

    @property
    def scratch(self) -> Path:
        """Where a worker keeps what it is at."""
        return self.data / "workers" / "0" / "scratch"

    def begun(self) -> list[str]:
        """What a worker is at, by its temporary folders."""
        return held_by(self.scratch, self.since)

    def hosts(self) -> list[int]:
        """A worker's model hosts."""
        return tree.hosts(self.data)

    def tend(self) -> None:
        """Start it if it should run and does not; called again and again."""
        if not self._wanted or self.alive:
            return
        now = time.monotonic()
        if self._process is not None and self._due_at < self._began_at:
            self._due_at = now + PAUSE_S
            self._note(self._process.returncode, now - self._began_at)
        if now >= self._due_at:
            self._start()

    def _note(self, code: int, lived_s: float) -> None:
        if code == -9:
            self.kills += 1
            return
        self.fell.append(code)
        log.warning("%s ended by itself with %s after %.1f s", self.name, code, lived_s)

    def _start(self) -> None:
        self._began_at, self.since = time.monotonic(), time.time()
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [*self._words, "--data", str(self.data)],
                env=self.environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def stop(self) -> None:
        """Ask it to end, and do not start it again."""
        self._wanted = False
        if self.alive:
            assert self._process is not None
            self._process.terminate()

    def ended(self) -> int | None:
        """Its exit status once it has ended; it is killed if that takes too long."""
        if self._process is None:
            return None
        try:
            return self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


def words(service: str, *more: str, brief: bool = False) -> list[str]:
    """What compose.yaml starts a service with; `brief`: its leases are short."""
    return [*command(service, brief=brief), *more]
