"""Models, versions that are prepared once, aliases that move by compare-and-set."""

import pytest

from jobs.adapters.sql.database import Database
from jobs.adapters.sql.store import SqlStore
from jobs.adapters.sql.tables import versions
from jobs.core.errors import Conflict, Fenced, IllegalMove, NotFound
from jobs.core.page import Page
from jobs.core.version import Ref, State, Version
from tests.ports import stores
from tests.ports.stores import LEASE_S, OVER, a_version, clock
from tests.servers.penstock import until

MODEL, A, B, C = "ann/hello", "a" * 64, "b" * 64, "c" * 64


@pytest.fixture(autouse=True)
def _model(store: SqlStore) -> None:
    store.models.create(MODEL, "ann", clock())


def claim(store: SqlStore, id: str = A, lease_s: float = LEASE_S) -> Version:
    held = store.models.claim(id, lease_s)
    assert held is not None
    return held


def failed(store: SqlStore) -> Version:
    store.models.push(a_version())
    return store.models.move(claim(store), State.FAILED, clock(), error="no torch", logs="tail")


def aliased(store: SqlStore, alias: str = "live") -> list[str]:
    return [row["version"] for row in store.models.history(MODEL, alias)]


# --- models and versions --------------------------------------------------------------------------


def test_a_model_is_made_once(store: SqlStore) -> None:
    store.models.create("ann/other", "ann", clock())
    with pytest.raises(Conflict, match="ann/hello"):
        store.models.create(MODEL, "bob", clock())
    assert [one.name for one in store.models.newest("ann", Page()).items] == [MODEL, "ann/other"]
    assert store.models.newest("bob", Page()).items == ()
    store.models.check(MODEL, "ann")
    for name, owner in (("ann/none", "ann"), (MODEL, "bob")):
        with pytest.raises(NotFound):
            store.models.check(name, owner)


def test_a_pushed_version_is_kept_once(store: SqlStore) -> None:
    version = a_version(files=({"path": "predict.py", "sha256": A, "executable": False},))
    assert store.models.push(version) == version
    assert store.models.push(a_version()) == version
    assert store.models.version(A) == store.models.version(A, MODEL) == version
    for id, model in ((B, None), (A, "ann/none")):
        with pytest.raises(NotFound):
            store.models.version(id, model)


def test_versions_of_a_model_come_newest_first(store: SqlStore) -> None:
    for id in (B, A, C):
        store.models.push(a_version(id=id))
    assert [version.id for version in store.models.versions(MODEL, Page()).items] == [C, A, B]


def named_every_way(store: SqlStore) -> list[Version]:
    """A version as requests name it: by its digest, that of a model, and by an alias."""
    refs = (Ref(None, A, None), Ref(MODEL, A, None), Ref(MODEL, None, "live"))
    found = [store.models.resolve(ref, "ann") for ref in refs]
    return [*found, store.models.version(A, MODEL)]


def test_a_version_is_known_as_it_is_now(store: SqlStore) -> None:
    """It is remembered, which is not to be seen: whoever asks again hears of every change."""
    version = stores.ready(store, A)
    store.models.promote(MODEL, "live", A, clock(), ())
    for _ in range(2):
        assert named_every_way(store) == [store.models.version(A)] * 4
    for hardware in ("a100", "h100", "a100"):
        store.models.ask_for(MODEL, A, hardware)
        assert [one.hardware for one in named_every_way(store)] == [hardware] * 4
    store.models.measured(MODEL, A, 0.5)
    assert {one.seconds_per_item for one in named_every_way(store)} == {0.5}
    for ref in (Ref(None, A, None), Ref(MODEL, A, None)):
        with pytest.raises(NotFound):
            store.models.resolve(ref, "bob")
    store.models.move(version, State.RETIRED, clock())
    for ref in (Ref(None, A, None), Ref(MODEL, A, None)):
        with pytest.raises(NotFound):
            store.models.resolve(ref, "ann")


def test_pushing_what_failed_tries_again(store: SqlStore) -> None:
    failed(store)
    again = store.models.push(a_version())
    assert (again.state, again.error, again.attempts) == (State.PUSHED, None, 0)
    assert store.models.version(A) == again
    assert store.models.push(a_version()) == again
    assert claim(store).attempts == 1


def test_many_pushes_of_what_failed_agree(store: SqlStore) -> None:
    failed(store)
    got = stores.together(8, lambda _: store.models.push(a_version()))
    assert {one.state for one in got if isinstance(one, Version)} == {State.PUSHED}
    assert [one for one in got if isinstance(one, Exception)] == []


def test_a_version_is_prepared_by_one_worker(store: SqlStore) -> None:
    store.models.push(a_version())
    assert store.models.due() == [A]
    got = stores.together(8, lambda _: store.models.claim(A, LEASE_S))
    [held] = [one for one in got if isinstance(one, Version)]
    assert got.count(None) == 7
    assert (held.state, held.attempts, held.lease_token) == (State.PREPARING, 1, 1)
    assert store.models.due() == []
    ready = store.models.move(held, State.READY, clock(), schema={"components": {}}, error=None)
    assert store.models.version(A) == ready
    assert store.models.claim(A, LEASE_S) is None


