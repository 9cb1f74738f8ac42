"""A batch's moves and counts, and how its rows are cut into shards, split and covered."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.core.batch import (
    FINISHED,
    LAST_SHARD_ROWS,
    LEAST_SHARD_S,
    MAX_SHARD_ROWS,
    MOVES,
    PILOT_ROWS,
    TARGET_SHARD_S,
    WHOLE_BATCH_S,
    Batch,
    Counts,
    Shard,
    State,
    covers,
    halves,
    rest,
    shard_rows,
)
from jobs.core.errors import IllegalMove

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def a_batch(state: State = State.VALIDATING) -> Batch:
    return Batch(
        id="batch_1",
        owner="ann",
        model="ann/hello",
        version="a" * 64,
        created_at=AT,
        expires_at=AT + timedelta(hours=24),
        state=state,
    )


# --- moves ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("old", list(State))
@pytest.mark.parametrize("new", list(State))
def test_a_batch_moves_as_its_table_says(old: State, new: State) -> None:
    batch = a_batch(old)
    if new not in MOVES.get(old, frozenset()):
        with pytest.raises(IllegalMove, match=f"is {old} and cannot become {new}"):
            batch.to(new, AT)
        return
    moved, move = batch.to(new, AT, stop="cancelled")
    assert (moved.state, moved.stop, moved.times) == (new, "cancelled", {new: AT.timestamp()})
    assert (move.id, move.old, move.new, move.at) == ("batch_1", old, new, AT)
    assert batch.state is old


def test_the_table_is_the_one_agreed() -> None:
    """OpenAI's states: nothing leaves an end, and results are written before any end but failure.

    What never ran a row has no results: it goes from validating to its end.
    """
    assert set(MOVES) | FINISHED == set(State)
    assert not set(MOVES) & FINISHED
    assert MOVES[State.IN_PROGRESS] == {State.FINALIZING, State.CANCELLING}
    assert MOVES[State.CANCELLING] == {State.FINALIZING}
    assert MOVES[State.FINALIZING] == FINISHED
    assert MOVES[State.VALIDATING] == {State.IN_PROGRESS, *(FINISHED - {State.COMPLETED})}


def test_times_are_kept_one_per_state() -> None:
    batch, _ = a_batch().to(State.IN_PROGRESS, AT)
    batch, _ = batch.to(State.FINALIZING, AT + timedelta(seconds=9))
    assert batch.times == {
        "in_progress": AT.timestamp(),
        "finalizing": AT.timestamp() + 9,
    }


@given(st.lists(st.integers(0, 10**9), min_size=5, max_size=5))
def test_counts_sum_to_the_total(numbers: list[int]) -> None:
    completed, failed, cancelled, expired, pending = numbers
    counts = Counts(sum(numbers), completed, failed, cancelled, expired)
    assert counts.pending == pending


# --- cutting --------------------------------------------------------------------------------------

rows = st.integers(1, 10**7)
paces = st.floats(1e-9, 1e6)


def test_the_first_shard_is_a_pilot() -> None:
    assert shard_rows(10**6, None) == PILOT_ROWS
    assert shard_rows(7, None) == 7


@given(rows, paces)
def test_a_shard_has_rows_that_are_there_and_takes_about_the_target(left: int, pace: float) -> None:
    count = shard_rows(left, pace)
    assert 1 <= count <= min(left, MAX_SHARD_ROWS)
    assert count == 1 or count * pace <= TARGET_SHARD_S
    # and not much less, unless that is all there is
    least_s = min(LEAST_SHARD_S, LAST_SHARD_ROWS * pace)
    wanted_s = min(TARGET_SHARD_S, max(least_s, left * pace / 2))
    assert count in (left, MAX_SHARD_ROWS) or (count + 1) * pace > wanted_s * 0.999
    assert count <= max((left + 1) // 2, least_s / pace)


def test_the_last_shards_are_small() -> None:
    left, cut = 1_000_000, list[int]()
    while left:
        cut.append(shard_rows(left, 1e-6))
        left -= cut[-1]
    assert cut[0] == MAX_SHARD_ROWS
    assert cut == sorted(cut, reverse=True)
    assert cut[-1] <= LAST_SHARD_ROWS
    assert len(cut) <= 1_000_000 / MAX_SHARD_ROWS + 4


@given(rows, paces)
def test_a_batch_that_costs_little_is_one_shard(left: int, pace: float) -> None:
    count = shard_rows(left, pace, is_first=True)
    if left * max(pace, 1e-6) <= WHOLE_BATCH_S:
        assert count == left
    else:
        assert count == shard_rows(left, pace)


def test_a_pace_of_zero_is_no_division_by_zero() -> None:
    assert shard_rows(10**6, 0.0) == MAX_SHARD_ROWS


@given(st.integers(0, 10**9), st.integers(2, 10**6), st.integers(0, 50))
def test_halves_are_the_same_rows_to_be_tried_anew(first: int, count: int, token: int) -> None:
    whole = Shard(batch="b", first=first, rows=count, losses=3, attempts=2, lease_token=token)
    head, tail = halves(whole)
    assert head.first == first
    assert covers([(head.first - first, head.rows), (tail.first - first, tail.rows)], count)
    assert abs(head.rows - tail.rows) <= 1
    for part in (head, tail):
        assert (part.batch, part.losses, part.attempts, part.rows > 0) == ("b", 0, 0, True)
    # the head lies under the key of the whole, so that its token must go on from there
    assert (head.lease_token, tail.lease_token) == (token, 0)


@pytest.mark.parametrize(("done", "losses"), [(3, 2), (9, 0)])
def test_a_row_is_not_given_up_for_what_happened_in_company(done: int, losses: int) -> None:
    whole = Shard(batch="b", first=20, rows=10, losses=2, attempts=1, lease_token=4)
    left = rest(whole, done)
    assert (left.first, left.rows, left.losses, left.attempts) == (20 + done, 10 - done, losses, 1)


# --- covering -------------------------------------------------------------------------------------


@st.composite
def partitions(draw: st.DrawFn) -> tuple[list[tuple[int, int]], int]:
    sizes = draw(st.lists(st.integers(1, 100), max_size=20))
    spans, at = [], 0
    for size in sizes:
        spans.append((at, size))
        at += size
    return draw(st.permutations(spans)), at


@given(partitions())
def test_a_partition_in_any_order_covers(made: tuple[list[tuple[int, int]], int]) -> None:
    spans, total = made
    assert covers(spans, total)
    assert not covers(spans, total + 1)
    assert total == 0 or not covers(spans, total - 1)


@given(partitions(), st.data())
def test_a_span_missing_doubled_moved_or_resized_does_not(
    made: tuple[list[tuple[int, int]], int], data: st.DataObject
) -> None:
    spans, total = made
    if not spans:
        return
    at = data.draw(st.integers(0, len(spans) - 1))
    first, count = spans[at]
    shift = data.draw(st.integers(-count, count).filter(bool))
    for changed in ([], [(first, count)] * 2, [(first + shift, count)], [(first, count + shift)]):
        assert not covers(spans[:at] + changed + spans[at + 1 :], total)
