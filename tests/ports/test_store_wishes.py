"""One wish is one thing, deadlines pass, models are described and removed."""

from datetime import timedelta
from typing import Any

import pytest

from jobs.adapters.sql.store import SqlStore
from jobs.core.errors import Conflict, NotFound
from jobs.core.file import File
from jobs.core.ids import new_id
from jobs.core.outputs import upload_key
from jobs.core.page import Page
from jobs.core.prediction import State
from jobs.core.version import State as VersionState
from tests.ports import stores
from tests.ports.stores import LEASE_S, a_prediction, clock

MODEL, A, B = "ann/hello", "a" * 64, "b" * 64


def a_file(**changes: Any) -> File:
    id = new_id("file", clock())
    fields = {"owner": "ann", "name": "a", "content_type": "text/plain", "key": upload_key(id)}
    made = {"size_bytes": 1, "sha256": "0" * 64, "created_at": clock()}
    return File(id=id, **fields | made | changes)


def test_a_key_makes_one_prediction(store: SqlStore) -> None:
    first = store.predictions.create(a_prediction(), key="k", request_hash="h")

    again = store.predictions.create(a_prediction(), key="k", request_hash="h")
    others = store.predictions.create(a_prediction(owner="bob"), key="k", request_hash="h")

    assert again == first != others
    assert store.predictions.find("ann", "k", "h") == first
    assert store.predictions.find("ann", "l", "h") is None
    with pytest.raises(Conflict, match="another request"):
        store.predictions.create(a_prediction(), key="k", request_hash="other")


def test_the_newest_of_the_same_token_and_request_is_found(store: SqlStore) -> None:
    store.predictions.create(a_prediction(id=new_id("pred", clock()), token="t"), request_hash="h")
    newest = store.predictions.create(
        a_prediction(id=new_id("pred", clock()), token="t"), request_hash="h"
    )
    store.predictions.create(
        a_prediction(id=new_id("pred", clock()), token="t"), request_hash="other"
    )
    store.predictions.create(a_prediction(token="u"), request_hash="h")
    ago = clock() - timedelta(minutes=2)

    assert store.predictions.alike("ann", "t", "h", ago) == newest
    assert store.predictions.alike("bob", "t", "h", ago) is None
    assert store.predictions.alike("ann", "t", "h", clock() + timedelta(minutes=1)) is None


def test_a_key_makes_one_file(store: SqlStore) -> None:
    first = store.files.create(a_file(), key="k", request_hash="h")

    again = store.files.create(a_file(), key="k", request_hash="h")
    others = store.files.create(a_file(owner="bob"), key="k", request_hash="h")

    assert again == first != others
    with pytest.raises(Conflict, match="another request"):
        store.files.create(a_file(), key="k", request_hash="other")
    store.files.delete(first.id, "ann")
    assert store.files.create(a_file(), key="k", request_hash="other") != first


def test_the_newest_file_and_batch_of_the_same_request_are_found(store: SqlStore) -> None:
    ago, soon = clock() - timedelta(minutes=15), clock() + timedelta(minutes=1)
    store.files.create(a_file(), request_hash="h")
    file = store.files.create(a_file(), request_hash="h")
    store.files.create(a_file(owner="bob"), request_hash="h")
    batches = [
        store.batches.create(
            stores.a_batch(id=new_id("batch", clock()), token=token), key=None, request_hash=hash
        )
        for token, hash in (("t", "h"), ("t", "h"), ("t", "other"), ("u", "h"))
    ]

    assert store.files.alike("ann", "h", ago) == file
    assert store.files.alike("ann", "h", soon) is None
    assert store.files.alike("ann", "other", ago) is None
    assert store.batches.alike("ann", "t", "h", ago) == batches[1]
    assert store.batches.alike("ann", "t", "h", soon) is None
    assert store.batches.alike("bob", "t", "h", ago) is None


