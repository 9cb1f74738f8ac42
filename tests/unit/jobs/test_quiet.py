"""Who looks for deliveries rests while nothing is written, and no longer."""

import threading
import time
from pathlib import Path

import pytest

from jobs import config, processes
from jobs.wiring import Wiring


def test_a_write_wakes_whoever_rests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "QUIET_S", 600.0)
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
    assert time.monotonic() - began >= processes.QUIET_S / 2
    made.store.database.close()


def test_where_several_processes_write_nobody_rests(tmp_path: Path) -> None:
    settings = {"PENSTOCK_DATABASE_URL": f"sqlite:///{tmp_path / 'shared.db'}"}
    made = Wiring(config.load(settings, data=tmp_path))

    assert processes.quiet(made) is bool
    made.store.database.close()
