"""Predictions: run by one worker at a time, cancelled at every state, told about in order."""

from typing import Any

import pytest

from jobs.adapters.sql import prediction_rows
from jobs.adapters.sql.store import SqlStore
from jobs.adapters.sql.tables import predictions
from jobs.core.errors import Fenced, IllegalMove, NotFound
from jobs.core.page import Page
from jobs.core.prediction import FINISHED, Prediction, State, Wanted
from tests.ports import stores
from tests.ports.stores import LEASE_S, OVER, clock


def claim(store: SqlStore, id: str, lease_s: float = LEASE_S) -> Prediction:
    held = store.predictions.claim(id, lease_s, clock())
    assert held is not None
    return held


def names(store: SqlStore, id: str) -> list[str]:
    return [name for _, name in stores.told(store, id)]


def test_what_is_given_back_is_due_again_and_the_attempt_does_not_count(store: SqlStore) -> None:
    held = claim(store, stores.asked(store).id)
    store.predictions.give_back(held)
    assert store.predictions.due() == [held.id]
    again = claim(store, held.id)
    assert (again.state, again.attempts) == (State.PROCESSING, held.attempts)
    with pytest.raises(Fenced):
        store.predictions.finish(held, State.SUCCEEDED, clock())


def test_what_was_kept_is_read(store: SqlStore) -> None:
    value = stores.asked(store, input={"text": "✓", "n": [1, None]}, webhook_events=("completed",))
    assert store.predictions.get(value.id, "ann") == value
    for id, owner in (("pred_none", None), (value.id, "bob"), ("a\0", None)):
        with pytest.raises(NotFound):
            store.predictions.get(id, owner)
    assert stores.told(store, value.id) == []


def test_the_newest_come_first_page_by_page(store: SqlStore) -> None:
    ids = [stores.asked(store, id=f"pred_{number}").id for number in range(4)]
    stores.asked(store, id="pred_9", owner="bob")

    def page(**at: str) -> list[str]:
        return [value.id for value in store.predictions.newest("ann", Page(2, **at)).items]

    assert page() == [ids[3], ids[2]]
    assert page(after=ids[2]) == [ids[1], ids[0]]
    assert page(before=ids[1]) == [ids[3], ids[2]]


def test_one_of_many_runs_it(store: SqlStore) -> None:
    value = stores.asked(store)
    got = stores.together(8, lambda _: store.predictions.claim(value.id, LEASE_S, clock()))
    [held] = [one for one in got if isinstance(one, Prediction)]
    assert got.count(None) == 7
    assert (held.state, held.attempts, held.lease_token) == (State.PROCESSING, 1, 1)
    assert held.started_at is not None
    assert store.predictions.get(value.id) == held
    assert names(store, value.id) == ["prediction.start"]


def test_a_lost_one_is_taken_over_without_a_second_start(store: SqlStore) -> None:
    value = stores.asked(store)
    old, new = claim(store, value.id, OVER), claim(store, value.id)
    assert (new.attempts, new.lease_token, new.started_at) == (2, 2, old.started_at)
    assert names(store, value.id) == ["prediction.start"]
    assert store.predictions.renew(old, LEASE_S) == "lost"
    assert not store.predictions.tell(old, "prediction.logs", clock(), logs="stale")
    with pytest.raises(Fenced):
        store.predictions.finish(old, State.SUCCEEDED, clock(), output="stale")
    assert store.predictions.finish(new, State.SUCCEEDED, clock(), output="fresh")
    assert store.predictions.get(value.id).output == "fresh"
    assert names(store, value.id) == ["prediction.start", "prediction.completed"]


def test_a_lease_that_ran_out_can_be_renewed_while_nobody_took_it(store: SqlStore) -> None:
    held = claim(store, stores.asked(store).id, OVER)
    assert store.predictions.due() == [held.id]
    assert store.predictions.renew(held, LEASE_S) == "go"
    assert store.predictions.due() == []
    assert store.predictions.claim(held.id, LEASE_S, clock()) is None


