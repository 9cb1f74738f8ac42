"""A burst of which one takes long after all: nobody else waits for that one."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import pytest

from jobs.core.prediction import Failed, Prediction, Result, State, Succeeded
from jobs.core.version import Version
from jobs.ports import Store
from jobs.wiring import clock
from jobs.worker.burst import SAVE_S, Burst
from jobs.worker.drain import Drain
from jobs.worker.leases import Lease
from jobs.worker.pace import BURST_S, MOST, Paces
from jobs.worker.predict import Predict
from jobs.worker.unwatched import Untold
from tests.ports import stores
from tests.servers.penstock import until


class Kept:
    """What of a store's predictions a burst uses: it notes what it is told."""

    def __init__(self) -> None:
        self.predictions = self
        self.saved: list[list[tuple[str, State]]] = []
        self.given_back: list[str] = []
        self.renewed: list[str] = []

    def finish_all(self, ends: list[Any]) -> list[Prediction | None]:
        self.saved.append([(value.id, state) for value, _, state, _ in ends])
        return [value.to(state, at)[0] for value, at, state, _ in ends]

    def give_back(self, value: Prediction) -> None:
        self.given_back.append(value.id)

    def renew(self, value: Prediction, lease_s: float) -> str:
        self.renewed.append(value.id)
        return "stop"


class Model:
    """The second one takes until it is told to stop."""

    def __init__(self) -> None:
        self.slow = threading.Event()

    def attempt(self, value: Prediction, version: Version, folder: Path, ended: Any) -> Result:
        if value.input["text"] != "slow":
            return Succeeded(b'"fine"')
        self.slow.set()
        until(ended, 60)
        return Failed("canceled", "the prediction was cancelled")


def test_what_has_ended_is_saved_and_what_waits_given_back_once_one_takes_long() -> None:
    texts, state = ("a", "slow", "b", "c"), State.PROCESSING
    values = [stores.a_prediction(input={"text": text}, state=state) for text in texts]
    ids = [value.id for value in values]
    store, model = Kept(), Model()
    burst = Burst(
        cast(Store, store), cast(Predict, model), lambda value: Untold(None), clock, values
    )
    version = Version(id="v", model="ann/m", created_at=clock())
    with (
        ThreadPoolExecutor(1) as pool,
        Lease(burst.renew, burst.give_back, first_s=0.1) as lease,
    ):
        running = pool.submit(burst.run, version, Path("unused"), lease)
        assert model.slow.wait(60)
        running.result(60)
    assert store.saved == [[(ids[0], State.SUCCEEDED)], [(ids[1], State.CANCELED)]]
    assert store.given_back == ids[2:]
    assert store.renewed[0] == ids[1]
    assert burst.left_some


class Ahead(Kept):
    """The same, which has two more to run whenever it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.claimed: list[str] = []

    def go_on(self, ends: Any) -> tuple[list[Prediction | None], list[Prediction]]:
        more = [stores.a_prediction(state=State.PROCESSING) for _ in range(2)]
        self.claimed += [value.id for value in more]
        return self.finish_all(ends), more


class Slowish:
    """Takes long enough for what has ended to be saved while others wait."""

    def attempt(self, value: Prediction, version: Version, folder: Path, ended: Any) -> Result:
        time.sleep(1.1 * SAVE_S)
        return Succeeded(b'"fine"')


def test_the_next_ones_are_claimed_once_with_the_last_ends() -> None:
    values = [stores.a_prediction(state=State.PROCESSING) for _ in range(3)]
    store = Ahead()
    made = (cast(Store, store), cast(Predict, Slowish()), lambda value: Untold(None), clock)
    burst = Burst(*made, values, store.go_on)
    version = Version(id="v", model="ann/m", created_at=clock())
    with Lease(burst.renew, burst.give_back, first_s=60) as lease:
        burst.run(version, Path("unused"), lease)
    assert len(store.saved) == len(values)
    assert [value.id for value in burst.next] == store.claimed
    burst.give_back()
    assert store.given_back == store.claimed


def test_who_is_about_to_end_claims_no_more() -> None:
    drain, store = Drain(), Ahead()
    values = [stores.a_prediction(state=State.PROCESSING)]
    made = (cast(Store, store), cast(Predict, Slowish()), lambda value: Untold(None), clock)
    burst = Burst(*made, values, store.go_on)
    version = Version(id="v", model="ann/m", created_at=clock())
    with Lease(burst.renew, burst.give_back, drain) as lease:
        drain.hurry.set()
        burst.run(version, Path("unused"), lease)
    assert store.given_back + [id for some in store.saved for id, _ in some] == [values[0].id]
    assert not store.claimed


def test_quick_is_what_goes_on_being_quick() -> None:
    paces = Paces()
    assert paces.at_once("v") == 0
    paces.note("v", 0.0001)
    assert paces.at_once("v") == MOST
    paces.note("v", 2 * BURST_S)
    assert paces.at_once("v") == 0
    for _ in range(3):
        paces.note("v", 0.0001)
    assert paces.at_once("v") == 0
    for _ in range(50):
        paces.note("v", 0.0001)
    assert paces.at_once("v") == MOST


@pytest.mark.parametrize("seconds", [0.0, 1e-9])
def test_no_time_at_all_is_time(seconds: float) -> None:
    paces = Paces()
    paces.note("v", seconds)
    assert paces.at_once("v") == MOST
