"""Who looks for deliveries rests while nothing is written, and no longer."""

import threading
import time
from pathlib import Path

import pytest

from jobs import config, processes
from jobs.wiring import Wiring
from jobs.worker import rest as rest_module
from tests.ports import stores


def test_a_write_wakes_whoever_rests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rest_module, "QUIET_S", 600.0)
    made = Wiring(config.load({}, data=tmp_path))
    rest = processes.quiet(made)
    rest()  # the tables were written
    woken = threading.Event()

    def one() -> None:
        rest()
        woken.set()

    threading.Thread(target=one, daemon=True).start()
    assert not woken.wait(0.2)
    made.tokens.create("a", "ann", [])
    assert woken.wait(60)
    made.store.database.close()


def test_what_others_write_is_seen_all_the_same(tmp_path: Path) -> None:
    made = Wiring(config.load({}, data=tmp_path))
    rest = processes.quiet(made)
    rest()
    began = time.monotonic()
    rest()
    assert time.monotonic() - began >= rest_module.QUIET_S / 2
    made.store.database.close()


def test_where_several_processes_write_to_a_file_nobody_rests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rest_module, "QUIET_S", 600.0)
    settings = {"PENSTOCK_DATABASE_URL": f"sqlite:///{tmp_path / 'shared.db'}"}
    made = Wiring(config.load(settings, data=tmp_path))

    processes.quiet(made)()
    made.store.database.close()


def test_whoever_rests_beside_postgresql_is_called_by_other_processes(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rest_module, "QUIET_S", 600.0)
    with stores.new_database(postgres_url) as url:
        settings = config.load({"PENSTOCK_DATABASE_URL": url}, data=tmp_path)
        ours, theirs = Wiring(settings), Wiring(settings)
        stores.created(theirs.store)
        rest, woken = processes.quiet(ours), threading.Event()
        rest()  # the line is new, which is worth a look

        def one() -> None:
            rest()
            woken.set()

        monkeypatch.setattr(rest, "_awake_until", 0.0)
        threading.Thread(target=one, daemon=True).start()
        assert not woken.wait(0.2)
        stores.created(theirs.store, webhook=stores.HOOK)
        assert woken.wait(60)
        rest._wait.__self__.close()
        for made in (ours, theirs):
            made.store.database.close()
