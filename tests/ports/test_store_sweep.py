"""The sweep rings for all that is due, page by page, and helps what is stopped to its end."""

from datetime import timedelta

from jobs.adapters.sql.store import SqlStore
from jobs.adapters.sql.tables import shards
from jobs.core.batch import State
from jobs.worker.worker import MOST_WAITING, PAGE, Sweep
from tests.ports import stores
from tests.ports.stores import LEASE_S, clock


class Heard:
    """A bell that remembers."""

    def __init__(self) -> None:
        self.rings: list[tuple[str, str]] = []
        self.classes: list[str | None] = []
        self.unheard: int | None = 0
        #: a class that nobody listens for
        self.deaf: str | None = None

    def ring(self, what: str, id: str, hardware: str | None = None) -> None:
        self.rings.append((what, id))
        self.classes.append(hardware)

    def waiting(self, hardware: str | None = None) -> int | None:
        return MOST_WAITING if hardware and hardware == self.deaf else self.unheard


def round_of(sweep: Sweep, bell: Heard) -> list[tuple[str, str]]:
    bell.rings.clear()
    bell.classes.clear()
    sweep.run()
    return list(bell.rings)


def test_all_kinds_are_rung_for(store: SqlStore) -> None:
    batch, prediction = stores.created(store), stores.asked(store)
    store.models.create("ann/hello", "ann", clock())
    version = store.models.push(stores.a_version())
    bell = Heard()
    assert sorted(round_of(Sweep(store, bell, clock), bell)) == [
        ("batch", batch.id),
        ("prediction", prediction.id),
        ("version", version.id),
    ]


def test_many_that_nobody_takes_do_not_hold_up_the_newer_ones(store: SqlStore) -> None:
    ids = [stores.created(store, id=f"batch_{number:04}").id for number in range(PAGE + 20)]
    bell = Heard()
    sweep = Sweep(store, bell, clock)
    first, second, third = (round_of(sweep, bell) for _ in range(3))
    assert [id for _, id in first] == ids[:PAGE]
    assert [id for _, id in second] == ids[PAGE:]
    assert third == first


def test_what_is_overdue_expires(store: SqlStore) -> None:
    late = clock() - timedelta(seconds=1)
    waiting = stores.created(store, expires_at=late)
    run = stores.running(store, 200, expires_at=late)
    bell = Heard()
    assert round_of(Sweep(store, bell, clock), bell) == [("batch", run.id)]  # to be finalized
    assert store.batches.get(waiting.id).state is State.EXPIRED
    after = store.batches.get(run.id)
    assert (after.state, after.stop) == (State.FINALIZING, "expired")


def test_a_stopped_batch_whose_worker_was_lost_goes_on(store: SqlStore) -> None:
    batch = stores.running(store, 200)
    assert store.shards.claim(batch.id, LEASE_S, None) is not None
    store.batches.stop(batch.id, "cancelled", clock())
    bell = Heard()
    sweep = Sweep(store, bell, clock)
    assert round_of(sweep, bell) == []
    stores.run_out(store, shards, batch=batch.id)
    assert round_of(sweep, bell) == [("batch", batch.id)]
    assert store.batches.get(batch.id).state is State.FINALIZING


def test_nobody_is_rung_for_while_nobody_listens(store: SqlStore) -> None:
    bell = Heard()
    sweep = Sweep(store, bell, clock)
    batch = stores.created(store)
    for unheard in (MOST_WAITING, None):
        bell.unheard = unheard
        assert round_of(sweep, bell) == []
    bell.unheard = MOST_WAITING - 1
    assert ("batch", batch.id) in round_of(sweep, bell)


def test_a_class_of_hardware_is_rung_for_by_itself(store: SqlStore) -> None:
    store.models.create("ann/hello", "ann", clock())
    version = store.models.push(stores.a_version(hardware="a100"))
    plain = stores.running(store, 100)
    classed = [stores.running(store, 100, hardware=name).id for name in ("gpu", "a100")]
    checked = stores.created(store, hardware="gpu")  # any worker may validate it
    asked = stores.asked(store, hardware="gpu")
    bell = Heard()
    sweep = Sweep(store, bell, clock)
    rings = round_of(sweep, bell)
    assert sorted(zip(rings, map(str, bell.classes), strict=True)) == sorted(
        [
            (("version", version.id), "a100"),
            (("batch", plain.id), "None"),
            (("batch", classed[0]), "gpu"),
            (("batch", classed[1]), "a100"),
            (("batch", checked.id), "None"),
            (("prediction", asked.id), "gpu"),
        ]
    )
    bell.deaf = "gpu"  # its queue is full, the others are not
    assert "gpu" not in [round_of(sweep, bell), bell.classes][1]
    assert len(bell.rings) == 4
