"""Acknowledged first and handled afterwards: nothing that was acknowledged is lost."""

import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, current_app

from tests.servers.process import Server
from webhooks import handoff
from webhooks.answers import TryLater, Unsubscribe
from webhooks.handoff import ATTEMPTS, MOST_S, CeleryHandOff, ThreadHandOff, backoff_s
from webhooks.inbox import SQLiteInbox
from webhooks.keys import new_secret
from webhooks.message import Event, Message
from webhooks.receiver import Receiver
from webhooks.testing import signed_request

SECRET = new_secret()
EVENT = {"type": "batch.completed", "data": {"é": 1}}


def until(condition: Callable[[], object]) -> None:
    """Wait for it, with patience."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[SQLiteInbox]:
    inbox = SQLiteInbox(tmp_path / "inbox.db")
    yield inbox
    inbox.close()


@pytest.fixture
def threads(inbox: SQLiteInbox) -> Iterator[ThreadHandOff]:
    threads = ThreadHandOff(inbox, threads=2)
    yield threads
    threads.stop()


def message(id: str) -> Message:
    return Message(id, 1_700_000_000, b'{"type": "a"}', "main")


# --- the inbox -----------------------------------------------------------------------------------


def test_the_inbox_gives_back_what_was_put_in_in_order(inbox: SQLiteInbox) -> None:
    for id in ("a", "b", "a"):
        inbox.put(message(id))
    first, second = inbox.claim(60), inbox.claim(60)
    assert first is not None
    assert second is not None
    assert (first.message, second.message) == (message("a"), message("b"))
    assert inbox.claim(60) is None
    inbox.done(first)
    inbox.done(second)
    assert inbox.claim(0) is None


def test_what_nobody_settles_comes_again_and_is_counted(inbox: SQLiteInbox) -> None:
    inbox.put(message("a"))
    attempts = []
    for _ in range(3):
        entry = inbox.claim(0)
        assert entry is not None
        attempts.append(entry.attempts)
    assert attempts == [1, 2, 3]


def test_who_lost_an_entry_cannot_delay_it(inbox: SQLiteInbox) -> None:
    inbox.put(message("a"))
    lost = inbox.claim(0)
    held = inbox.claim(0)
    assert lost is not None
    assert held is not None
    inbox.again(lost, 600)
    assert inbox.claim(0) is not None


def test_what_is_dead_is_kept_and_can_be_revived(inbox: SQLiteInbox) -> None:
    inbox.put(message("a"))
    entry = inbox.claim(60)
    assert entry is not None
    inbox.bury(entry)
    assert inbox.claim(0) is None
    assert inbox.dead() == ["a"]
    inbox.revive("a")
    assert inbox.dead() == []
    again = inbox.claim(60)
    assert again is not None
    assert (again.message.id, again.attempts) == ("a", 1)


def test_a_full_inbox_asks_senders_to_wait(tmp_path: Path) -> None:
    inbox = SQLiteInbox(tmp_path / "inbox.db", most=2)
    inbox.put(message("a"))
    inbox.put(message("b"))
    with pytest.raises(TryLater):
        inbox.put(message("c"))
    inbox.close()


# --- threads -------------------------------------------------------------------------------------


def test_threads_handle_what_was_acknowledged(threads: ThreadHandOff) -> None:
    receiver = Receiver([SECRET], hand_off=threads)
    go = threading.Event()
    handled: list[tuple[str, Any, str]] = []

    @receiver.on("*")
    def slow(event: Event[Any]) -> None:
        go.wait(60)
        handled.append((event.id, event.data, current_app.name))

    app = Flask("ours")
    receiver.init_app(app)
    response = app.test_client().post("/webhooks", **signed_request(SECRET, EVENT, id="evt_1"))
    assert (response.status_code, response.json) == (202, {"status": "accepted"})
    assert handled == []
    again = app.test_client().post("/webhooks", **signed_request(SECRET, EVENT, id="evt_1"))
    assert again.json == {"status": "repeated"}
    go.set()
    until(lambda: handled)
    assert handled == [("evt_1", {"é": 1}, "ours")]
    until(lambda: receiver.counts.get("handled"))
    assert receiver.counts == {"handed_off": 1, "repeated": 1, "handled": 1}


def test_a_failed_handler_is_tried_again_by_us(
    threads: ThreadHandOff, inbox: SQLiteInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handoff, "FIRST_S", 0.01)
    tries = []

    def fails_twice(message: Message) -> None:
        tries.append(message.id)
        if len(tries) < 3:
            raise RuntimeError

    threads.connect(Flask(__name__), fails_twice)
    threads.take(message("a"))
    threads.start()
    until(lambda: len(tries) == 3)
    until(lambda: inbox.claim(60) is None)
    assert inbox.dead() == []


@pytest.mark.parametrize("error", [Unsubscribe(), RuntimeError()], ids=["at once", "in the end"])
def test_what_cannot_be_handled_ends_as_a_dead_letter(
    threads: ThreadHandOff,
    inbox: SQLiteInbox,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    monkeypatch.setattr(handoff, "MOST_S", 0.001)
    tries = []

    def fails(message: Message) -> None:
        tries.append(message.id)
        raise error

    threads.connect(Flask(__name__), fails)
    threads.take(message("a"))
    threads.start()
    until(inbox.dead)
    assert len(tries) == (1 if isinstance(error, Unsubscribe) else ATTEMPTS)


def test_a_message_that_kills_its_process_each_time_is_given_up(
    threads: ThreadHandOff, inbox: SQLiteInbox
) -> None:
    inbox.put(message("a"))
    for _ in range(ATTEMPTS):
        inbox.claim(0)  # and then nothing more was heard
    calls: list[Message] = []
    threads.connect(Flask(__name__), calls.append)
    threads.start()
    until(inbox.dead)
    assert calls == []


def test_a_handler_can_ask_for_patience(threads: ThreadHandOff, inbox: SQLiteInbox) -> None:
    tries = []

    def busy(message: Message) -> None:
        tries.append(message.id)
        if len(tries) == 1:
            raise TryLater(0)

    threads.connect(Flask(__name__), busy)
    threads.take(message("a"))
    threads.start()
    until(lambda: len(tries) == 2)


def test_a_full_inbox_answers_429(tmp_path: Path) -> None:
    inbox = SQLiteInbox(tmp_path / "full.db", most=0)
    receiver = Receiver([SECRET], hand_off=ThreadHandOff(inbox, threads=0))
    app = Flask(__name__)
    receiver.init_app(app)
    response = app.test_client().post("/webhooks", **signed_request(SECRET, EVENT))
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    inbox.close()


def test_what_cannot_be_kept_is_not_acknowledged(tmp_path: Path) -> None:
    inbox = SQLiteInbox(tmp_path / "closed.db")
    receiver = Receiver([SECRET], hand_off=ThreadHandOff(inbox, threads=0))
    app = Flask(__name__)
    receiver.init_app(app)
    inbox.close()
    for _ in range(2):  # and its id is not remembered
        response = app.test_client().post("/webhooks", **signed_request(SECRET, EVENT))
        assert response.status_code == 500


def test_waits_grow_to_a_most() -> None:
    waits = [backoff_s(attempts) for attempts in range(1, ATTEMPTS)]
    assert 5 <= waits[0] <= 6
    assert max(waits) <= MOST_S * 1.2
    assert sum(waits) > 3600


DIES = """
    import os, signal, sys, time
    from flask import Flask
    from webhooks.handoff import ThreadHandOff
    from webhooks.inbox import SQLiteInbox
    from webhooks.message import Message

    inbox = SQLiteInbox(sys.argv[1])
    threads = ThreadHandOff(inbox, lease_s=1)

    def handle(message):
        with open("handled", "a") as file:
            file.write(message.id + "\\n")
        if sys.argv[2] == "dies":
            os.kill(os.getpid(), signal.SIGKILL)

    threads.connect(Flask("app"), handle)
    if sys.argv[2] == "dies":
        threads.take(Message("evt_1", 1700000000, b"{}", ""))
    threads.start()
    while inbox.due_in_s() is not None:
        time.sleep(0.05)
