"""One step back, for any history."""

from hypothesis import given
from hypothesis import strategies as st

from jobs.core.version import earlier

#: what an alias named, oldest first; an alias never moves to what it names already
MOVES = st.lists(st.sampled_from("abcd"), max_size=12).map(
    lambda moves: [one for at, one in enumerate(moves) if at == 0 or moves[at - 1] != one]
)


def back(moves: list[str]) -> str | None:
    return earlier(moves[::-1])


def test_what_was_given_up_is_not_gone_back_to() -> None:
    assert back([]) is None
    assert back(["a"]) is None
    assert back(["a", "b"]) == "a"
    assert back(["a", "b", "a"]) is None
    assert back(["a", "b", "c", "b"]) == "a"
    assert back(["a", "b", "c", "b", "d"]) == "b"
    assert back(["a", "b", "c", "a"]) == "c"


@given(MOVES)
def test_a_step_back_undoes_a_promotion(moves: list[str]) -> None:
    promoted = [*moves, "new"]

    assert back(promoted) == (moves[-1] if moves else None)
    if moves:
        assert back([*promoted, moves[-1]]) == back(moves)


@given(MOVES)
def test_steps_back_come_to_an_end(moves: list[str]) -> None:
    steps = list(moves)
    while (step := back(steps)) is not None:
        assert step != steps[-1]
        steps.append(step)

    # no more steps than there were moves: it never goes round in a circle
    assert len(steps) <= 2 * max(1, len(moves))
