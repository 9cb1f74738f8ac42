"""The model, or its train(), in a child process: loaded, loaded again, and how it is meanwhile."""

import logging
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from jobs.core import checker, secret_inputs
from jobs.core.checker import Check
from jobs.core.errors import HostLost, JobsError, SetupFailed
from jobs.core.wire import iso
from jobs.ports import Host, Hosts, Task

SETUP_LIMIT_S = 1800.0
log = logging.getLogger(__name__)


class Health(StrEnum):
    """Cog's words."""

    STARTING = "STARTING"
    READY = "READY"
    BUSY = "BUSY"
    SETUP_FAILED = "SETUP_FAILED"
    UNHEALTHY = "UNHEALTHY"


@dataclass(frozen=True)
class Setup:
    """How the last setup went."""

    health: Health
    started_at: datetime
    completed_at: datetime | None = None
    logs: str = ""
    error: str = ""
    #: why the model says of itself that it is not well, if it does
    fault: str | None = None

    def shape(self) -> dict[str, Any]:
        """As Cog's health check tells it."""
        words = {Health.STARTING: "starting", Health.SETUP_FAILED: "failed"}
        return {
            "started_at": iso(self.started_at),
            "completed_at": iso(self.completed_at),
            "status": words.get(self.health, "succeeded"),
            "logs": self.logs + self.error,
        }


@dataclass(frozen=True)
class Contract:
    """What the model takes: its document, and all that follows from it."""

    document: Mapping[str, Any]
    check: Check
    names: frozenset[str]
    secrets: frozenset[str]
    #: whether its output comes in parts
    streams: bool
    #: how many predictions it may have at once
    slots: int
    #: how many of them it runs at once, each for itself
    at_once: int = 1

    @staticmethod
    def of(document: Mapping[str, Any], slots: int, at_once: int = 1) -> "Contract":
        """The contract of a document; raises BadRequest."""
        properties, _ = checker.input_record(document)
        output = document["components"]["schemas"].get("Output", {})
        return Contract(
            document,
            checker.compile(document, allow_http=True),
            frozenset(properties),
            secret_inputs.fields(document),
            "x-cog-array-type" in output,
            slots,
            at_once,
        )


class Model:
    """One folder's model; whoever asks for its host waits while it is loaded."""

    def __init__(
        self,
        folder: Path,
        hosts: Hosts,
        scratch: Path,
        *,
        concurrency: int = 0,
        task: Task = "predict",
    ) -> None:
        """`concurrency`: how many at once; 0: what the model says, if it is an async one.

        With the task "train" it is the folder's train().
        """
        self._task = task
        self.folder = folder
        self._hosts = hosts
        self._concurrency = concurrency
        self._scratch = scratch
        self._host: Host | None = None
        self._loading = threading.RLock()
        self.setup = Setup(Health.STARTING, datetime.now(UTC))
        #: of the last version of the folder that could be loaded
        self.contract: Contract | None = None

    def load(self) -> None:
        """Load what the folder holds now; how that went is in `setup`."""
        with self._loading:
            self._load()

    def _load(self) -> None:
        self._end_host()
        self.setup = Setup(Health.STARTING, datetime.now(UTC))
        try:
            host = self._hosts.start(
                self.folder,
                scratch=self._scratch,
                threads=os.cpu_count() or 1,
                setup_timeout_s=SETUP_LIMIT_S,
                task=self._task,
            )
            self._host = host
            slots = self._concurrency or max(1, host.pass_rows)
            self.contract = Contract.of(host.schema, slots, host.at_once)
            self._completed(Health.READY, logs=host.logs)
            log.info("the model is ready\n%s", host.logs)
        except JobsError as error:
            logs = error.logs if isinstance(error, SetupFailed) else ""
            self._end_host()
            self._completed(Health.SETUP_FAILED, logs=logs, error=str(error))
            log.error("the model cannot be loaded: %s\n%s", error, logs)

    def _completed(self, health: Health, *, logs: str = "", error: str = "") -> None:
        at = datetime.now(UTC)
        self.setup = replace(self.setup, health=health, completed_at=at, logs=logs, error=error)

    def host(self) -> Host:
        """The loaded model, loaded again if its process is gone; raises SetupFailed."""
        with self._loading:
            if self._host is not None and not self._host.alive:
                log.warning("the model's process is gone; it is loaded again")
                self._load()
            if self._host is None:
                raise SetupFailed(self.setup.error, self.setup.logs)
            return self._host

    def revive(self) -> None:
        """Load it again if its process is gone: the next prediction need not wait for that."""
        if self._host is not None and not self._host.alive:
            self.host()

    def examine(self) -> None:
        """Ask the model whether it is well."""
        if self._host is None or not self._host.alive:
            return
        try:
            fault = self._host.fault()
        except HostLost as error:
            fault = str(error)
        health = Health.UNHEALTHY if fault else Health.READY
        self.setup = replace(self.setup, health=health, fault=fault)

    def close(self) -> None:
        """End the model's process, with all that it left."""
        self._end_host()

    def _end_host(self) -> None:
        if self._host is not None:
            self._host.close()
            self._host = None
