"""Does what the plan says, at work that is proven to be under way, and says what that was."""

import logging
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from jobs.worker import leases
from tests.acceptance.chaos.aim import AIM_S, Aim
from tests.acceptance.chaos.broker import Broker
from tests.acceptance.chaos.clock import Clocks
from tests.acceptance.chaos.disk import SmallDisk
from tests.acceptance.chaos.ledger import Ledger
from tests.acceptance.chaos.plan import Fault
from tests.acceptance.chaos.role import Role
from tests.acceptance.chaos.sight import InFlight, connections_to
from tests.acceptance.chaos.stack import Stack
from tests.acceptance.chaos.traffic import Traffic
from tests.servers import brief, tree

#: faults that may be under way at once
AT_ONCE = 6
log = logging.getLogger(__name__)


@dataclass
class Parts:
    """What is not Penstock, and can be made to fail too."""

    broker: Broker
    restart_database: Callable[[], None]
    disks: dict[str, SmallDisk]
    clocks: Clocks
    #: whoever does something to one of these waits for who is at it
    broker_busy: threading.Lock = field(default_factory=threading.Lock)
    database_busy: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class Totals:
    """What was done, and what it landed on."""

    done: Counter[str] = field(default_factory=Counter)
    landed: Counter[str] = field(default_factory=Counter)
    missed: list[int] = field(default_factory=list)


