"""Quick predictions that are waited for: run at once, kept with their ends, and lost by nobody."""

import http.client
import json
import os
import signal
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from tests.servers.penstock import ROOT, Penstock, until

MODEL = "ann/quick"
CLIENTS, EACH = 8, 12
#: one that goes on until it is told to stop
FOR_EVER_S = 600.0


@pytest.fixture(scope="module")
def penstock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Penstock]:
    server = Penstock(tmp_path_factory.mktemp("express"))
    server.start()
    try:
        done = server.cli("push", str(ROOT / "tests" / "models" / "quick"), MODEL)
        assert done.returncode == 0, done.stdout + done.stderr
        with Client(server) as client:
            for _ in range(3):  # so that it is known to be quick
                assert client.ask(text="x")["output"] == "x"
        yield server
    finally:
        server.stop()


class Client:
    """One connection that stays open: requests that are alike but for their bodies."""

    def __init__(self, server: Penstock) -> None:
        self._talk = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
        token = (server.data / "token").read_text().strip()
        self._headers = {"Authorization": f"Bearer {token}", "Prefer": "wait"}

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._talk.close()

    def send(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and answer of one request."""
        content = None if body is None else json.dumps(body)
        headers = self._headers | {"Content-Type": "application/json"}
        self._talk.request(method, f"/v1/{path}", content, headers)
        answer = self._talk.getresponse()
        return answer.status, json.loads(answer.read() or b"null")

    def ask(self, **given: Any) -> dict[str, Any]:
        """A prediction, as it was answered."""
        status, told = self.send("POST", "predictions", {"version": MODEL, "input": given})
        assert status == 201, told
        return dict(told)


def kept(server: Penstock, id: str) -> dict[str, Any]:
    """A prediction as anybody else sees it, but for addresses that change by the hour."""
    told = dict(server.call("GET", f"/v1/predictions/{id}"))
    return {name: told[name] for name in told if name != "urls"}


def test_each_of_many_has_its_own_answer_and_log_and_is_kept_as_it_was_told(
    penstock: Penstock,
) -> None:
    def texts(client: int) -> list[str]:
        return ["raise" if n == client else f"{client} of {n}" for n in range(EACH)]

    def run(number: int) -> list[dict[str, Any]]:
        with Client(penstock) as client:
            return [client.ask(text=text, print_too=True) for text in texts(number)]

    with ThreadPoolExecutor(CLIENTS) as pool:
        found = list(pool.map(run, range(CLIENTS)))
    for number, some in enumerate(found):
        for text, told in zip(texts(number), some, strict=True):
            assert told["logs"].startswith(f"said {text}\n")
            assert told["logs"].count("said") == 1
            if text == "raise":
                assert (told["status"], told["error"]) == ("failed", "ValueError: as asked")
            else:
                assert (told["status"], told["output"], told["logs"]) == (
                    *("succeeded", text),
                    f"said {text}\n",
                )
            assert told.items() >= kept(penstock, told["id"]).items()


def test_what_is_told_of_one_is_told_in_order_and_once(penstock: Penstock) -> None:
    place = penstock.call("GET", "/v1/events?limit=1")["cursor"]
    with Client(penstock) as client:
        ids = [client.ask(text=f"n{n}")["id"] for n in range(6)]
    told = penstock.call("GET", f"/v1/events?after={place}&limit=100")["data"]
    for id in ids:
        of = [one for one in told if one["subject"] == id]
        names = [(one["type"], one["sequence"]) for one in of]
        assert names == [("prediction.start", 1), ("prediction.completed", 2)]
        bodies = [json.loads(one["body"])["data"] for one in of]
        assert [one["status"] for one in bodies] == ["processing", "succeeded"]
        assert bodies[1].items() >= kept(penstock, id).items()


def test_one_connection_may_ask_for_other_things_in_between(penstock: Penstock) -> None:
    with Client(penstock) as client:
        for n in range(7):
            assert client.ask(text=str(n) * (n + 1))["output"] == str(n) * (n + 1)
        status, told = client.send(
            "POST", "predictions", {"version": MODEL, "input": {"text": 7, "pause_s": "x"}}
        )
        assert (status, told["status"]) == (422, 422)
        assert client.send("GET", "predictions/nobody")[0] == 404
        assert client.send("POST", "predictions", {"version": "ann/none", "input": {}})[0] == 404
        assert client.ask(text="after")["output"] == "after"


def test_requests_that_come_in_one_piece_or_in_two_are_answered_in_order(
    penstock: Penstock,
) -> None:
    token = (penstock.data / "token").read_text().strip()

    def request(text: str) -> bytes:
        body = json.dumps({"version": MODEL, "input": {"text": text}})
        head = f"POST /v1/predictions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
        head += f"Prefer: wait\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
        return f"{head}\r\n\r\n{body}".encode()

    with socket.create_connection(("127.0.0.1", penstock.port), timeout=120) as talk:
        answers = talk.makefile("rb")

        def answered() -> str:
            assert answers.readline().startswith(b"HTTP/1.1 201 ")
            length = int(http.client.parse_headers(answers)["Content-Length"])
            return str(json.loads(answers.read(length))["output"])

        for n in range(7):  # by then it is heard along with others
            talk.sendall(request(f"n{n}"))
            assert answered() == f"n{n}"
        talk.sendall(request("a") + request("bb") + request("ccc")[:-4])
        assert [answered(), answered()] == ["a", "bb"]
        talk.sendall(request("ccc")[-4:])
        assert answered() == "ccc"


def test_a_death_fails_the_one_that_brought_it(penstock: Penstock) -> None:
    with ThreadPoolExecutor(4) as pool, Client(penstock) as client:
        others = [pool.submit(ask_alone, penstock, f"o{n}") for n in range(4)]
        assert "exit status 7" in client.ask(text="exit")["error"]
        assert [one.result()["output"] for one in others] == [f"o{n}" for n in range(4)]


def ask_alone(server: Penstock, text: str, **given: Any) -> dict[str, Any]:
    """The same over a connection of its own that was heard before."""
    with Client(server) as client:
        for _ in range(6):
            client.ask(text="x")
        return client.ask(text=text, **given)


def test_one_that_takes_long_after_all_is_kept_and_cancelled_and_holds_nobody_up(
    penstock: Penstock,
) -> None:
    with ThreadPoolExecutor(5) as pool:
        slow: Future[Any] = pool.submit(ask_alone, penstock, "slow", pause_s=FOR_EVER_S)

        def found() -> Any:
            newest = penstock.call("GET", "/v1/predictions")["results"]
            return next((one["id"] for one in newest if one["input"]["text"] == "slow"), None)

        id = until(found, 60)
        others = [pool.submit(ask_alone, penstock, f"o{n}") for n in range(4)]
        until(lambda: kept(penstock, id)["status"] == "processing", 60)
        penstock.call("POST", f"/v1/predictions/{id}/cancel")
        assert slow.result()["status"] == "canceled"
        assert {one.result()["status"] for one in others} == {"succeeded"}
    assert kept(penstock, id)["status"] == "canceled"


def test_what_was_answered_is_there_after_a_kill(penstock: Penstock) -> None:
    answered: list[dict[str, Any]] = []

    def run() -> None:
        with Client(penstock) as client:
            try:
                while True:
                    answered.append(client.ask(text=f"n{len(answered)}"))
            except (OSError, http.client.HTTPException):
                return

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    until(lambda: len(answered) > 60, 120)
    assert penstock.process is not None
    os.kill(penstock.process.pid, signal.SIGKILL)
    for thread in threads:
        thread.join()
    penstock.process.wait()
    penstock.start()
    for told in answered[-40:]:
        assert told.items() >= kept(penstock, told["id"]).items()