"""


def test_a_process_killed_while_it_handles_loses_nothing(tmp_path: Path) -> None:
    program = tmp_path / "app.py"
    program.write_text(textwrap.dedent(DIES))
    ends = []
    for how in ("dies", "lives"):
        words = [sys.executable, str(program), "inbox.db", how]
        ends.append(subprocess.run(words, cwd=tmp_path, check=False, timeout=100).returncode)
    assert ends == [-signal.SIGKILL, 0]
    assert (tmp_path / "handled").read_text() == "evt_1\nevt_1\n"


# --- Celery --------------------------------------------------------------------------------------

TASKS = """
    import os, signal
    from celery import Celery
    from flask import Flask, current_app
    from webhooks import handoff
    from webhooks.handoff import CeleryHandOff
    from webhooks.receiver import Receiver

    handoff.FIRST_S = 0.01
    celery = Celery("ours", broker=os.environ["BROKER"])
    celery.conf.broker_transport_options = {
        "visibility_timeout": 2, "unacked_restore_interval": 1, "unacked_restore_throttle": 1
    }
    receiver = Receiver([os.environ["SECRET"]], hand_off=CeleryHandOff(celery))
    app = Flask("ours")
    receiver.init_app(app)

    @receiver.on("*")
    def handle(event):
        with open("handled", "a", encoding="utf-8") as file:
            file.write(f"{event.id} {event.data} {current_app.name}\\n")
        if event.type == "fails.once" and not os.path.exists("failed"):
            open("failed", "w").close()
            raise RuntimeError
        if event.type == "kills.once" and not os.path.exists("killed"):
            open("killed", "w").close()
            os.kill(os.getpid(), signal.SIGKILL)
