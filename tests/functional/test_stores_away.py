"""An object store that is away while a version or a prediction is worked on costs time alone."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from jobs.adapters.disk import DiskBlobs
from jobs.adapters.sql.database import Database
from jobs.adapters.sql.store import SqlStore
from jobs.adapters.sql.tables import versions
from jobs.core.errors import BlobError, BlobRefused, Unavailable
from jobs.core.prediction import Prediction
from jobs.core.prediction import State as PredictionState
from jobs.core.version import State as VersionState
from jobs.core.version import Version
from jobs.worker.drain import Drain
from jobs.worker.predict import MAX_ATTEMPTS, Predict
from jobs.worker.prepare import Prepare
from jobs.worker.together import Together
from jobs.worker.warm import Warm
from tests.ports import stores

VERSION = "a" * 64


class Bundles:
    """The files of a version cannot be read."""

    def __init__(self, error: BlobError) -> None:
        self._error = error

    def folder(self, version: Version, in_use: Any) -> Path:
        """Fails."""
        raise self._error


def warm(error: BlobError) -> Warm:
    """Has no host to give, since there are no files to start it from."""
    bundles: Any = Bundles(error)
    hosts: Any = None
    return Warm(hosts, bundles, Path(), threads=1, setup_timeout_s=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    database = Database(stores.with_tables(tmp_path / "penstock.db"))
    made = SqlStore(database, stores.URL)
    made.models.create("ann/hello", "ann", datetime.now(UTC))
    yield made
    database.close()


def pushed(store: SqlStore) -> Version:
    made = stores.a_version("ann/hello", VERSION)
    store.models.push(made)
    return made


def test_a_version_is_prepared_once_the_store_is_back(store: SqlStore) -> None:
    pushed(store)
    away = warm(BlobError("the object store did not answer"))
    prepare = Prepare(store, away, Drain(), stores.clock)
    for _ in range(5):
        with pytest.raises(BlobError):
            prepare.run(VERSION)
        assert store.models.version(VERSION, "ann/hello").state is VersionState.PUSHED


def test_a_version_whose_files_may_not_be_read_has_failed(store: SqlStore) -> None:
    pushed(store)
    shut = warm(BlobRefused("the object store will not"))
    assert Prepare(store, shut, Drain(), stores.clock).run(VERSION)
    assert store.models.version(VERSION, "ann/hello").state is VersionState.FAILED


def alone(store: SqlStore, folder: Path) -> tuple[Prediction, Predict, Warm]:
    """A prediction, and who would run it if its version could be loaded."""
    stores.ready(store, VERSION)
    schema = {"components": {"schemas": {"Input": {}}}}
    stores.put(store, versions, {"id": VERSION}, schema=schema)
    asked = stores.asked(store)
    away = warm(BlobError("the object store did not answer"))
    common = (away, lambda *about: None, Drain(), stores.clock)
    predict = Predict(store, DiskBlobs(folder / "objects"), *common, url="", timeout_s=1)
    return asked, predict, away


def test_a_prediction_is_run_once_the_store_is_back(store: SqlStore, tmp_path: Path) -> None:
    asked, predict, _ = alone(store, tmp_path)
    for _ in range(MAX_ATTEMPTS + 2):
        with pytest.raises(BlobError):
            predict.run(asked.id)
    left = store.predictions.get(asked.id)
    assert (left.state, left.attempts) == (PredictionState.PROCESSING, 0)


def test_predictions_are_run_again_once_the_database_is_back(
    store: SqlStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It went away while some were at work: they are not counted as at work for ever."""
    asked, predict, away = alone(store, tmp_path)
    predict.paces.note(VERSION, 0.01)  # it is quick, so that several are claimed together
    common = (lambda *about: None, Drain(), stores.clock)
    together = Together(store, away, predict, *common, timeout_s=1)
    given_back = store.predictions.give_back

    def lost(value: Prediction, **how: Any) -> None:
        given_back(value, **how)
        raise Unavailable("the database does not answer now")

    monkeypatch.setattr(store.predictions, "give_back", lost)
    for _ in range(5):
        with pytest.raises(Unavailable):
            together.run(asked.id)
