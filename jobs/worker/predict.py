"""One prediction's life: claim → bring inputs → predict → store outputs → settle."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from jobs.core import outputs
from jobs.core.errors import FetchFailed, HostLost, NotFound, SetupFailed
from jobs.core.prediction import Failed, Prediction, Result, State, Succeeded
from jobs.core.secret_inputs import opened
from jobs.core.version import Version
from jobs.ports import Blobs, Clock, Store
from jobs.worker import rows, staging
from jobs.worker.drain import Drain
from jobs.worker.hold import CANCELED, canceled, hold
from jobs.worker.leases import LEASE_S, Lease
from jobs.worker.pace import BURST_S, Paces
from jobs.worker.stream import Stream
from jobs.worker.warm import Warm

MAX_ATTEMPTS = 3


class Predict:
    """Runs single predictions."""

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
        self.paces = Paces()
        self._url = url
        self._timeout_s = timeout_s

    def run(self, id: str) -> bool:
        """Run the prediction if it is due; False if there was nothing to do."""
        claim = self._store.predictions.claim
        value: Prediction | None = claim(id, LEASE_S, self._clock(), self._warm.served)
        return value is not None and self.hold(value)

    def hold(self, value: Prediction) -> bool:
        """Run a prediction that was claimed; False if its end is somebody else's to save."""
        parent = value.traceparent
        with self._warm.telemetry.work("prediction", parent=parent, prediction=value.id) as work:
            ended = self._run(value)
            work.end(ended.value if ended else "lost")
        return ended is not None

    def _run(self, value: Prediction) -> State | None:
        """How it ended; None if somebody else ends it, or another attempt."""
        attempt, settle = partial(self._tried, value), partial(self._settle, value)
        return hold(self._store, self._drain, value, attempt, settle)

    def _tried(self, value: Prediction, folder: Path, lease: Lease) -> Result:
        if value.attempts > MAX_ATTEMPTS:
            return Failed("worker_crashed", "every worker that ran this prediction was lost")
        try:
            version: Version = self._store.models.version(value.version, value.model)
        except NotFound:  # asked for while its owner removed the model
            return Failed("version_removed", "the version was removed")
        return self.attempt(value, version, folder, lease.ended)

    def attempt(
        self, value: Prediction, version: Version, folder: Path, ended: Callable[[], bool]
    ) -> Result:
        """What one that is held gives, its files stored; `folder` is for files on their way."""
        fields = staging.uri_fields(version.schema or {})
        try:
            fetch = self._fetch(value.caller, None, list(staging.uris(value.input, fields)))
            given = staging.bring(opened(value.input), fields, fetch, folder)
            result = self._tried_twice(value, version, given, folder / "made", ended)
            return self.stored(value, result)
        except FetchFailed as error:
            return Failed("input_unavailable", str(error))
        except HostLost as lost:
            return rows.failed(lost)
        except SetupFailed as error:
            return rows.setup_failed(error)

    def apart(
        self,
        values: Sequence[Prediction],
        version: Version,
        folder: Path,
        ended: Callable[[], bool],
    ) -> Iterator[list[Result]]:
        """What several quick ones without files give, sent to the model together: see `Host.apart`.

        Nothing, if it would not be known which one has printed what.
        """
        given = [dict(opened(value.input)) for value in values]
        place, timeout_s = folder / "made", self._timeout_s
        with self._warm.host(version, first=True) as host:
            if host.at_once > 1 or not host.tells_apart or ended():
                return
            left = list(values)
            with closing(
                host.apart(  # type: ignore[type-var]
                    given, files=place, timeout_s=timeout_s, cancelled=ended, grace_s=rows.GRACE_S
                )
            ) as parts:
                for results in parts:
                    yield [self.stored(left.pop(0), self._paced(version, one)) for one in results]
                    self._warm.telemetry.micro_batch(len(results))

    def _paced(self, version: Version, result: Result) -> Result:
        self._note_pace(version, result)
        return result

    def _tried_twice(
        self, value: Prediction, version: Version, given: dict[str, Any], *rest: Any
    ) -> Result:
        """Beside others, if the model can; alone, if its process died so: it may be their fault."""
        among_others = self._warm.at_once(version) > 1
        try:
            return self._computed(value, version, dict(given), *rest, beside=True)
        except HostLost:
            if not among_others:
                raise
        return self._computed(value, version, given, *rest, beside=False)

    def _computed(
        self,
        value: Prediction,
        version: Version,
        given: dict[str, Any],
        files: Path,
        ended: Callable[[], bool],
        *,
        beside: bool,
    ) -> Result:
        stream = Stream(self._store, value, self._clock)
        with self._warm.host(version, first=True, beside=beside) as host, closing(stream):
            began = time.monotonic()
            result = host.stream(
                given,
                files=files,
                timeout_s=self._timeout_s,
                on_output=stream.output,
                on_logs=stream.logs,
                cancelled=ended,
                grace_s=rows.GRACE_S,
            )
            took_s = time.monotonic() - began
        self._note_pace(version, result, took_s)
        self._warm.telemetry.micro_batch(1)
        return result or Failed(CANCELED, "the prediction was cancelled")

    def _note_pace(self, version: Version, result: Result | None, took_s: float = 0.0) -> None:
        """What the model took: what comes on top of that says how busy this machine is."""
        if isinstance(result, Succeeded):
            took_s = BURST_S if result.files else result.predict_s
        self.paces.note(version.id, took_s)

    def stored(self, value: Prediction, result: Result) -> Result:
        """The result with its files in the object store."""
        if not isinstance(result, Succeeded) or not result.files:
            return result
        prefix = outputs.prediction_prefix(value.id, value.lease_token)
        base = f"{self._url}/v1/predictions/{value.id}/files/{value.lease_token}/"
        stored, files = staging.placed(result, prefix.__add__, base.__add__)
        self._blobs.take(files)
        return stored

    def _settle(self, value: Prediction, result: Result, lease: Lease) -> State:
        state, changes = ending(result, stopped=lease.stop.is_set())
        self._store.predictions.finish(value, state, self._clock(), **changes)
        return state


def ending(result: Result, *, stopped: bool) -> tuple[State, dict[str, Any]]:
    """The state that a prediction ends in, and what it says; `stopped`: it was cancelled."""
    if isinstance(result, Succeeded):
        metrics = {"predict_time": round(result.predict_s, 6), **(result.usage or {})}
        output = json.loads(bytes(result.output))
        said = {"output": output, "metrics": metrics | (result.metrics or {})}
        return State.SUCCEEDED, {**said, "logs": result.logs, "error": None}
    if stopped or canceled(result):
        return State.CANCELED, {"logs": result.logs, "error": None}
    noted = result.metrics or {}
    return State.FAILED, {"error": result.message, "logs": result.logs, "metrics": noted}