"""


def test_celery_handles_what_was_acknowledged(
    tmp_path: Path, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tasks.py").write_text(textwrap.dedent(TASKS))
    here = Path(__file__).parents[3]
    env = {"BROKER": redis_url, "SECRET": SECRET, "PYTHONPATH": f"{here}:{tmp_path}"}
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(handoff, "FIRST_S", handoff.FIRST_S)  # the module below sets it
    from tasks import app  # type: ignore[import-not-found]

    client = app.test_client()
    for id, type in (("evt_1", "fine"), ("evt_2", "fails.once"), ("evt_3", "kills.once")):
        asked = signed_request(SECRET, EVENT | {"type": type}, id=id)
        assert client.post("/webhooks", **asked).status_code == 202
    words = [sys.executable, "-m", "celery", "-A", "tasks:celery", "worker", "--pool=threads"]
    words += ["--concurrency=1", "--without-gossip", "--without-mingle"]
    handled = tmp_path / "handled"

    def lines() -> list[str]:
        return sorted(handled.read_text(encoding="utf-8").splitlines()) if handled.exists() else []

    first = Server(words, tmp_path / "log", cwd=tmp_path)
    until((tmp_path / "killed").exists)
    first.stop()
    second = Server(words, tmp_path / "log", cwd=tmp_path)
    try:
        until(lambda: all(lines().count(f"evt_{n} {{'é': 1}} ours") > 1 for n in (2, 3)))
    finally:
        second.stop()
    assert "evt_1 {'é': 1} ours" in lines()


def test_a_broker_that_is_away_is_not_acknowledged() -> None:
    from celery import Celery

    celery = Celery("away", broker="redis://127.0.0.1:1/0")
    celery.conf.broker_transport_options = {"max_retries": 1, "interval_start": 0}
    receiver = Receiver([SECRET], hand_off=CeleryHandOff(celery))
    app = Flask(__name__)
    receiver.init_app(app)
    for _ in range(2):
        response = app.test_client().post("/webhooks", **signed_request(SECRET, EVENT))
        assert response.status_code == 500
