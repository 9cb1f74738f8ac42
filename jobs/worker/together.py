"""Single predictions that wait for one version: claimed together, they share forward passes.

Those of a model that shares none are claimed together too where they take milliseconds each.

While one group computes the next one is brought here, and the others wait in the database, where
any worker may have them.
"""

import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
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
from jobs.core.prediction import Failed, Kind, Prediction, Result, State, Succeeded, Wanted
from jobs.core.secret_inputs import opened
from jobs.core.version import Version
from jobs.ports import Clock, Store, Work
from jobs.worker import rows, staging
from jobs.worker.apart import Apart
from jobs.worker.burst import PATIENCE_S, SAVE_S, Burst, Ends, Go
from jobs.worker.doors import Doors
from jobs.worker.drain import Drain
from jobs.worker.leases import LEASE_S, Lease
from jobs.worker.predict import Predict, ending
from jobs.worker.rows import RowRunner
from jobs.worker.scratch import scratch
from jobs.worker.seats import UNBOUND, Seats
from jobs.worker.warm import Warm

#: how many of them at most, and how many where each brings files
MOST, MOST_WITH_FILES = 64, 8
#: threads for a model that runs several at once, each for itself: the others are for other models
APART = 6
#: of a version of which so many end within a burst one group is at work: that saves more at a time
QUICK = 20
#: one of which so many do may be run before it is kept, where somebody waits for it
BRISK = 4
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
    """Runs single predictions, those of one owner and version together where that is quicker."""

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
        self.predict = predict
        self._fetch = fetch
        self.drain = drain
        self._clock = clock
        self._timeout_s = timeout_s
        self._doors = Doors(GROUPS)
        self._followers = Doors(1)

    def seen_to(self, what: str, like: Kind | None) -> bool:
        """Whether those who run such predictions now will look for more of them."""
        return what == "prediction" and like is not None and self._doors.turn_away(like)

    def is_free(self, kind: Kind, version: Version) -> bool:
        """Whether a quick one may be run at once: its model is loaded, and no group's to share."""
        return (
            kind[3] is None
            and not self.drain.ending.is_set()
            and self.pace(version) >= BRISK
            and self._warm.is_up(version.id)
            and not self._warm.shares(version)
        )

    def pace(self, version: Version) -> int:
        """How many of it end within a burst; 0: not even one, or nobody knows."""
        return self.predict.paces.at_once(version.id)

    def begun(self, value: Prediction) -> Work:
        """The work on one, as it is watched."""
        begin = self._warm.telemetry.begin
        return begin("prediction", parent=value.traceparent, prediction=value.id)

    def apart(self, store: Store, values: Sequence[Prediction]) -> Apart:
        """Predictions that are held, to be sent to the model together."""
        return Apart(store, self.predict, self.begun, self._clock, values)

    def burst(self, store: Store, values: Sequence[Prediction], go_on: Go | None) -> Burst:
        """Predictions that are held, to be run one by one and saved together."""
        return Burst(store, self.predict, self.begun, self._clock, values, go_on)

    def run(self, id: str, like: Kind | None = None) -> bool:
        """Run the prediction if it is due, and others like it; False if there was nothing to do.

        `like`: its kind, where that is known.
        """
        if like is not None and self._doors.turn_away(like):
            return False
        try:
            kind = like or self._store.predictions.get(id).kind
        except NotFound:
            return False
        _, model, digest, deployment = kind
        with self._seats.seat(deployment, model, digest) as mine:
            if not mine:
                return False
            ran = self._run_one(id, kind)
            if deployment is not None:
                self._follow(deployment, model, digest)
        return ran

    def _follow(self, *instances: str) -> None:
        """What waits for the same instances: workers that have none may have heard its rings."""
        if not self._followers.enter(instances):
            return
        try:
            while not self.drain.ending.is_set():
                id = self._store.predictions.waiting(*instances)
                if id is None or not self._run_one(id, self._store.predictions.get(id).kind):
                    return
        finally:
            self._followers.rush_out(instances)

    def _run_one(self, id: str, kind: Kind) -> bool:
        _, model, digest, _ = kind
        try:
            version: Version = self._store.models.version(digest, model)
        except NotFound:
            return self.predict.run(id)  # to its end, which says so
        apart = self._apart(version)
        if not apart and (self._most(version) == 0 or streams(version)):
            return self.predict.run(id)
        if not self._doors.enter(kind, apart or self._groups(version)):
            return False
        return self._run_all(kind, version)

    def _apart(self, version: Version) -> int:
        """How many run at once, each for itself; 0 if it cannot, or is quicker in groups."""
        at_once = self._warm.at_once(version)
        return min(at_once, APART) if at_once > 1 and not self._is_quick(version) else 0

    def _is_quick(self, version: Version) -> bool:
        return self.pace(version) > 0

    def _most(self, version: Version) -> int:
        """How many are run together; 0 if none are."""
        if self._apart(version):
            return 1
        brings_files = staging.uri_fields(version.schema or {})
        if self._warm.shares(version):
            return MOST_WITH_FILES if brings_files else MOST
        return 0 if brings_files else self.pace(version)

    def _groups(self, version: Version) -> int:
        """How many groups of it may be at work; bursts are the larger the fewer there are.

        While a burst is saved the model has nothing to do; that is the less the quicker it is.
        """
        quick = not self._warm.shares(version) and self.pace(version) >= QUICK
        return 1 if quick else GROUPS

    def _run_all(self, kind: Kind, version: Version) -> bool:
        """Group after group, until no such prediction is due."""
        inside, ran, values = True, False, list[Prediction]()
        try:
            while inside and not self.drain.ending.is_set():
                wanted = self._wanted(kind, version)
                values = values or self._store.predictions.claim_alike(wanted)
                ran = ran or bool(values)
                # if not all were taken there are more; else somebody rings for what comes
                some = len(values) == wanted.most or any(one.attempts > 1 for one in values)
                values, left = self._run_some(values, kind, version)
                inside = bool(values) or left or some or not self._doors.leave(kind)
        finally:
            if inside:  # first: the store may be away, and then none of it would be run here again
                self._doors.rush_out(kind)
            for value in values:
                self._store.predictions.give_back(value)
        return ran

    def _wanted(self, kind: Kind, version: Version) -> Wanted:
        most = self._most(version) or 1
        return Wanted(kind, most, LEASE_S, self._clock(), self._warm.served)

    def _run_some(
        self, values: list[Prediction], kind: Kind, version: Version
    ) -> tuple[list[Prediction], bool]:
        """Run them; what was claimed when they were saved, and whether some were left to others."""
        shared = self._warm.shares(version)
        if shared and len(values) > 1:
            self._run_group(values, version, staging.uri_fields(version.schema or {}))
        elif len(values) > 1 or (values and not shared and self._is_burst(values[0], version)):
            return self._run_burst(values, kind, version)
        elif values:
            self.predict.hold(values[0])
        return [], False

    def _is_burst(self, value: Prediction, version: Version) -> bool:
        """Whether it is a burst of one: what has lost a worker may take this one with it."""
        return value.attempts == 1 and self._is_quick(version)

    def _run_burst(
        self, values: list[Prediction], kind: Kind, version: Version
    ) -> tuple[list[Prediction], bool]:
        """What was claimed when they were saved, and whether some of them were left to others."""
        go_on = partial(self._go_on, kind, version)
        burst = self.burst(self._store, values, go_on)
        held = (burst.renew, burst.give_back, self.drain)
        try:
            with scratch("predictions") as folder, Lease(*held, first_s=PATIENCE_S) as lease:
                burst.run(version, folder, lease)
        except Exception as error:
            # what a store refuses it refuses again: that is an attempt, and they have an end
            burst.give_back(tried=isinstance(error, BlobRefused))
            raise
        finally:
            burst.close()
        return list(burst.next), burst.left_some

    def _go_on(
        self, kind: Kind, version: Version, ends: Ends
    ) -> tuple[Sequence[Prediction | None], Sequence[Prediction]]:
        """Save the ends of a burst, and claim the next one with them."""
        if self.drain.ending.is_set():
            return self._store.predictions.finish_all(ends), ()
        saved: Sequence[Prediction | None]
        saved, held = self._store.predictions.finish_and_claim(ends, self._wanted(kind, version))
        return saved, held

    def _run_group(
        self, values: Sequence[Prediction], version: Version, fields: tuple[str, ...]
    ) -> None:
        folder = Path(tempfile.mkdtemp(prefix="predictions-"))
        held = Held(self._store, values, self._clock)
        works = [self.begun(value) for value in values]
        try:
            with Lease(held.renew, held.give_back, self.drain) as lease:
                given = self._brought(values, fields, folder)
                results = self._results(given, version, folder, lease)
                self._end_all(zip(values, works, results, strict=False), held, lease)
        except BlobRefused:  # asking again does not help: it is an attempt, and they have an end
            raise
        except (BlobError, Unavailable, OSError):  # a store or the disk is away for a while
            held.give_back()
            raise
        finally:
            for work in works:
                work.end("lost")  # unless it has ended by now
            shutil.rmtree(folder, ignore_errors=True)

    def _end_all(
        self, ended: Iterable[tuple[Prediction, Work, Result]], held: Held, lease: Lease
    ) -> None:
        """Save how they ended: together, unless files are stored in between, which takes long."""
        ends, works = [], []
        saved_at = time.monotonic()
        try:
            for value, work, result in ended:
                stored = self.predict.stored(value, result)
                how = ending(stored, stopped=lease.stop.is_set())
                ends.append((value, self._clock(), *how))
                works.append(work)
                if time.monotonic() - saved_at > SAVE_S:
                    self._save(ends, works, held)
                    ends, works, saved_at = [], [], time.monotonic()
        finally:
            self._save(ends, works, held)

    def _save(self, ends: Sequence[Any], works: Sequence[Work], held: Held) -> None:
        saved = self._store.predictions.finish_all(ends) if ends else ()
        for (value, *_), work, new in zip(ends, works, saved, strict=True):
            work.end("lost" if new is None else new.state.value)  # lost: cancelled meanwhile
            held.let_go(value)

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
                return staging.bring(opened(value.input), fields, fetch, place)
            except FetchFailed as error:
                return Failed("input_unavailable", str(error))

        if not fields:
            return [opened(value.input) for value in values]
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
            ended = [one for lot in runner.run(sound, lease.ended) for one in lot]
            for one in ended:
                if isinstance(one, Succeeded):
                    self.predict.paces.note(version.id, one.predict_s)
            computed = iter(ended)
            self._warm.telemetry.micro_batch(len(sound))
        except SetupFailed as error:
            computed = repeat(rows.setup_failed(error))
        for brought in given:
            result = brought if isinstance(brought, Failed) else next(computed, None)
            if result is None:
                return
            yield result


def streams(version: Version) -> bool:
    """Whether its output comes in parts, to be told one after the other."""
    schemas = (version.schema or {}).get("components", {}).get("schemas", {})
    return "x-cog-array-type" in schemas.get("Output", {})