def test_what_it_gave_so_far_is_kept_and_told(store: SqlStore) -> None:
    held = claim(store, stores.asked(store).id)
    assert store.predictions.tell(held, "prediction.output", clock(), output=["a"])
    assert store.predictions.tell(held, "prediction.logs", clock(), logs="one\n")
    seen = store.predictions.get(held.id)
    assert (seen.output, seen.logs, seen.state) == (["a"], "one\n", State.PROCESSING)
    assert names(store, held.id) == ["prediction.start", "prediction.output", "prediction.logs"]


@pytest.mark.parametrize("state", sorted(FINISHED))
def test_it_ends_once(store: SqlStore, state: State) -> None:
    held = claim(store, stores.asked(store).id)
    ended = store.predictions.finish(held, state, clock(), logs="bye", metrics={"t": 1.5})
    assert store.predictions.get(held.id) == ended
    assert ended.completed_at is not None
    for again in FINISHED:
        with pytest.raises(Fenced):
            store.predictions.finish(held, again, clock())
    with pytest.raises(IllegalMove):
        store.predictions.finish(ended, State.FAILED, clock())
    assert not store.predictions.tell(held, "prediction.logs", clock(), logs="more")
    assert store.predictions.renew(held, LEASE_S) == "lost"
    assert store.predictions.claim(held.id, LEASE_S, clock()) is None
    assert names(store, held.id) == ["prediction.start", "prediction.completed"]


def test_text_that_a_database_refuses_does_not_keep_it_from_ending(store: SqlStore) -> None:
    """A model may print anything; half a surrogate pair also comes in a JSON input."""
    held = claim(store, stores.asked(store, input={"text": "\ud800\0"}, webhook=stores.HOOK).id)
    assert store.predictions.tell(held, "prediction.logs", clock(), logs="a\0b")
    store.predictions.finish(
        held, State.FAILED, clock(), logs="\0\ud83d", error="\udfff!", output={"\0": "\udc00"}
    )
    seen = store.predictions.get(held.id)
    assert (seen.logs, seen.error) == ("\ufffd\ufffd", "\ufffd!")
    assert (seen.input, seen.output) == ({"text": "\ud800\0"}, {"\0": "\udc00"})
    assert len(store.deliveries.claim(9, LEASE_S)) == 1


# --- cancelled ------------------------------------------------------------------------------------


def test_what_has_not_begun_is_cancelled_at_once(store: SqlStore) -> None:
    value = stores.asked(store)
    ended = store.predictions.cancel(value.id, "ann", clock())
    assert (ended.state, ended.started_at) == (State.CANCELED, None)
    assert store.predictions.get(value.id) == ended
    assert store.predictions.claim(value.id, LEASE_S, clock()) is None
    assert names(store, value.id) == ["prediction.completed"]


def test_whoever_runs_it_is_asked_to_stop(store: SqlStore) -> None:
    held = claim(store, stores.asked(store).id)
    assert store.predictions.renew(held, LEASE_S) == "go"
    assert store.predictions.cancel(held.id, "ann", clock()).state is State.PROCESSING
    assert store.predictions.renew(held, LEASE_S) == "stop"
    assert store.predictions.finish(held, State.CANCELED, clock()).state is State.CANCELED


def test_what_was_done_before_the_cancel_was_heard_counts(store: SqlStore) -> None:
    held = claim(store, stores.asked(store).id)
    store.predictions.cancel(held.id, "ann", clock())
    store.predictions.finish(held, State.SUCCEEDED, clock(), output="done")
    assert store.predictions.cancel(held.id, "ann", clock()).state is State.SUCCEEDED


