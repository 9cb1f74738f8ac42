"""`penstock webhooks listen`: events on a machine that the server cannot reach."""

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from jobs.cli import main
from tests.servers.endpoint import Endpoint, status
from tests.servers.penstock import BIN, Penstock, Received, free_port, until
from webhooks import new_secret


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Penstock]:
    started = Penstock(tmp_path_factory.mktemp("listen"))
    started.start()
    started.push("hello", "demo/hello")
    yield started
    started.stop()


class Listener:
    """A `penstock webhooks listen` that runs, and what it has printed."""

    def __init__(self, server: Penstock, folder: Path, words: tuple[str, ...]) -> None:
        self.said, self.noted = folder / "listen.out", folder / "listen.err"
        command = [BIN / "penstock", "webhooks", "listen", *words]
        environment = server.environment | {"PENSTOCK_WEBHOOK_SECRET": ""}
        with self.said.open("wb") as said, self.noted.open("wb") as noted:
            self.process = subprocess.Popen(command, env=environment, stdout=said, stderr=noted)
        until(lambda: "listening to" in self.noted.read_text())

    def lines(self) -> list[str]:
        return self.said.read_text().splitlines()

    def told(self) -> list[dict[str, Any]]:
        """With --json: each line."""
        return [json.loads(line) for line in self.lines()]

    def end(self) -> str:
        """As from the keyboard; the last line it noted."""
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(30) == 130
        return self.noted.read_text().splitlines()[-1]


@contextmanager
def listening(server: Penstock, folder: Path, *words: str) -> Iterator[Listener]:
    listener = Listener(server, folder, words)
    try:
        yield listener
    finally:
        listener.process.kill()
        listener.process.wait()


def secret_of(server: Penstock) -> str:
    key: str = server.call("GET", "/v1/webhooks/default/secret")["key"]
    return key


def types_of(received: Received, batch: str) -> list[str]:
    return [one["type"] for one in received.events() if one["data"]["id"] == batch]


def completed(received: Received, batch: str) -> list[str] | None:
    types = types_of(received, batch)
    return types if types[-1:] == ["batch.completed"] else None


WHOLE = ["batch.created", "batch.in_progress", "batch.completed"]
ROWS = [{"custom_id": "a", "input": {"text": "x"}}]


def test_an_app_here_receives_what_the_server_could_not_bring(
    server: Penstock, tmp_path: Path
) -> None:
    received = Received(tmp_path, secret_of(server))
    try:
        with listening(server, tmp_path, "--forward", received.url) as listener:
            id = server.submit("demo/hello", ROWS)  # no webhook is asked for
            assert until(lambda: completed(received, id), 60) == WHOLE
            until(lambda: len(listener.lines()) >= 3)
            listener.end()
    finally:
        received.stop()
    for line, type in zip(listener.lines(), WHOLE, strict=True):
        assert f"  {type}  {id}  evt_" in line
        assert "  200 in " in line


def test_nothing_is_lost_while_the_app_or_the_server_is_away(
    server: Penstock, tmp_path: Path
) -> None:
    port = free_port()
    words = ("--forward", f"http://127.0.0.1:{port}/hook", "--events", "batch.*")
    with listening(server, tmp_path, *words) as listener:
        first = server.submit("demo/hello", ROWS)
        until(lambda: "nobody listens there; waiting for it" in listener.said.read_text())
        received = Received(tmp_path, secret_of(server), port=port)
        try:
            assert until(lambda: completed(received, first), 60) == WHOLE
            server.kill()
            until(lambda: "waiting for it" in listener.noted.read_text(), 60)
            server.start()
            second = server.submit("demo/hello", ROWS)
            assert until(lambda: completed(received, second), 60) == WHOLE
            assert "the server answers again" in listener.noted.read_text()
        finally:
            received.stop()


