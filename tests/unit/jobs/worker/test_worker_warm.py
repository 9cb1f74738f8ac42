"""Warm hosts: kept while they are used or wanted, ended when crowded out."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest

from jobs.core.errors import HostLost
from jobs.core.lot import Lot
from jobs.core.version import Version
from jobs.worker.bundles import Bundles
from jobs.worker.respawn import Respawn
from jobs.worker.warm import Warm


class Fake:
    """A host that only knows whether it was ended."""

    schema: ClassVar[dict[str, Any]] = {}
    lot = 1
    busy_s = 0.0
    logs = ""
    pass_rows = found_rows = 0
    at_once = 1

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ended = self.sick = False

    @property
    def alive(self) -> bool:
        return not self.ended

    def run(self, *_: Any, **__: Any) -> Iterator[Lot]:
        yield from ()

    def stream(self, *_: Any, **__: Any) -> None:
        return None

    def fault(self) -> str | None:
        return "no device" if self.sick else None

    def close(self) -> None:
        self.ended = True


class Fakes:
    """Starts them, and remembers them."""

    def __init__(self) -> None:
        self.started: list[Fake] = []

    def start(self, bundle: Path, **_: Any) -> Fake:
        self.started.append(Fake(bundle))
        return self.started[-1]


class Folders(Bundles):
    """Folders out of nothing; each answer remembers what was in use by then."""

    def __init__(self) -> None:
        self.in_use: list[set[str]] = []

    def folder(self, version: Version, in_use: Any = frozenset) -> Path:
        self.in_use.append(set(in_use()))
        return Path(version.id)


@pytest.fixture
def hosts() -> Fakes:
    return Fakes()


@pytest.fixture
def folders() -> Folders:
    return Folders()


@pytest.fixture
def warm(hosts: Fakes, folders: Folders, tmp_path: Path) -> Warm:
    return Warm(hosts, folders, tmp_path, threads=1, setup_timeout_s=60, most=1)


def version(id: str) -> Version:
    return Version(id=id, model="me/x", created_at=datetime(2026, 1, 1, tzinfo=UTC))


def test_a_host_is_started_once(warm: Warm, hosts: Fakes) -> None:
    for _ in range(2):
        with warm.host(version("a")) as host:
            assert host is hosts.started[0]

    assert len(hosts.started) == 1


def test_an_idle_host_is_crowded_out_and_one_in_use_is_not(warm: Warm, hosts: Fakes) -> None:
    with warm.host(version("a")), warm.host(version("b")):
        assert [host.ended for host in hosts.started] == [False, False]
    with warm.host(version("c")):
        assert [host.ended for host in hosts.started] == [True, True, False]


def test_a_host_that_somebody_waits_for_is_not_ended(warm: Warm, hosts: Fakes) -> None:
    got: list[Any] = []

    def wait_for_it() -> None:
        with warm.host(version("a")) as host:
            got.append((host, host.ended))  # type: ignore[attr-defined]

    with warm.host(version("a")):
        thread = threading.Thread(target=wait_for_it)
        thread.start()
        while warm._slots["a"].users < 2:
            pass
    with warm.host(version("b")):
        thread.join(30)

    assert got == [(hosts.started[0], False)]


def test_a_lost_host_is_forgotten(warm: Warm, hosts: Fakes) -> None:
    with pytest.raises(HostLost), warm.host(version("a")):
        raise HostLost("crashed")
    with warm.host(version("a")) as host:
        assert host is hosts.started[1]

    assert hosts.started[0].ended


def test_who_shares_a_host_loses_that_one_and_not_the_next(warm: Warm, hosts: Fakes) -> None:
    with suppress(HostLost), warm.host(version("a"), beside=True) as first:
        first.at_once = 2
        warm._slots["a"].turnstile.share(2)
        with suppress(HostLost), warm.host(version("a"), beside=True) as same:
            assert same is first
            raise HostLost("crashed")
        with warm.host(version("a"), beside=True) as second:
            assert second is hosts.started[1]
        raise HostLost("crashed")
    with warm.host(version("a"), beside=True) as host:
        assert host is hosts.started[1]

    assert [one.ended for one in hosts.started] == [True, False]


def test_folders_of_warm_hosts_are_told_to_be_in_use(warm: Warm, folders: Folders) -> None:
    with warm.host(version("a")), warm.host(version("b")):
        pass
    with warm.host(version("c")):
        pass

    assert folders.in_use == [{"a"}, {"a", "b"}, {"c"}]


def test_all_are_ended_at_the_end(warm: Warm, hosts: Fakes) -> None:
    with warm.host(version("a")), warm.host(version("b")):
        pass
    warm.close()

    assert all(host.ended for host in hosts.started)


def test_what_was_costly_to_set_up_is_preferred_for_a_while(
    warm: Warm, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("jobs.worker.warm.time.monotonic", lambda: now)
    monkeypatch.setattr(warm._hosts, "start", slow(warm, lambda: tick(10.0)))

    def tick(seconds: float) -> None:
        nonlocal now
        now += seconds

    assert warm.preferred() == frozenset()
    with warm.host(version("a")):
        pass
    assert warm.preferred() == {"a"}
    tick(39.0)
    assert warm.preferred() == {"a"}
    tick(2.0)
    assert warm.preferred() == frozenset()
    with warm.host(version("a")):
        pass
    assert warm.preferred() == frozenset(), "nothing was set up"


def slow(warm: Warm, tick: Any) -> Any:
    start = warm._hosts.start

    def started(*arguments: Any, **options: Any) -> Any:
        tick()
        return start(*arguments, **options)

    return started


def test_a_prediction_has_the_host_before_the_rows_that_wait(warm: Warm) -> None:
    got: list[str] = []

    def use(name: str, first: bool) -> None:
        with warm.host(version("a"), first=first):
            got.append(name)

    with warm.host(version("a")):
        threads = []
        for name in ("rows", "prediction"):
            threads.append(threading.Thread(target=use, args=(name, name == "prediction")))
            threads[-1].start()
            while len(warm._slots["a"].turnstile._waiting) < len(threads):
                pass
    for thread in threads:
        thread.join(30)
    assert got == ["prediction", "rows"]


def test_a_model_that_idled_and_is_not_well_is_loaded_again(
    warm: Warm, hosts: Fakes, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("jobs.worker.warm.time.monotonic", lambda: now)
    for sick, idle_s, ended in [(True, 5.0, False), (False, 60.0, False), (True, 60.0, True)]:
        with warm.host(version("a")):
            hosts.started[0].sick = sick
        now += idle_s
        with warm.host(version("a")) as host:
            assert hosts.started[0].ended is ended
            assert host is hosts.started[-1]
    assert len(hosts.started) == 2


def test_a_model_that_keeps_on_dying_stays_down_for_longer_and_longer(
    warm: Warm, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(warm, "_pause", pauses.append)
    monkeypatch.setattr(Respawn.__init__, "__defaults__", (lambda: 1000.0,))  # no time goes by

    def lose(times: int) -> None:
        for _ in range(times):
            with pytest.raises(HostLost), warm.host(version("a")):
                raise HostLost("crashed")

    lose(12)
    assert pauses[:4] == [0.0] * 4, "the first losses are free"
    assert pauses[4:] == pytest.approx([0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0, 2.0])
    with warm.host(version("a")):
        pass
    pauses.clear()
    lose(3)
    assert pauses == [0.0] * 2, "it went well in between; the first had its host still"
