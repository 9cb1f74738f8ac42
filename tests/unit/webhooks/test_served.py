"""The receiver under real servers: the same answers under each, mounted and behind a proxy."""

import json
import socket
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers.process import Server, free_port
from webhooks.keys import new_secret
from webhooks.testing import signed_request

SECRET = new_secret()
BIN = Path(sys.executable).parent
SERVERS = {
    "development": [sys.executable, "app.py", "{port}"],
    "gunicorn": [BIN / "gunicorn", "-w", "2", "-b", "127.0.0.1:{port}", "app:served"],
    "gunicorn threads": [
        *(BIN / "gunicorn", "-w", "1", "-k", "gthread", "--threads", "4"),
        *("--preload", "-b", "127.0.0.1:{port}", "app:served"),
    ],
    "waitress": [BIN / "waitress-serve", "--listen", "127.0.0.1:{port}", "app:served"],
    "granian": [
        *(BIN / "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
        *("--port", "{port}", "--no-ws", "app:served"),
    ],
}
APP = """
    import json, os, signal, sys
    from flask import Flask
    from werkzeug.middleware.dispatcher import DispatcherMiddleware
    from werkzeug.middleware.proxy_fix import ProxyFix
    from werkzeug.serving import run_simple
    from webhooks.receiver import Receiver
    from webhooks.replay import SQLiteReplay

    app = Flask(__name__)
    receiver = Receiver(
        [os.environ["SECRET"]], replay=SQLiteReplay("seen.db"), lease_s=3, max_body_bytes=100_000
    )
    receiver.init_app(app, "/hook")
    fixed = ProxyFix(app, x_prefix=1)
    served = DispatcherMiddleware(Flask("outer"), {"/mounted": fixed})

    @receiver.on("*")
    def keep(event):
        with open("received.jsonl", "a") as file:
            file.write(json.dumps(event.content) + "\\n")

    @receiver.on("deadly")
    def die(event):
        if not os.path.exists("died"):
            open("died", "w").close()
            os.kill(os.getpid(), signal.SIGKILL)

    if __name__ == "__main__":
        run_simple("127.0.0.1", int(sys.argv[1]), served, threaded=True)
"""


class Served:
    """The application above under one server."""

    def __init__(self, folder: Path, words: list[Any]) -> None:
        self.folder = folder
        self.port = free_port()
        self._words = [str(word).format(port=self.port) for word in words]
        (folder / "app.py").write_text(textwrap.dedent(APP))
        self.start()

    def start(self) -> None:
        here = Path(__file__).parents[3]
        env = {"SECRET": SECRET, "PYTHONPATH": f"{here}:{self.folder}"}
        self._server = Server(self._words, self.folder / "log", env=env, cwd=self.folder)
        self._server.wait_for(self.port, 60)

    def stop(self) -> None:
        self._server.stop()

    def received(self) -> list[str]:
        """The types of the events that were handled."""
        file = self.folder / "received.jsonl"
        lines = file.read_text().splitlines() if file.exists() else []
        return [json.loads(line)["type"] for line in lines]

    def raw(self, request: bytes) -> int | None:
        """The status of the answer to these very bytes; None if the connection just ended."""
        with socket.create_connection(("127.0.0.1", self.port), 30) as connection:
            try:
                connection.sendall(request)
                answer = connection.makefile("rb").readline()
            except ConnectionError:
                return None
        return int(answer.split()[1]) if answer else None

    def post(self, asked: dict[str, Any], *more: bytes, chunked: bool = False) -> int | None:
        """Post what `signed_request` made, and more header lines."""
        body: bytes = asked["data"]
        lines = [
            b"POST /mounted/hook HTTP/1.1",
            b"Host: 127.0.0.1",
            b"Connection: close",
            b"X-Forwarded-Prefix: /elsewhere",
            *(f"{name}: {value}".encode("latin-1") for name, value in asked["headers"].items()),
            *more,
        ]
        if chunked:
            lines.append(b"Transfer-Encoding: chunked")
            half = len(body) // 2
            pieces = [body[:half], body[half:], b""]
            body = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
        else:
            lines.append(b"Content-Length: %d" % len(body))
        return self.raw(b"\r\n".join(lines) + b"\r\n\r\n" + body)


@pytest.fixture(params=SERVERS, scope="module")
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("served"), SERVERS[request.param])
    yield served
    served.stop()