def test_a_cancelled_one_whose_worker_is_lost_is_not_run_again(store: SqlStore) -> None:
    held = claim(store, stores.asked(store).id, OVER)
    store.predictions.cancel(held.id, "ann", clock())
    assert store.predictions.due() == [held.id]
    assert store.predictions.claim(held.id, LEASE_S, clock()) is None
    assert store.predictions.get(held.id).state is State.CANCELED
    assert store.predictions.due() == []
    assert names(store, held.id) == ["prediction.start", "prediction.completed"]
    with pytest.raises(Fenced):
        store.predictions.finish(held, State.SUCCEEDED, clock())


def test_somebody_elses_cannot_be_cancelled(store: SqlStore) -> None:
    value = stores.asked(store)
    with pytest.raises(NotFound):
        store.predictions.cancel(value.id, "bob", clock())
    assert store.predictions.get(value.id) == value


def test_claiming_and_cancelling_at_once_agree(store: SqlStore) -> None:
    for _ in range(8):
        value = stores.asked(store)
        work: list[Any] = [
            lambda id=value.id: store.predictions.claim(id, LEASE_S, clock()),
            lambda id=value.id: store.predictions.cancel(id, "ann", clock()),
        ]
        held, cancelled = stores.together(2, lambda number, work=work: work[number]())  # type: ignore[misc]
        if isinstance(held, Prediction):
            assert cancelled.state is State.PROCESSING
            assert store.predictions.renew(held, LEASE_S) == "stop"
            assert names(store, value.id) == ["prediction.start"]
        else:
            assert held is None
            assert cancelled.state is State.CANCELED
            assert names(store, value.id) == ["prediction.completed"]


def test_of_many_ends_one_counts(store: SqlStore) -> None:
    held = claim(store, stores.asked(store).id)
    ends = [State.SUCCEEDED, State.FAILED, State.CANCELED] * 2
    got = stores.together(6, lambda number: store.predictions.finish(held, ends[number], clock()))
    [ended] = [one for one in got if isinstance(one, Prediction)]
    assert sum(isinstance(one, Fenced) for one in got) == 5
    assert store.predictions.get(held.id).state is ended.state
    assert names(store, held.id) == ["prediction.start", "prediction.completed"]


# --- what the sweep asks --------------------------------------------------------------------------


def test_due_is_what_nobody_runs_page_by_page(store: SqlStore) -> None:
    ids = [stores.asked(store, id=f"pred_{number}").id for number in range(5)]
    claim(store, ids[0])
    store.predictions.finish(claim(store, ids[1]), State.FAILED, clock())
    assert store.predictions.due(limit=2) == ids[2:4]
    assert store.predictions.due(after=ids[3], limit=2) == ids[4:]
    stores.run_out(store, predictions, id=ids[0])
    assert store.predictions.due() == [ids[0], *ids[2:]]


@pytest.mark.parametrize(
    ("losses", "state", "untidy"),
    [
        (0, State.SUCCEEDED, False),  # the one attempt there was got committed
        (1, State.SUCCEEDED, True),
        (0, State.FAILED, True),
        (0, State.CANCELED, True),
    ],
)
def test_only_what_may_have_left_something_is_tidied(
    store: SqlStore, losses: int, state: State, untidy: bool
) -> None:
    value = stores.asked(store)
    for _ in range(losses):
        claim(store, value.id, OVER)
    ended = store.predictions.finish(claim(store, value.id), state, clock())
    assert store.predictions.untidy(60) is None  # a stale worker may still be writing
    if untidy:
        stores.leftovers_are_old(store, predictions, value.id)
        assert store.predictions.untidy(-60) == ended
        store.predictions.tidied(value.id)
    assert store.predictions.untidy(60) is None


def test_what_never_began_leaves_nothing(store: SqlStore) -> None:
    value = stores.asked(store)
    store.predictions.cancel(value.id, "ann", clock())
    with store.database.read() as connection:
        row = connection.execute(predictions.select()).mappings().one()
    assert row["tidy_at"] is None


def claimed_alike(store: SqlStore, like: Prediction, most: int = 64) -> list[str]:
    held = store.predictions.claim_alike(Wanted(like.kind, most, LEASE_S, clock()))
    assert all(one.state is State.PROCESSING and one.attempts == 1 for one in held)
    return [one.id for one in held]


