"""One training's life: claim → bring inputs → train → keep weights → set up → a version."""

import hashlib
import json
import os
import shutil
import threading
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from jobs.core import bundle, outputs, training
from jobs.core.bundle import BundleFile
from jobs.core.errors import BadRequest, BlobMissing, FetchFailed, HostLost, NotFound, SetupFailed
from jobs.core.prediction import Failed, Prediction, State, Succeeded
from jobs.core.secret_inputs import opened
from jobs.core.version import State as VersionState
from jobs.core.version import Version
from jobs.ports import Blobs, Clock, Store
from jobs.worker import rows, staging, zips
from jobs.worker.drain import Drain
from jobs.worker.hold import CANCELED, canceled, hold
from jobs.worker.leases import LEASE_S, Lease
from jobs.worker.prepare import LOGS
from jobs.worker.trainlog import TrainLog
from jobs.worker.warm import Warm
from jobs.worker.zips import ZipRefused

MAX_ATTEMPTS = 3


class Trained(NamedTuple):
    """What came of a training; the version is ready, and nobody knows of it yet."""

    version: Version
    output: dict[str, Any]
    logs: str
    metrics: dict[str, Any]


class Train:
    """Runs trainings, one at a time: each has the accelerator for as long as it takes."""

    def __init__(
        self,
        store: Store,
        blobs: Blobs,
        warm: Warm,
        fetch: Any,
        drain: Drain,
        clock: Clock,
        *,
        url: str,
        timeout_s: float,
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._warm = warm
        self._fetch = fetch
        self._drain = drain
        self._clock = clock
        self._url = url
        self._timeout_s = timeout_s
        self._place = threading.Lock()

    def run(self, id: str) -> bool:
        """Run the training if it is due and none is run; False if there was nothing to do."""
        if not self._place.acquire(blocking=False):
            return False
        try:
            claim = self._store.predictions.claim
            value: Prediction | None = claim(id, LEASE_S, self._clock(), self._warm.served)
            return value is not None and self._hold(value)
        finally:
            self._place.release()

    def _hold(self, value: Prediction) -> bool:
        telemetry, parent = self._warm.telemetry, value.traceparent
        with telemetry.work("training", parent=parent, training=value.id) as work:
            attempt, settle = partial(self._outcome, value), partial(self._settle, value)
            ended = hold(self._store, self._drain, value, attempt, settle)
            work.end(ended.value if ended else "lost")
        return ended is not None

    def _outcome(self, value: Prediction, folder: Path, lease: Lease) -> Trained | Failed:
        if value.attempts > MAX_ATTEMPTS:
            return Failed("worker_crashed", "every worker that ran this training was lost")
        try:
            version: Version = self._store.models.version(value.version, value.model)
        except NotFound:  # asked for while its owner removed the model
            return Failed("version_removed", "the version was removed")
        try:
            given = self._brought(value, version, folder)
            result = self._trained(value, version, given, folder, lease)
            if isinstance(result, Failed):
                return result
            return self._kept(value, version, result, folder, lease)
        except (FetchFailed, ZipRefused, BadRequest) as error:
            return Failed(error.code, str(error))
        except HostLost as lost:
            code = rows.CODES.get(lost.reason, lost.code)
            return Failed(code, f"while it trained, {lost.detail}", lost.logs)
        except SetupFailed as error:
            return rows.setup_failed(error)

    def _brought(self, value: Prediction, version: Version, folder: Path) -> dict[str, Any]:
        """The input with its files here; each zip among them was looked through."""
        fields = staging.uri_fields(training.as_prediction(version.schema or {}))
        fetch = self._fetch(value.caller, None, list(staging.uris(value.input, fields)))
        inputs = folder / "inputs"  # they have the names that the model chose
        inputs.mkdir()
        given = staging.bring(opened(value.input), fields, fetch, inputs)
        for name in fields:
            for path in staging.uris(given, (name,)):
                try:
                    zips.check(Path(path))
                except ZipRefused as error:
                    raise ZipRefused(f"input.{name}: {error}") from error
        return given

    def _trained(
        self,
        value: Prediction,
        version: Version,
        given: dict[str, Any],
        folder: Path,
        lease: Lease,
    ) -> Succeeded | Failed:
        log = TrainLog(self._store, value, self._clock)
        with self._warm.trainer(version, folder / "files") as host, closing(log):
            result = host.stream(
                given,
                files=folder / "made",
                timeout_s=self._timeout_s,
                on_output=lambda part: None,
                on_logs=log.tell,
                cancelled=lease.ended,
                grace_s=rows.GRACE_S,
            )
        return result or _stopped(log.text)

    def _kept(
        self, value: Prediction, version: Version, result: Succeeded, folder: Path, lease: Lease
    ) -> Trained | Failed:
        """The version that the weights make, stored and set up once."""
        made = json.loads(bytes(result.output))
        told = made if isinstance(made, dict) and "__path__" not in made else {"weights": made}
        found = told.get("weights")
        if not isinstance(found, dict) or "__path__" not in found:
            return Failed("invalid_output", "train() gave no weights", result.logs)
        weights = _entry(Path(found["__path__"]))
        new = self._version(value, version, training.files_with(version.files, weights))
        if lease.ended():
            return _stopped(result.logs)
        self._store_weights(Path(found["__path__"]), weights, folder)
        self._inherit_locks(version.id, new.id)
        output = {**told, "version": f"{new.model}:{new.id}"}
        stored = self._stored(value, result._replace(output=json.dumps(output).encode()))
        try:
            with self._warm.host(new) as host:
                schema = training.joined(host.schema, version.schema or {})
                new = replace(new, schema=schema, logs=host.logs[-LOGS:])
        except (SetupFailed, HostLost) as error:
            message = f"with the weights that it gave: {error}"
            return Failed(error.code, message, result.logs + error.logs)
        metrics = {"predict_time": round(result.predict_s, 6), **(result.metrics or {})}
        return Trained(new, stored, result.logs, metrics)

    def _version(
        self, value: Prediction, version: Version, files: tuple[BundleFile, ...]
    ) -> Version:
        return Version(
            id=bundle.digest(files),
            model=value.destination or "",
            created_at=self._clock(),
            files=tuple(file.to_json() for file in files),
            state=VersionState.READY,
            hardware=version.hardware,
        )

    def _store_weights(self, path: Path, weights: BundleFile, folder: Path) -> None:
        """By what is in them, as all files of versions; the output has them by the attempt too."""
        aside = folder / "weights"
        try:
            os.link(path, aside)
        except OSError:
            shutil.copyfile(path, aside)
        self._blobs.take({outputs.file_key(weights.sha256): aside})

    def _inherit_locks(self, old: str, new: str) -> None:
        """The same packages as before: what they resolve to may have changed since."""
        for found in self._blobs.list(outputs.lock_prefix(old)):
            key = outputs.lock_prefix(new) + found.key.rpartition("/")[2]
            try:
                self._blobs.stat(key)
            except BlobMissing:
                self._blobs.put(key, self._blobs.open(found.key), content_type="text/plain")

    def _stored(self, value: Prediction, result: Succeeded) -> dict[str, Any]:
        prefix = outputs.prediction_prefix(value.id, value.lease_token)
        base = f"{self._url}/v1/trainings/{value.id}/files/{value.lease_token}/"
        stored, files = staging.placed(result, prefix.__add__, base.__add__)
        self._blobs.take(files)
        output: dict[str, Any] = json.loads(bytes(stored.output))
        return output

    def _settle(self, value: Prediction, outcome: Trained | Failed, lease: Lease) -> State:
        finish, at = self._store.predictions.finish, self._clock()
        if lease.stop.is_set() or canceled(outcome):
            finish(value, State.CANCELED, at, logs=outcome.logs, error=None)
            return State.CANCELED
        if isinstance(outcome, Trained):
            told: dict[str, Any] = {"output": outcome.output, "metrics": outcome.metrics}
            try:
                self._store.trainings.succeed(
                    value, outcome.version, at, error=None, logs=outcome.logs, **told
                )
                return State.SUCCEEDED
            except NotFound as error:
                why = f"the destination was removed: {error}"
                outcome = Failed("destination_removed", why, outcome.logs)
        noted = outcome.metrics or {}
        finish(value, State.FAILED, at, error=outcome.message, logs=outcome.logs, metrics=noted)
        return State.FAILED


def _stopped(logs: str) -> Failed:
    return Failed(CANCELED, "the training was cancelled", logs)


def _entry(path: Path) -> BundleFile:
    """The weights as a version has them: by their own name, whose end says what they are."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    name = staging.UNSAFE.sub("_", path.name)[-staging.MOST_NAME :]
    return BundleFile(f"{training.WEIGHTS}{name}", sha256, path.stat().st_size, False)