class Striker:
    """Carries out a plan against a stack."""

    def __init__(self, stack: Stack, parts: Parts, traffic: Traffic, ledger: Ledger) -> None:
        self._stack = stack
        self._parts = parts
        self._traffic = traffic
        self._ledger = ledger
        self.totals = Totals()
        self._count = 0
        self.errors: list[BaseException] = []

    def run(self, faults: list[Fault]) -> Totals:
        """All of them; returns when the last one is over."""
        self._count = len(faults)
        began = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for fault in faults:
                time.sleep(max(0.0, began + fault.at_s - time.monotonic()))
                pool.submit(self._strike, fault)
        if self.errors:
            raise self.errors[0]
        return self.totals

    def _strike(self, fault: Fault) -> None:
        try:
            what, landed = getattr(self, f"_{fault.kind}")(fault)
        except BaseException as error:
            log.exception("fault %d (%s) could not be made", fault.number, fault.kind)
            self.errors.append(error)
            return
        self.totals.done[fault.kind] += 1
        if landed:
            self.totals.landed.update(landed)
        else:
            self.totals.missed.append(fault.number)
        log.info("fault %d/%d %s: %s", fault.number, self._count, fault.kind, what)

    # --- processes ------------------------------------------------------------------------------

    def _worker_kill(self, fault: Fault) -> tuple[str, list[str]]:
        with self._aimed(fault) as (role, flying, own):
            hosts, begun = role.hosts(), role.begun()
            self._kill(role, fault.whole)
        self._gone(role, hosts)
        self._excuse(flying)
        return self._told(role, fault, flying, f"it was at {begun}, hosts {hosts}"), own

    def _worker_stop(self, fault: Fault) -> tuple[str, list[str]]:
        """Stand still for longer than a lease, and come back to what is somebody else's."""
        away_s = self._away_s(fault)
        with self._aimed(fault) as (role, flying, own):
            pids = tree.tree(role.pid) if fault.whole else [role.pid]
            tree.signal_all(pids, signal.SIGSTOP)
            time.sleep(away_s)
            tree.signal_all(pids, signal.SIGCONT)
        self._excuse(flying)
        return self._told(role, fault, flying, f"away {away_s:.1f} s; {self._taken(flying)}"), own

    def _worker_cut(self, fault: Fault) -> tuple[str, list[str]]:
        """No word from the database for longer than a lease, while everything else goes on."""
        away_s = self._away_s(fault)
        with self._aimed(fault) as (role, flying, own):
            self._go_on(role)
            link = self._stack.links[role.name]
            link.stand_still() if fault.whole else link.cut()
            time.sleep(away_s)
            link.mend()
        self._excuse(flying)
        how = "its link stood still" if fault.whole else "its link was cut"
        return self._told(role, fault, flying, f"{how} {away_s:.1f} s; {self._taken(flying)}"), own

    def _host_kill(self, fault: Fault) -> tuple[str, list[str]]:
        with self._aimed(fault) as (role, flying, own):
            hosts = role.hosts()
            with self._ledger.lock:
                self._ledger.hosts_killed += len(hosts)
            begun = role.begun()
            tree.signal_all(hosts, signal.SIGKILL)
        return self._told(role, fault, flying, f"hosts {hosts} of {begun}"), own if hosts else []

    def _api_kill(self, fault: Fault) -> tuple[str, list[str]]:
        role = self._stack.roles["api"]
        with role.busy:
            self._up(role)
            _wait(lambda: self._traffic.asking, AIM_S)
            tree.signal_all([role.pid], signal.SIGSTOP)
            asking = self._traffic.asking
            self._kill(role, fault.whole)
        what = f"request under way: {asking}" if asking else "no request under way"
        return f"{role.name} {_how(fault)}; {what}", ["requests"] if asking else []

    def _deliver_kill(self, fault: Fault) -> tuple[str, list[str]]:
        some = self._stack.some("deliver")
        role = some[fault.victim % len(some)]
        port = self._stack.receiver.port  # type: ignore[union-attr]
        with role.busy:
            self._up(role)
            _wait(lambda: connections_to(port, [role.pid]), AIM_S)
            tree.signal_all([role.pid], signal.SIGSTOP)
            open_ = connections_to(port, [role.pid])
            flying = self._stack.sight.in_flight().only("deliveries")
            self._kill(role, fault.whole)
        what = f"{role.name} {_how(fault)}; {open_} connections to the receiver; {flying}"
        return what, flying.kinds() if open_ else []

    def _sweep_kill(self, fault: Fault) -> tuple[str, list[str]]:
        role = self._stack.some("sweep")[0]
        self._flying()
        with role.busy:
            self._up(role)
            tree.signal_all([role.pid], signal.SIGSTOP)
            flying = self._stack.sight.in_flight()
            self._kill(role, fault.whole)
        return f"{role.name} {_how(fault)}; in flight: {flying}", flying.kinds()

    # --- what Penstock stands on ----------------------------------------------------------------

    def _broker_restart(self, fault: Fault) -> tuple[str, list[str]]:
        flying = self._flying()
        with self._parts.broker_busy:
            began = time.monotonic()
            self._parts.broker.restart()
            away_s = time.monotonic() - began
        return f"away {away_s:.1f} s; in flight: {flying}", flying.kinds()

    def _broker_flush(self, fault: Fault) -> tuple[str, list[str]]:
        flying = self._flying()
        with self._parts.broker_busy:
            lost = self._parts.broker.flush()
        return f"{lost} things lost; in flight: {flying}", flying.kinds()

    def _database_restart(self, fault: Fault) -> tuple[str, list[str]]:
        flying = self._flying()
        with self._parts.database_busy:
            began = time.monotonic()
            self._parts.restart_database()
            away_s = time.monotonic() - began
        self._excuse(flying)
        return f"immediate, away {away_s:.1f} s; in flight: {flying}", flying.kinds()

    def _database_cut(self, fault: Fault) -> tuple[str, list[str]]:
        """Every link at once, or that of one process which is not a worker."""
        links = self._stack.links
        others = sorted(name for name in links if not name.startswith("worker"))
        names = list(links) if fault.whole else [others[fault.victim % len(others)]]
        seconds = 0.5 + 4.0 * fault.share
        flying = self._flying()
        count = sum(links[name].connections for name in names)
        for name in names:
            links[name].cut()
        time.sleep(seconds)
        for name in names:
            links[name].mend()
        self._excuse(flying)
        where = "all links" if fault.whole else names[0]
        return f"{where}, {count} connections, {seconds:.1f} s; in flight: {flying}", flying.kinds()

    def _s3(self, fault: Fault) -> tuple[str, list[str]]:
        doors = self._stack.doors
        workers = sorted(name for name in doors if name.startswith("worker"))
        names = list(doors) if fault.whole else [workers[fault.victim % len(workers)]]
        seconds = 1.0 + 4.0 * fault.share
        flying = self._flying()
        for name in names:
            doors[name].plant(fault.way, 0.3 + 0.6 * fault.share, fault.seed)
        time.sleep(seconds)
        _wait(lambda: any(doors[name].hit for name in names), AIM_S)
        hit = [one for name in names for one in doors[name].heal()]
        where = "all doors" if fault.whole else names[0]
        shown = ", ".join(f"{method} …{path[-40:]}" for method, path in hit[:2])
        return (
            f"{fault.way} at {where} for {seconds:.1f} s; {len(hit)} requests hit: {shown};"
            f" in flight: {flying}"
        ), ["s3 requests"] if hit else []

    def _disk_full(self, fault: Fault) -> tuple[str, list[str]]:
        with self._aimed(fault) as (role, flying, own):
            self._go_on(role)
            disk = self._parts.disks[role.name]
            disk.fill()
            time.sleep(1.0 + 5.0 * fault.share)
            begun = role.begun()
            disk.empty()
        self._excuse(flying)
        return self._told(role, fault, flying, f"its disk was full; it has {begun}"), own

    def _clock_jump(self, fault: Fault) -> tuple[str, list[str]]:
        roles = list(self._stack.roles.values())
        role = roles[fault.seed % len(roles)]
        ahead_s = (-1 if fault.whole else 1) * int(3600 * (1 + 47 * fault.share))
        flying = self._flying()
        with role.busy:
            self._up(role)
            self._parts.clocks.set(role.name, ahead_s)
            time.sleep(1.0 + 2.0 * fault.share)
            self._parts.clocks.set(role.name, 0)
        return f"{role.name} by {ahead_s / 3600:+.1f} h; in flight: {flying}", flying.kinds()

    # --- how ------------------------------------------------------------------------------------

    def _aimed(self, fault: Fault) -> Aim:
        return Aim(self._stack, fault, self._up)

    def _up(self, role: Role) -> None:
        """Wait until it runs."""
        assert _wait(lambda: role.alive, 60), f"{role.name} does not start"

    def _go_on(self, role: Role) -> None:
        tree.signal_all([role.pid], signal.SIGCONT)

    def _kill(self, role: Role, whole: bool) -> None:
        pids = tree.tree(role.pid) if whole else [role.pid]
        tree.signal_all(pids, signal.SIGKILL)

    def _gone(self, role: Role, hosts: list[int]) -> None:
        """Hosts end with their worker."""
        gone = _wait(lambda: not any(map(_is_host, hosts)), 30)
        assert gone, f"hosts {hosts} outlived {role.name}"

    def _flying(self) -> InFlight:
        """What is under way, once something is."""
        _wait(lambda: self._stack.sight.in_flight().shards, AIM_S)
        return self._stack.sight.in_flight()

    def _away_s(self, fault: Fault) -> float:
        """For longer than a lease lasts."""
        if self._stack.brief:
            return brief.LEASE_S + 1.0 + fault.share
        return leases.LEASE_S + 3.0 + 4.0 * fault.share

    def _excuse(self, flying: InFlight) -> None:
        self._ledger.excuse(len(flying.shards))

    def _taken(self, flying: InFlight) -> str:
        """How much of what it held is somebody else's by now."""
        now = {row[:2]: row[2] for row in self._stack.sight.rows(
            "SELECT batch, first, lease_token FROM shards")}  # fmt: skip
        moved = sum(now.get(row[:2], row[2]) != row[2] for row in flying.shards)
        return f"{moved} of {len(flying.shards)} shards were taken over"

    def _told(self, role: Role, fault: Fault, flying: InFlight, more: str) -> str:
        return f"{role.name} {_how(fault)}, aimed at {fault.aim}; {more}; all in flight: {flying}"


def _how(fault: Fault) -> str:
    return "whole" if fault.whole else "alone"


def _is_host(pid: int) -> bool:
    return b"PENSTOCK_HOST=" in tree.read(pid, "environ") and tree.state(pid) != "Z"


def _wait(what: Callable[[], object], seconds: float) -> bool:
    """Whether it came true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.02)
    return bool(what())
