"""Single predictions that wait for one version: claimed together, they share forward passes.

While one group computes the next one is brought here, and the others wait in the database, where
any worker may have them.
"""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import repeat
from pathlib import Path
from typing import Any

from jobs.core.errors import (
    BlobError,
    BlobRefused,
    Fenced,
    FetchFailed,
    NotFound,
    SetupFailed,
    Unavailable,
)
from jobs.core.prediction import Failed, Prediction, Result, State
from jobs.core.version import Version
from jobs.ports import Clock, Store
from jobs.worker import rows, staging
from jobs.worker.doors import Doors
from jobs.worker.drain import Drain
from jobs.worker.leases import LEASE_S, Lease
from jobs.worker.predict import Predict
from jobs.worker.rows import RowRunner
from jobs.worker.seats import UNBOUND, Seats
from jobs.worker.warm import Warm

#: how many of them at most, and how many where each brings files
MOST, MOST_WITH_FILES = 64, 8
#: groups of one version: one has the model while the other brings its inputs or stores its outputs
GROUPS = 2


class Held:
    """The predictions of a group whose leases this process holds."""

    def __init__(self, store: Store, values: Sequence[Prediction], clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._open = {value.id: value for value in values}

    def renew(self) -> str:
        """Hold on to all; one that was cancelled ends at once, though its pass goes on."""
        answers = self._store.predictions.renew_all(list(self._open.values()), LEASE_S)
        for id, value in list(self._open.items()):
            if answers[id] == "stop":
                with suppress(Fenced):
                    self._store.predictions.finish(value, State.CANCELED, self._clock())
            if answers[id] != "go":
                self._open.pop(id, None)
        return "go" if self._open else "lost"

    def let_go(self, value: Prediction) -> None:
        """It has ended."""
        self._open.pop(value.id, None)

    def give_back(self) -> None:
        """Leave what has not ended to another worker."""
        for value in list(self._open.values()):
            self._store.predictions.give_back(value)


class Together:
    """Runs single predictions, those of one owner and version in one pass where the model can."""

    def __init__(
        self,
        store: Store,
        warm: Warm,
        predict: Predict,
        fetch: Any,
        drain: Drain,
        clock: Clock,
        *,
        timeout_s: float,
        seats: Seats = UNBOUND,
    ) -> None:
        self._store = store
        self._seats = seats
        self._warm = warm
        self._predict = predict
        self._fetch = fetch
        self._drain = drain
        self._clock = clock
        self._timeout_s = timeout_s
        self._doors = Doors(GROUPS)
        self._followers = Doors(1)

    def run(self, id: str) -> bool:
        """Run the prediction if it is due, and others like it; False if there was nothing to do."""
        try:
            value: Prediction = self._store.predictions.get(id)
        except NotFound:
            return False
        with self._seats.seat(value.deployment, value.model, value.version) as mine:
            if not mine:
                return False
            ran = self._run_one(value)
            if value.deployment is not None:
                self._follow(value.deployment, value)
        return ran

    def _follow(self, deployment: str, value: Prediction) -> None:
        """What waits for the same instances: workers that have none may have heard its rings."""
        key = (deployment, value.model, value.version)
        if not self._followers.enter(key):
            return
        try:
            while not self._drain.ending.is_set():
                id = self._store.predictions.waiting(*key)
                if id is None or not self._run_one(self._store.predictions.get(id)):
                    return
        finally:
            self._followers.rush_out(key)

    def _run_one(self, value: Prediction) -> bool:
        id = value.id
        try:
            version: Version = self._store.models.version(value.version, value.model)
        except NotFound:
            return self._predict.run(id)  # to its end, which says so
        if not self._warm.shares(version) or _streams(version):
            return self._predict.run(id)
        key = (value.owner, value.model, value.version, value.deployment)
        if not self._doors.enter(key):
            return False
        return self._run_all(key, value, version)

    def _run_all(self, key: Any, like: Prediction, version: Version) -> bool:
        """Group after group, until no such prediction is due."""
        inside, ran = True, False
        try:
            while inside and not self._drain.ending.is_set():
                if self._run_some(like, version):
                    ran = True
                else:
                    inside = not self._doors.leave(key)
        finally:
            if inside:
                self._doors.rush_out(key)
        return ran

    def _run_some(self, like: Prediction, version: Version) -> bool:
        fields = staging.uri_fields(version.schema or {})
        most = MOST_WITH_FILES if fields else MOST
        claim = self._store.predictions.claim_alike
        values: list[Prediction] = claim(like, most, LEASE_S, self._clock(), self._warm.served)
        if len(values) == 1:
            self._predict.hold(values[0])
        elif values:
            self._run_group(values, version, fields)
        return bool(values)

    def _run_group(
        self, values: Sequence[Prediction], version: Version, fields: tuple[str, ...]
    ) -> None:
        folder = Path(tempfile.mkdtemp(prefix="predictions-"))
        held = Held(self._store, values, self._clock)
        begin = self._warm.telemetry.begin
        works = [begin("prediction", parent=v.traceparent, prediction=v.id) for v in values]
        try:
            with Lease(held.renew, held.give_back, self._drain) as lease:
                given = self._brought(values, fields, folder)
                results = self._results(given, version, folder, lease)
                for value, work, result in zip(values, works, results, strict=False):
                    with suppress(Fenced):  # cancelled meanwhile
                        work.end(self._predict.end(value, result, lease).value)
                    held.let_go(value)
        except BlobRefused:  # asking again does not help: it is an attempt, and they have an end
            raise
        except (BlobError, Unavailable, OSError):  # a store or the disk is away for a while
            held.give_back()
            raise
        finally:
            for work in works:
                work.end("lost")  # unless it has ended by now
            shutil.rmtree(folder, ignore_errors=True)

    def _brought(
        self, values: Sequence[Prediction], fields: tuple[str, ...], folder: Path
    ) -> list[dict[str, Any] | Failed]:
        """Each one's input with its files on this machine, or why they are not."""

        def bring(value: Prediction) -> dict[str, Any] | Failed:
            place = folder / value.id
            place.mkdir()
            uris = list(staging.uris(value.input, fields))
            try:
                fetch = self._fetch(value.caller, None, uris)
                return staging.bring(value.input, fields, fetch, place)
            except FetchFailed as error:
                return Failed("input_unavailable", str(error))

        if not fields:
            return [value.input for value in values]
        with ThreadPoolExecutor(len(values), thread_name_prefix="inputs") as pool:
            return list(pool.map(bring, values))

    def _results(
        self,
        given: Sequence[dict[str, Any] | Failed],
        version: Version,
        folder: Path,
        lease: Lease,
    ) -> Iterator[Result]:
        """In order; they end early with the lease."""
        sound = [one for one in given if isinstance(one, dict)]
        runner = RowRunner(self._warm, version, self._timeout_s, folder / "made", first=True)
        computed: Iterator[Result]
        try:
            # all of them before the first is stored: nobody waits at the model for a store
            computed = iter([one for lot in runner.run(sound, lease.ended) for one in lot])
            self._warm.telemetry.micro_batch(len(sound))
        except SetupFailed as error:
            computed = repeat(rows.setup_failed(error))
        for one in given:
            result = one if isinstance(one, Failed) else next(computed, None)
            if result is None:
                return
            yield result


def _streams(version: Version) -> bool:
    """Whether its output comes in parts, to be told one after the other."""
    schemas = (version.schema or {}).get("components", {}).get("schemas", {})
    return "x-cog-array-type" in schemas.get("Output", {})
