"""A prediction's moves, and the times they leave."""

from datetime import UTC, datetime, timedelta

import pytest

from jobs.core.errors import IllegalMove
from jobs.core.prediction import FINISHED, MOVES, Prediction, State

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def a_prediction(state: State = State.STARTING) -> Prediction:
    return Prediction(
        id="pred_1",
        owner="ann",
        model="ann/hello",
        version="a" * 64,
        input={},
        created_at=AT,
        state=state,
    )


@pytest.mark.parametrize("old", list(State))
@pytest.mark.parametrize("new", list(State))
def test_a_prediction_moves_as_its_table_says(old: State, new: State) -> None:
    if new not in MOVES.get(old, frozenset()):
        with pytest.raises(IllegalMove):
            a_prediction(old).to(new, AT)
        return
    moved, move = a_prediction(old).to(new, AT, logs="x")
    assert (moved.state, moved.logs, move.old, move.new) == (new, "x", old, new)


def test_the_table_is_the_one_agreed() -> None:
    assert {state.value for state in State} == {
        "starting", "processing", "succeeded", "failed", "canceled",
    }  # fmt: skip
    assert set(MOVES) | FINISHED == set(State)
    assert not set(MOVES) & FINISHED
    assert State.SUCCEEDED not in MOVES[State.STARTING]


def test_times_are_those_of_the_moves() -> None:
    running, _ = a_prediction().to(State.PROCESSING, AT)
    assert (running.started_at, running.completed_at) == (AT, None)
    later = AT + timedelta(seconds=5)
    ended, _ = running.to(State.SUCCEEDED, later, output="hi")
    assert (ended.started_at, ended.completed_at, ended.output) == (AT, later, "hi")
    never, _ = a_prediction().to(State.CANCELED, later)
    assert (never.started_at, never.completed_at) == (None, later)
