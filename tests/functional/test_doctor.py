"""The doctor on a set-up that is fit to run, and on one with every fault that it knows."""

import json
import os
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from click.testing import CliRunner
from cryptography.fernet import Fernet
from kombu import Connection

from jobs import config
from jobs.adapters.seal import keys_of
from jobs.cli import main
from jobs.core.endpoint import Reason
from jobs.doctor import examine, parts, safety
from jobs.wiring import Wiring, clock
from tests.ports.stores import an_endpoint, new_database
from tests.servers.penstock import BIN

GPUS = "0, GPU-a, Pretend, 80000 MiB, Exclusive_Process\n1, GPU-b, Pretend, 80000 MiB, Default\n"


@pytest.fixture(scope="module")
def database(postgres_url: str) -> Iterator[str]:
    with new_database(postgres_url) as url:
        yield url


def findings(folder: Path, **settings: str) -> tuple[int, dict[str, tuple[str, str]]]:
    """The exit status of `penstock doctor`, and state and message by check."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PENSTOCK_")}
    environment = clean | {"PENSTOCK_DATA": str(folder)} | settings
    done = subprocess.run(
        [BIN / "penstock", "doctor", "--json"],
        env=environment, capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    told = json.loads(done.stdout)
    return done.returncode, {one["check"]: (one["state"], one["message"]) for one in told}


def test_at_home_all_is_well(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("http://127.0.0.1:8999\n")  # as `penstock up --port 8999` does
    status, found = findings(tmp_path)
    assert status == 0
    assert found["reach"] == ("ok", "http://127.0.0.1:8999")
    assert {state for state, _ in found.values()} <= {"ok", "warn"}, found
    assert found["processes"] == ("ok", "one, `penstock up`")


def test_every_unsafe_setting_is_named(tmp_path: Path, database: str, redis_url: str) -> None:
    tool = tmp_path / "bin" / "nvidia-smi"
    tool.parent.mkdir()
    tool.write_text(f"#!/bin/sh\ncat <<EOF\n{GPUS}EOF\n")
    tool.chmod(0o755)
    status, found = findings(
        tmp_path / "data",
        PATH=f"{tool.parent}:{os.environ['PATH']}",
        PENSTOCK_DATABASE_URL=database,  # the tests' server does not sync
        PENSTOCK_BROKER_URL=redis_url,
        PENSTOCK_BROKER_OPTIONS='{"visibility_timeout": 20, "unacked_restore_throttle": 10}',
        PENSTOCK_PUBLIC_URL="http://0.0.0.0:8471",
        PENSTOCK_ALLOW_NETWORKS="10.0.0.0/8,0.0.0.0/0",
        PENSTOCK_DRAIN_S="120",
        PENSTOCK_METRIC_PORT="9464",
    )
    expected = {
        "settings": ("warn", ["PENSTOCK_METRIC_PORT", "did you mean PENSTOCK_METRICS_PORT?"]),
        "processes": ("warn", ["data folder", "PENSTOCK_SECRET_KEYS"]),
        "durability": ("fail", ["fsync is off", "synchronous_commit is off"]),
        "broker": ("warn", ["no worker answers"]),
        "messages": ("warn", ["visibility_timeout is 20 s", "unacked_restore_throttle is 10"]),
        "reach": ("fail", ["PENSTOCK_PUBLIC_URL", "0.0.0.0/0", "metadata service"]),
        "ending": ("warn", ["128 s", "PENSTOCK_DRAIN_S"]),
        "watching": ("warn", ["PENSTOCK_METRICS_PORT"]),
        "gpu": ("fail", ["GPU 0 takes one process only", "--compute-mode=DEFAULT"]),
    }
    assert status == 1
    for check, (state, words) in expected.items():
        assert found[check][0] == state, (check, found[check])
        for word in words:
            assert word in found[check][1], (check, found[check])
    assert "10.0.0.0/8" not in found["reach"][1]


def test_several_processes_on_one_sqlite_file(tmp_path: Path) -> None:
    made = Wiring(config.load({"PENSTOCK_BROKER_URL": "redis://127.0.0.1:9/0"}, data=tmp_path))
    state, message = safety.processes(made)
    assert state == "fail"
    assert "PENSTOCK_DATABASE_URL" in message


def test_a_broker_that_is_not_there(tmp_path: Path, database: str) -> None:
    keys = Fernet.generate_key().decode()
    found = examined(
        tmp_path,
        PENSTOCK_DATABASE_URL=database,
        PENSTOCK_BROKER_URL="redis://127.0.0.1:9/0",
        PENSTOCK_SECRET_KEYS=keys,
    )
    assert found["broker"][0] == "fail"
    assert found["hardware"] == ("fail", "not tried: see broker")
    assert keys not in str(found)


def test_workers_are_asked_once(tmp_path: Path, database: str, redis_url: str) -> None:
    """Where nobody answers each asking takes two seconds."""
    settings = {"PENSTOCK_DATABASE_URL": database, "PENSTOCK_BROKER_URL": redis_url}
    made = Wiring(config.load(settings, data=tmp_path))
    with redis.Redis.from_url(redis_url) as listener, listener.pubsub() as heard:
        heard.psubscribe("*.pidbox")
        assert parts.broker_reached(made)[0] == "warn"
        assert parts.hardware(made) == ("ok", "workers serve what asks for none")
        told = [one["type"] for one in iter(lambda: heard.get_message(timeout=0.2), None)]
    assert told == ["psubscribe", "pmessage"]
    made.store.database.close()


def test_a_queue_of_another_kind(tmp_path: Path, database: str, rabbitmq_url: str) -> None:
    settings = {"PENSTOCK_DATABASE_URL": database, "PENSTOCK_BROKER_URL": rabbitmq_url}
    made = Wiring(config.load(settings, data=tmp_path))
    assert safety.messages(made)[0] == "ok"
    with Connection(rabbitmq_url) as connection:
        channel = connection.default_channel
        channel.queue_delete("penstock")
        channel.queue_declare("penstock", durable=True, auto_delete=False)
        try:
            state, message = safety.messages(made)
        finally:
            channel.queue_delete("penstock")
    assert state == "fail"
    assert "delete it" in message


def test_a_clock_that_runs_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Wiring(config.load({}, data=tmp_path))
    assert parts.database(made)[0] == "ok"
    monkeypatch.setattr(parts, "clock", lambda: clock() - timedelta(seconds=60))
    state, message = parts.database(made)
    assert state == "warn"
    assert "60 s off" in message
    assert "NTP" in message
    made.store.database.close()


def test_endpoints_that_fail_are_told(tmp_path: Path) -> None:
    made = Wiring(config.load({}, data=tmp_path))
    assert safety.endpoints(made) == ("ok", "none")
    one, other = (an_endpoint(made.store) for _ in range(2))
    assert safety.endpoints(made) == ("ok", "2 well")
    made.store.endpoints.failed(one.id, 1)
    made.store.endpoints.disable(other.id, "ann", Reason.GONE, clock())
    state, message = safety.endpoints(made)
    assert state == "warn"
    assert "1 failing, 1 disabled" in message
    assert "endpoints list" in message
    made.store.database.close()


def test_the_key_is_tried_on_what_it_sealed(tmp_path: Path) -> None:
    made = Wiring(config.load({}, data=tmp_path))
    assert parts.secret_key(made) == ("ok", "none yet; `penstock up` makes one")
    assert not (tmp_path / "secret.key").exists()
    made.webhooks.secret("ann")
    made.webhooks.check_keys()
    made.store.database.close()
    key = (tmp_path / "secret.key").read_text()
    assert tried(tmp_path) == ("ok", f"{tmp_path}/secret.key, for this user only; {BACK_UP}")
    assert tried(tmp_path / "elsewhere", **of(tmp_path, key))[0] == "ok"

    (tmp_path / "secret.key").write_text(Fernet.generate_key().decode())
    assert "sealed with another key than there is in" in refused(tmp_path)
    (tmp_path / "secret.key").write_bytes(b"\xff junk")
    assert f"{tmp_path}/secret.key holds what is no key" in refused(tmp_path)
    (tmp_path / "secret.key").unlink()
    assert f"{tmp_path}/secret.key is not there" in refused(tmp_path)
    assert not (tmp_path / "secret.key").exists()
    other = of(tmp_path, Fernet.generate_key().decode())
    state, message = tried(tmp_path / "elsewhere", **other)
    assert (state, "PENSTOCK_SECRET_KEYS: give every" in message) == ("fail", True)


def test_two_that_begin_together_have_one_key(tmp_path: Path) -> None:
    def made_meanwhile() -> bool:
        (tmp_path / "secret.key").write_text("theirs")
        return True

    assert keys_of(tmp_path, (), made_meanwhile) == (("theirs",), f"{tmp_path}/secret.key")


BACK_UP = "back it up with the database"


def of(folder: Path, key: str) -> dict[str, str]:
    """The settings of a process that has the database and the key, and not the folder."""
    url = f"sqlite:///{folder / 'penstock.db'}"
    return {"PENSTOCK_DATABASE_URL": url, "PENSTOCK_SECRET_KEYS": key}


def tried(folder: Path, **settings: str) -> tuple[str, str]:
    """What the doctor says of the key."""
    return examined(folder, **settings)["secret key"]


def refused(folder: Path) -> str:
    """What `penstock up` says instead of starting; the doctor says the same."""
    done = CliRunner().invoke(main, ["up", "--data", str(folder)])
    assert done.exit_code == 2
    state, message = tried(folder)
    assert (state, f"Error: {message}\n") == ("fail", done.stderr)
    return message


def test_where_nothing_is_yet_all_is_tried_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    for folder in (tmp_path / "new" / "data", tmp_path / "there"):
        found = examined(folder)
        assert {state for state, _ in found.values()} <= {"ok", "warn"}, found
        assert found["data folder"][1].startswith(f"{folder}, ")
        assert found["objects"][1].startswith(f"{folder}/objects: write, read")
    assert list(tmp_path.iterdir()) == [tmp_path / "there"]
    assert list((tmp_path / "there").iterdir()) == []


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no /proc, where nobody may write")
def test_a_place_that_cannot_be_written_is_told_without_numbers() -> None:
    for folder, told in (
        (Path("/proc/data"), "/proc/data: No such file or directory"),
        (Path("/proc/self"), "/proc/self cannot be written: No such file or directory"),
    ):
        found = examined(folder)
        assert found["data folder"] == ("fail", told)
        assert found["database"][0] == found["objects"][0] == "fail"
        assert "Errno" not in str(found)


def examined(folder: Path, **settings: str) -> dict[str, tuple[str, str]]:
    made = Wiring(config.load(settings, data=folder))
    found = {one.check: (one.state, one.message) for one in examine(made)}
    if "store" in vars(made):
        made.store.database.close()
    return found
