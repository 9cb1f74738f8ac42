"""Ids."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from jobs.core import ids
from jobs.core.ids import earliest_id, new_id

AT = datetime(2030, 1, 31, 12, tzinfo=UTC)


def test_ids_of_one_millisecond_sort_as_they_were_made() -> None:
    made = [new_id("batch", AT) for _ in range(1000)]
    assert made == sorted(set(made))
    assert earliest_id("batch", AT) < made[0]
    assert made[-1] < earliest_id("batch", AT + timedelta(milliseconds=1))


def test_ids_of_other_milliseconds_between_them_change_no_order() -> None:
    made = []
    for at in range(1000):
        made.append(new_id("batch", AT))
        new_id("evt", AT + timedelta(milliseconds=at % 9 - 4))
    assert made == sorted(made)


def test_none_is_made_twice_by_threads() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: new_id("batch", AT), range(4000)))
    assert len(set(made)) == 4000


def test_they_have_a_length_and_cannot_be_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = new_id("pred", AT), new_id("pred", AT)
    assert len(first) == len("pred_") + 32
    assert int(second[-20:], 16) - int(first[-20:], 16) > 1
    # where there is no room above the last one, order is lost and nothing else
    monkeypatch.setitem(ids._tails._last, int(AT.timestamp() * 1000), 2**80 - 1)
    assert len(new_id("pred", AT)) == len(first)