def test_what_an_app_does_not_take_is_sent_again_and_given_up(
    server: Penstock, tmp_path: Path
) -> None:
    key = new_secret()
    with Endpoint(status(500)) as app:
        words = ("--forward", app.url, "--events", "batch.created", "--json", "--secret", key)
        with listening(server, tmp_path, *words) as listener:
            id = server.submit("demo/hello", ROWS)
            until(lambda: len(listener.told()) == 3, 60)
            last = listener.end()
    told = listener.told()
    assert [one["state"] for one in told] == ["again", "again", "given_up"]
    assert {one["status"] for one in told} == {500}
    assert {(one["type"], one["subject"]) for one in told} == {("batch.created", id)}
    assert len(app.requests) == 3
    assert all(told[0]["id"].encode() in request for request in app.requests)
    assert last == f"to go on from here: penstock webhooks listen --after {told[0]['cursor']}"
    for text in (key, key.removeprefix("whsec_"), "v1,"):
        assert text not in listener.said.read_text() + listener.noted.read_text()


def test_an_app_that_is_gone_for_good_gets_an_event_once(server: Penstock, tmp_path: Path) -> None:
    with Endpoint(status(410)) as app:
        words = ("--forward", app.url, "--events", "batch.created", "--json")
        with listening(server, tmp_path, *words) as listener:
            server.submit("demo/hello", ROWS)
            [told] = until(listener.told)
    assert (told["status"], told["state"]) == (410, "given_up")


def test_a_wrong_secret_is_seen_at_once(server: Penstock, tmp_path: Path) -> None:
    received = Received(tmp_path, new_secret())
    try:
        words = ("--forward", received.url, "--events", "batch.created")
        with listening(server, tmp_path, *words) as listener:
            server.submit("demo/hello", ROWS)
            until(lambda: "  401 in " in listener.said.read_text())
            until(lambda: "does the app verify with the secret" in listener.noted.read_text())
    finally:
        received.stop()


def test_without_an_app_events_are_printed_and_one_goes_on_where_one_stopped(
    server: Penstock, tmp_path: Path
) -> None:
    id = server.submit("demo/hello", ROWS)
    server.ended(id)
    with listening(server, tmp_path, "--since", "1h", "--json", "--events", "*.created") as first:
        until(lambda: any(one["subject"] == id for one in first.told()))
        cursor = first.end().split()[-1]
    body = json.loads(next(one["body"] for one in first.told() if one["subject"] == id))
    assert (body["type"], body["data"]["id"]) == ("batch.created", id)
    assert "status" not in first.told()[-1]
    other = server.submit("demo/hello", ROWS)
    with listening(server, tmp_path, "--after", cursor, "--json") as second:
        until(lambda: any(one["type"] == "batch.completed" for one in second.told()), 60)
    told = [one for one in second.told() if one["subject"] == other]
    assert [one["type"] for one in told] == WHOLE


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--forward", "localhost:5000/hook"), "such as http://localhost:5000/hook"),
        (("--forward", "http://local host:5000/"), "such as http://localhost:5000/hook"),
        (("--forward", "http://localhost:99999/"), "such as http://localhost:5000/hook"),
        (("--forward", "http://"), "such as http://localhost:5000/hook"),
        (("--events", "batch.compleated"), "they are: batch.cancelled, "),
        (("--since", "yesterday"), "such as 30s, 10m, 2h or 1d"),
        (("--since", "1h", "--after", "x"), "one of --since and --after"),
        (("--after", "x"), "this is no cursor"),
        (
            ("--forward", "http://localhost:5000", "--secret", "hunter2hunter2"),
            "begins with whsec_",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_way_out(
    server: Penstock, words: tuple[str, ...], says: str
) -> None:
    env = {"PENSTOCK_URL": server.url, "PENSTOCK_DATA": str(server.data)}
    done = CliRunner().invoke(main, ["webhooks", "listen", *words], env=env)
    assert done.exit_code in (1, 2)
    assert says in done.stderr.replace("\n", " ")
    assert "hunter2" not in done.output


def test_without_a_server_it_does_not_wait() -> None:
    env = {"PENSTOCK_URL": f"http://127.0.0.1:{free_port()}", "PENSTOCK_TOKEN": "x"}
    done = CliRunner().invoke(main, ["webhooks", "listen"], env=env)
    assert done.exit_code == 2
    assert "start it with `penstock up`" in done.stderr