def genuine(id: str, type: str = "batch.completed", **more: Any) -> dict[str, Any]:
    return signed_request(SECRET, {"type": type, **more}, id=id)


def test_genuine_events_come_through_once(served: Served) -> None:
    before = len(served.received())
    assert [served.post(genuine("once")) for _ in range(3)] == [200, 200, 200]
    assert served.post(genuine("chunked"), chunked=True) == 200
    assert served.post(genuine("large", data="x" * 90_000)) == 200
    assert served.post(genuine("spaces") | {}, b"X-Spaces: a  ") == 200
    assert len(served.received()) == before + 4


def test_forged_and_broken_requests_do_not(served: Served) -> None:
    before = len(served.received())
    forged = genuine("forged")
    forged["headers"]["webhook-signature"] = "v1," + "A" * 43 + "="
    assert served.post(forged) == 401
    for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
        lacking = genuine("lacking")
        value = lacking["headers"].pop(name)
        assert served.post(lacking) == 400
        # granian hands the underscore form on, as if it were the header; the others drop it
        assert served.post(lacking, f"{name.replace('-', '_')}: {value}".encode()) in (200, 400)
        doubled = genuine("doubled")
        status = served.post(doubled, f"{name}: {doubled['headers'][name]}".encode())
        assert status == (200 if name == "webhook-signature" else 400)
    assert served.post(genuine("odd") | {"data": b""}) == 401
    assert len(served.received()) <= before + 2


def test_values_keep_no_space_around_them(served: Served) -> None:
    spaced = genuine("spaced")
    spaced["headers"] = {name: f" {value}  " for name, value in spaced["headers"].items()}
    assert served.post(spaced) == 200


@pytest.mark.parametrize("value", [b"\xff\xfe", "é".encode(), b"v1,\xc3\xa9", b"a" * 70_000])
@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_strange_headers_are_the_clients_fault(served: Served, name: str, value: bytes) -> None:
    asked = genuine("strange")
    del asked["headers"][name]
    status = served.post(asked, name.encode() + b": " + value)
    assert status is None or 400 <= status < 500


def test_too_large_a_body_is_refused(served: Served) -> None:
    large = genuine("too-large", data="x" * 200_000)
    for chunked in (False, True):
        # a server may close before it is all sent, and then the answer can be lost on the way
        assert served.post(large, chunked=chunked) in (413, None)
    assert served.post(genuine("after-it")) == 200


def test_a_body_that_breaks_off_is_not_handled(served: Served) -> None:
    before = served.received()
    asked = genuine("broken-off")
    head = [f"{name}: {value}" for name, value in asked["headers"].items()]
    text = "\r\n".join(
        ["POST /mounted/hook HTTP/1.1", "Host: x", *head, "Content-Length: 500", "", ""]
    )
    with socket.create_connection(("127.0.0.1", served.port), 30) as connection:
        connection.sendall(text.encode() + asked["data"])
        connection.shutdown(socket.SHUT_WR)
        connection.makefile("rb").read()
    assert served.received() == before
    assert served.post(asked) == 200


@pytest.mark.parametrize("name", ["gunicorn", "development"])
def test_a_handler_that_is_killed_does_not_swallow_its_event(tmp_path: Path, name: str) -> None:
    served = Served(tmp_path, SERVERS[name])
    deadly = genuine("deadly-1", "deadly")
    assert served.post(deadly) is None
    if name == "development":  # nobody starts another worker
        served.stop()
        served.start()
    statuses = []
    while 200 not in statuses:
        statuses.append(served.post(deadly))
        time.sleep(0.2)
    assert set(statuses) <= {200, 409}
    assert served.received() == ["deadly", "deadly"]  # the first half was done twice
    assert served.post(deadly) == 200
    assert served.received() == ["deadly", "deadly"]
    served.stop()