def test_files_by_purpose_and_in_both_orders(store: SqlStore) -> None:
    ids = [
        store.files.create(a_file(purpose=purpose)).id
        for purpose in ("batch", None, "vision", "batch", "user_data")
    ]

    def found(**which: Any) -> list[str]:
        return [one.id for one in store.files.newest("ann", Page(3), **which).items]

    assert found() == ids[:1:-1]
    assert found(oldest_first=True) == ids[:3]
    assert found(purpose="batch") == [ids[3], ids[0]]
    assert found(purpose="user_data") == [ids[4], ids[1]]  # nobody said what one of them is for
    page = Page(1, after=ids[0])
    assert store.files.newest("ann", page, purpose="batch", oldest_first=True).items[0].id == ids[3]


def test_a_deadline_passes_by_the_databases_clock(store: SqlStore) -> None:
    made = clock() - timedelta(days=3)  # this host's clock is behind
    later = a_prediction(created_at=made, deadline=made + timedelta(hours=1))
    over = a_prediction(created_at=made, deadline=made - timedelta(seconds=1))
    runs = a_prediction(created_at=made, deadline=made - timedelta(seconds=1))
    for one in (later, over, runs, a_prediction()):
        store.predictions.create(one)
    held = store.predictions.claim(runs.id, LEASE_S, clock())
    assert held is not None

    assert sorted(store.predictions.overdue()) == sorted([over.id, runs.id])
    for id in store.predictions.overdue():
        store.predictions.cancel(id, None, clock(), "too late")

    assert store.predictions.overdue() == []
    ended = store.predictions.get(over.id)
    assert (ended.state, ended.error) == (State.CANCELED, "too late")
    assert store.predictions.renew(held, LEASE_S) == "stop"
    assert store.predictions.get(later.id).state is State.STARTING


def test_a_model_is_described_and_only_its_owner_may(store: SqlStore) -> None:
    store.models.create(MODEL, "ann", clock(), {"description": "old", "readme": "kept"})

    store.models.change(MODEL, "ann", {"description": None, "paper_url": "https://x"})

    assert store.models.get(MODEL, "ann").about == {"readme": "kept", "paper_url": "https://x"}
    for ask in (
        lambda: store.models.change(MODEL, "bob", {}),
        lambda: store.models.get(MODEL, "bob"),
        lambda: store.removals.model(MODEL, "bob"),
        lambda: store.removals.version(MODEL, A, "bob"),
    ):
        with pytest.raises(NotFound):
            ask()


def test_a_version_and_its_model_go_once_nothing_needs_them(store: SqlStore) -> None:
    store.models.create(MODEL, "ann", clock())
    stores.ready(store, A)
    store.models.promote(MODEL, "live", A, clock(), ())
    with pytest.raises(Conflict, match="live of ann/hello names"):
        store.removals.version(MODEL, A, "ann")
    store.models.promote(MODEL, "live", B, clock(), ())
    batch = stores.created(store, model=MODEL, version=A)
    with pytest.raises(Conflict, match=batch.id):
        store.removals.version(MODEL, A, "ann")
    store.batches.stop(batch.id, "cancelled", clock())
    with pytest.raises(Conflict, match="1 versions"):
        store.removals.model(MODEL, "ann")

    store.removals.version(MODEL, A, "ann")

    assert store.models.versions(MODEL, Page()).items == ()
    assert store.models.version(A, MODEL).state is VersionState.RETIRED  # for what names it still
    with pytest.raises(NotFound):
        store.removals.version(MODEL, A, "ann")
    again = store.models.push(stores.a_version())
    assert again.state is VersionState.PUSHED
    with pytest.raises(Conflict, match="is pushed"):
        store.removals.version(MODEL, A, "ann")
    stores.ready(store, A)
    store.removals.version(MODEL, A, "ann")
    store.removals.model(MODEL, "ann")
    with pytest.raises(NotFound):
        store.models.get(MODEL, "ann")
