"""Who waits for a prediction hears of it, whoever was first, and of an end whatever comes late."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from jobs.adapters.notices import MOST_ENDED, LocalNotices, NoNotices
from jobs.core.prediction import Prediction, State
from tests.ports import stores
from tests.servers.penstock import until

MOST_S = 60.0


def ended() -> Prediction:
    return stores.a_prediction(state=State.SUCCEEDED, output="done")


def test_who_waits_is_woken() -> None:
    notices, value = LocalNotices(), ended()
    with ThreadPoolExecutor(1) as pool, notices.follow(value.id) as heard:
        waiting = pool.submit(heard, MOST_S)
        until(waiting.running)
        notices.tell(value.id, value)
        assert waiting.result(MOST_S) == value
    assert not notices.is_followed(value.id)


def test_what_ended_before_anybody_listened_is_to_be_looked_up() -> None:
    notices, value = LocalNotices(), ended()
    notices.tell(value.id, value)
    with ThreadPoolExecutor(1) as pool, notices.follow(value.id) as heard:
        waiting = pool.submit(heard, 60 * MOST_S)
        try:
            assert waiting.result(MOST_S) is None  # at once
        finally:
            notices.tell(value.id, value)
        assert heard(MOST_S) == value
    for _ in range(MOST_ENDED):
        notices.tell(stores.a_prediction().id, ended())
    assert len(notices._ended) <= MOST_ENDED


def test_several_changes_are_heard_as_the_last_but_none_overtakes_the_end() -> None:
    notices, value = LocalNotices(), ended()
    parts = [replace(value, state=State.PROCESSING, output=["a"] * n) for n in (1, 2)]
    with notices.follow(value.id) as heard, notices.follow(value.id) as other:
        for part in (*parts, None):
            notices.tell(value.id, part)
        assert heard(MOST_S) == parts[1]
        for told in (value, parts[0], None):
            notices.tell(value.id, told)
        assert heard(MOST_S) == other(MOST_S) == value


def test_without_notices_one_waits_and_looks() -> None:
    notices, value = NoNotices(), ended()
    with notices.follow(value.id) as heard:
        notices.tell(value.id, value)
        assert heard(0.01) is None
    assert not notices.hears_all
