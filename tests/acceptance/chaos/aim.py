"""Waits until a worker is at work of a kind, and holds it there for a fault to land on it."""

import signal
import time
from collections.abc import Callable

from tests.acceptance.chaos.plan import Fault
from tests.acceptance.chaos.role import Role
from tests.acceptance.chaos.sight import InFlight
from tests.acceptance.chaos.stack import Stack
from tests.servers import tree

#: how long a fault waits for work of the kind that it is aimed at, and then for work of any kind
CHOOSY_S, AIM_S = 8.0, 25.0
#: what is over too soon to be hit, and how much longer each of its requests takes while we aim
BRIEF, LAG_S = ("validating", "finalizing"), 0.4
#: what a worker is at → how its temporary folder for that begins
FOLDERS = {"shards": "shard", "validating": "validate", "predictions": "prediction"}
#: a worker that asked the object store about a batch so recently is at it
RECENT_S = 1.0


class Aim:
    """The worker stands still inside the `with` block, and goes on after it.

    It yields the worker, everything that is in flight, and what of it this worker is at.
    """

    def __init__(self, stack: Stack, fault: Fault, up: Callable[[Role], None]) -> None:
        self._sight = stack.sight
        self._up = up
        workers = stack.workers()
        self._role = workers[fault.victim % len(workers)]
        self._door = stack.doors[self._role.name]
        self._aim = fault.aim

    def __enter__(self) -> tuple[Role, InFlight, list[str]]:
        self._role.busy.acquire()
        try:
            return self._found()
        except BaseException:
            self._role.busy.release()
            raise
        finally:
            self._door.lag_s = 0.0

    def __exit__(self, *exc: object) -> None:
        tree.signal_all([self._role.pid], signal.SIGCONT)
        self._role.busy.release()

    def _found(self) -> tuple[Role, InFlight, list[str]]:
        began = time.monotonic()
        self._door.lag_s = LAG_S if self._aim in BRIEF else 0.0
        while True:
            self._up(self._role)
            waited_s = time.monotonic() - began
            if self._will_do(self._own(self._sight.in_flight()), waited_s):
                tree.signal_all([self._role.pid], signal.SIGSTOP)
                # it stands still, so what is read now is how it is when the fault comes
                flying = self._sight.in_flight()
                own = self._own(flying)
                if self._will_do(own, waited_s):
                    return self._role, flying, own
                tree.signal_all([self._role.pid], signal.SIGCONT)
            time.sleep(0.05)

    def _will_do(self, own: list[str], waited_s: float) -> bool:
        if waited_s > CHOOSY_S:
            return bool(own) or waited_s > AIM_S
        return self._aim in own

    def _own(self, flying: InFlight) -> list[str]:
        """What this very worker is at, by its folders and what it asks the store."""
        begun = {name.partition("-")[0] for name in self._role.begun()}
        own = [kind for kind, folder in FOLDERS.items() if folder in begun]
        if any(self._asks_about(str(id)) for id, _ in flying.finalizing):
            own.append("finalizing")
        return [kind for kind in own if getattr(flying, kind)]

    def _asks_about(self, id: str) -> bool:
        return time.monotonic() - self._door.seen.get(id, 0.0) < RECENT_S