def test_those_alike_are_claimed_together_the_oldest_first(store: SqlStore) -> None:
    ids = [stores.asked(store, id=f"pred_{number}").id for number in range(5)]
    for number, other in enumerate(({"owner": "bob"}, {"model": "ann/b"}, {"version": "c" * 64})):
        stores.asked(store, id=f"pred_9{number}", **other)
    like = claim(store, ids[1])
    assert claimed_alike(store, like, 3) == [ids[0], ids[2], ids[3]]
    assert claimed_alike(store, like) == [ids[4]]
    assert claimed_alike(store, like) == []
    assert names(store, ids[4]) == ["prediction.start"]


def test_of_many_who_claim_those_alike_each_is_given_others(store: SqlStore) -> None:
    ids = {stores.asked(store, id=f"pred_{number}").id for number in range(12)}
    like = store.predictions.get("pred_0")
    got = stores.together(6, lambda _: claimed_alike(store, like, 3))
    taken = [id for some in got for id in some]
    assert len(taken) == len(set(taken))
    assert set(taken) | set(claimed_alike(store, like)) == ids


def test_one_that_lost_a_worker_is_claimed_alone(store: SqlStore) -> None:
    ids = [stores.asked(store, id=f"pred_{number}").id for number in range(3)]
    claim(store, ids[0], OVER)
    claim(store, ids[2], OVER)
    like = store.predictions.get(ids[1])
    [first] = store.predictions.claim_alike(Wanted(like.kind, 64, LEASE_S, clock()))
    assert (first.id, first.attempts) == (ids[0], 2)
    assert claimed_alike(store, like) == [ids[1]]
    [last] = store.predictions.claim_alike(Wanted(like.kind, 64, LEASE_S, clock()))
    assert (last.id, last.attempts) == (ids[2], 2)


def test_what_comes_next_is_claimed_with_the_ends_of_what_was_before(store: SqlStore) -> None:
    ids = [stores.asked(store, id=f"pred_{number}").id for number in range(4)]
    wanted = Wanted(store.predictions.get(ids[0]).kind, 2, LEASE_S, clock())
    held = store.predictions.claim_alike(wanted)
    store.predictions.give_back(held[1])  # it is due again, and its end here comes too late
    ends = [(one, clock(), State.SUCCEEDED, {"output": "x"}) for one in held]
    claim(store, ids[1])
    saved, after = store.predictions.finish_and_claim(ends, wanted)
    assert [one and one.state for one in saved] == [State.SUCCEEDED, None]
    assert [one.id for one in after] == ids[2:]
    assert store.predictions.get(ids[0]).output == "x"
    assert names(store, ids[0]) == ["prediction.start", "prediction.completed"]
    assert names(store, ids[3]) == ["prediction.start"]


def test_what_waits_is_looked_for_among_what_is_open(store: SqlStore) -> None:
    """An owner may have millions that have ended, and each claim asks."""
    if not store.database.sqlite:
        return
    with store.database.read() as connection:
        words = prediction_rows.alike(None)._form(connection.dialect).text
        asked = ("x",) * words.count("?")
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", asked).all()
    assert "ix_predictions_state" in plan[0][3]


def test_several_are_renewed_at_once(store: SqlStore) -> None:
    ids = [stores.asked(store, id=f"pred_{number}").id for number in range(4)]
    held = store.predictions.claim_alike(
        Wanted(store.predictions.get(ids[0]).kind, 64, LEASE_S, clock())
    )
    store.predictions.cancel(ids[1], "ann", clock())
    store.predictions.give_back(held[2])
    claim(store, ids[2])
    store.predictions.finish(held[3], State.SUCCEEDED, clock())
    answers = store.predictions.renew_all(held, LEASE_S)
    assert answers == dict(zip(ids, ("go", "stop", "lost", "lost"), strict=True))