def test_whoever_lost_the_lease_is_fenced(store: SqlStore) -> None:
    store.models.push(a_version())
    old = claim(store, lease_s=OVER)
    assert store.models.due() == [A]
    assert store.models.renew(old, LEASE_S)  # nobody took it
    assert store.models.claim(A, LEASE_S) is None
    stores.run_out(store, versions, id=A)
    new = claim(store)
    assert (new.attempts, new.lease_token) == (2, 2)
    assert not store.models.renew(old, LEASE_S)
    with pytest.raises(Fenced):
        store.models.move(old, State.FAILED, clock(), error="stale")
    store.models.move(new, State.READY, clock(), schema={})
    assert not store.models.renew(new, LEASE_S)
    assert store.models.version(A).error is None


def test_a_move_that_the_table_has_not_is_refused(store: SqlStore) -> None:
    with pytest.raises(IllegalMove):
        store.models.move(store.models.push(a_version()), State.READY, clock())


def test_the_same_folder_in_two_models_is_prepared_one_by_one(store: SqlStore) -> None:
    store.models.create("bob/copy", "bob", clock())
    first = store.models.push(a_version())
    store.models.push(a_version("bob/copy"))
    assert store.models.version(A) == first
    assert [claim(store).model, claim(store).model] == [MODEL, "bob/copy"]
    assert store.models.claim(A, LEASE_S) is None


def test_a_measurement_is_remembered(store: SqlStore) -> None:
    held = stores.ready(store, A)
    store.models.measured(MODEL, A, 0.25)
    assert store.models.version(A).seconds_per_item == 0.25
    store.models.move(held, State.RETIRED, clock())
    assert store.models.version(A).seconds_per_item == 0.25


# --- aliases --------------------------------------------------------------------------------------


def test_an_alias_names_a_version(store: SqlStore) -> None:
    version = stores.ready(store, A)
    for ref in (Ref(MODEL, None, None), Ref(MODEL, None, "staging"), Ref("ann/none", None, "live")):
        with pytest.raises(NotFound):
            store.models.resolve(ref, "ann")
    assert store.models.promote(MODEL, "live", A, clock(), ()) is None
    assert store.models.alias(MODEL, "live") == A
    assert store.models.alias(MODEL, "staging") is None
    for ref in (Ref(MODEL, None, None), Ref(MODEL, None, "live"), Ref(None, A, None)):
        assert store.models.resolve(ref, "ann") == version
        with pytest.raises(NotFound):
            store.models.resolve(ref, "bob")


def test_an_alias_that_moves_counts_at_once_and_anothers_move_soon(store: SqlStore) -> None:
    mine, live = Ref(MODEL, None, "live"), {A: B, B: A}
    for id in (A, B):
        stores.ready(store, id)
    store.models.promote(MODEL, "live", A, clock(), ())
    now = A
    for _ in range(5):
        assert store.models.resolve(mine, "ann").id == now
        now = live[now]
        store.models.promote(MODEL, "live", now, clock(), ())
        assert store.models.resolve(mine, "ann").id == now
    url = store.database.engine.url.render_as_string(hide_password=False)
    other = Database(url)  # as another process has it
    SqlStore(other, stores.URL).models.promote(MODEL, "live", live[now], clock(), ())
    other.close()
    until(lambda: store.models.resolve(mine, "ann").id == live[now])


def test_history_is_kept_and_one_step_back_is_a_step(store: SqlStore) -> None:
    for id in (A, B):
        stores.ready(store, id)
    assert store.models.promote(MODEL, "live", A, clock(), (None,)) is None
    assert store.models.promote(MODEL, "live", B, clock(), (A,)) == A
    assert store.models.promote(MODEL, "live", B, clock(), (B,)) == B  # it is there already
    assert store.models.promote(MODEL, "live", A, clock(), (B,)) == B
    assert aliased(store) == [A, B, A]
    assert aliased(store, "staging") == []


def test_an_alias_that_has_moved_since_is_left_alone(store: SqlStore) -> None:
    store.models.promote(MODEL, "live", A, clock(), ())
    for expected in ((B,), (None,), (B, None)):
        with pytest.raises(Conflict, match="moved since"):
            store.models.promote(MODEL, "live", C, clock(), expected)
    assert aliased(store) == [A]
    with pytest.raises(NotFound):
        store.models.promote("ann/none", "live", A, clock(), ())


def test_of_many_who_expect_the_same_one_moves_the_alias(store: SqlStore) -> None:
    store.models.promote(MODEL, "live", "0" * 64, clock(), ())
    digests = [str(number) * 64 for number in range(1, 9)]
    got = stores.together(
        8,
        lambda number: store.models.promote(MODEL, "live", digests[number], clock(), ("0" * 64,)),
    )
    assert got.count("0" * 64) == 1
    assert sum(isinstance(one, Conflict) for one in got) == 7
    assert len(aliased(store)) == 2


def test_of_many_who_expect_nothing_all_move_the_alias(store: SqlStore) -> None:
    digests = [str(number) * 64 for number in range(8)]
    got = stores.together(
        8, lambda number: store.models.promote(MODEL, "live", digests[number], clock(), ())
    )
    assert [one for one in got if isinstance(one, Exception)] == []
    history = aliased(store)
    assert sorted(history) == digests
    # each of them was told what it moved the alias away from
    assert {digests[number]: before for number, before in enumerate(got)} == dict(
        zip(history, [*history[1:], None], strict=True)
    )
