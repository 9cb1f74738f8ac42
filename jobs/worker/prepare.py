"""Prepare a pushed version: run its setup once and keep the schema that it gives."""

from typing import Any

from jobs.core import training
from jobs.core.errors import (
    BlobError,
    BlobRefused,
    Fenced,
    JobsError,
    PackagesAway,
    SetupFailed,
    Unavailable,
)
from jobs.core.version import State, Version
from jobs.ports import Clock, Store
from jobs.worker.drain import Drain
from jobs.worker.leases import LEASE_S, Lease
from jobs.worker.warm import Warm

MAX_ATTEMPTS = 3
#: letters that are kept of what setup() printed
LOGS = 20_000


class Prepare:
    """pushed → preparing → ready, or failed with what setup printed."""

    def __init__(self, store: Store, warm: Warm, drain: Drain, clock: Clock) -> None:
        self._store = store
        self._drain = drain
        self._warm = warm
        self._clock = clock

    def run(self, id: str) -> bool:
        """Prepare the version if it is due; False if there was nothing to do."""
        version: Version | None = self._store.models.claim(id, LEASE_S, self._warm.served)
        if version is None:
            return False
        try:
            with self._warm.telemetry.work("prepare", version=id):
                self._leased(version)
        except Fenced:
            return False
        return True

    def _leased(self, version: Version) -> None:
        renew, give_back = self._store.models.renew, self._store.models.give_back
        with Lease(
            lambda: "go" if renew(version, LEASE_S) else "lost",
            lambda: give_back(version),
            self._drain,
        ) as lease:
            self._prepare(version, lease)

    def _prepare(self, version: Version, lease: Lease) -> None:
        if version.attempts > MAX_ATTEMPTS:
            self._fail(version, SetupFailed("setup ended its worker every time it was tried"))
            return
        try:
            with self._warm.host(version) as host:
                schema, logs, trains = host.schema, host.logs, host.trains
            if trains:
                schema, logs = self._with_training(version, schema, logs)
        except (BlobError, Unavailable) as error:
            if isinstance(error, (BlobRefused, PackagesAway)):  # who pushes is told, and may wait
                self._fail(version, error)
                return
            # the object store is away: nothing is known of the version yet
            self._store.models.give_back(version)
            raise
        except JobsError as error:
            self._fail(version, error)
            return
        lease.check()
        made = {"schema": schema, "error": None, "logs": logs[-LOGS:]}
        self._store.models.move(version, State.READY, self._clock(), **made)

    def _with_training(
        self, version: Version, schema: dict[str, Any], logs: str
    ) -> tuple[dict[str, Any], str]:
        """The document with what train() takes and gives, and what was printed by then."""
        try:
            with self._warm.trainer(version, None) as trainer:
                return training.joined(schema, trainer.schema), logs + trainer.logs
        except SetupFailed as error:
            raise SetupFailed(f"train: {error}", logs + error.logs) from error

    def _fail(self, version: Version, error: JobsError) -> None:
        logs = getattr(error, "logs", "")
        self._store.models.move(
            version, State.FAILED, self._clock(), error=str(error), logs=logs[-LOGS:]
        )
