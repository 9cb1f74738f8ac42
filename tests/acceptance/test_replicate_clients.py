"""Replicate's own clients, as they are, against a server of ours behind TLS: all they can ask."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from tests.servers.endpoint import Endpoint, status
from tests.servers.front import Front
from tests.servers.node import Node
from tests.servers.penstock import ROOT, Penstock, until
from tests.servers.process import Unavailable, lacking

HERE = Path(__file__).parent
OWNER = "local"
#: much more than a walk takes on a busy machine
WALK_S = 240


class World:
    """A server, and its door."""

    def __init__(self, server: Penstock, front: Front) -> None:
        self.server = server
        token = (server.data / "token").read_text().strip()
        trust = str(front.trust)
        self.environment = os.environ | {
            "REPLICATE_BASE_URL": front.url,
            "REPLICATE_API_TOKEN": token,
            "REPLICATE_POLL_INTERVAL": "0.05",
            "SSL_CERT_FILE": trust,
            "NODE_EXTRA_CA_CERTS": trust,
        }


class Walk:
    """A client on its way, and the receiver of its webhooks."""

    def __init__(self, world: World, folder: Path, *argv: str | Path) -> None:
        self._world = world
        self.hook = Endpoint(status(200))
        self._said = folder / "said.txt"
        with self._said.open("wb") as said:
            self._process = subprocess.Popen(
                [*argv, OWNER, self.hook.url],
                cwd=folder,
                env=world.environment,
                stdout=said,
                stderr=said,
            )

    def last_line(self) -> str:
        """What it said last, having come to its end."""
        status = self._process.wait(WALK_S)
        said = self._said.read_text()
        assert status == 0, said
        return said.splitlines()[-1]

    def told(self, count: int) -> list[dict[str, Any]]:
        """So many events that came, each verified by Replicate's client."""
        import replicate  # not for whoever collects tests: it takes long
        from replicate.webhook import WebhookSigningSecret

        until(lambda: len(self.hook.requests) >= count, 60)
        key = self._world.server.call("GET", "/v1/webhooks/default/secret")["key"]
        events = []
        for one in self.hook.requests:
            head, _, body = one.partition(b"\r\n\r\n")
            lines = [line.partition(": ") for line in head.decode().split("\r\n")[1:]]
            headers = {name.lower(): value for name, _, value in lines}
            secret = WebhookSigningSecret(key=key)
            replicate.webhooks.validate(headers=headers, body=body.decode(), secret=secret)
            events.append(json.loads(body))
        return events

    def close(self) -> None:
        """End it, however far it is."""
        self._process.kill()
        self._process.wait()
        self.hook.__exit__(None, None, None)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    server = Penstock(tmp_path_factory.mktemp("replicate"))
    front = Front(server.port, tmp_path_factory.mktemp("front"))
    server.environment["PENSTOCK_PUBLIC_URL"] = front.url
    try:
        server.start()
        for name in ("tale", "copies", "line"):
            server.push(str(ROOT / "tests/models" / name), f"{OWNER}/{name}")
        yield World(server, front)
    finally:
        front.close()
        server.stop()


@pytest.fixture(scope="module")
def walks(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Walk]]:
    """Both at a time; without npm, or without its registry, one of them."""
    folders = [tmp_path_factory.mktemp(name) for name in ("python", "js")]
    under_way = {"python": Walk(world, folders[0], sys.executable, HERE / "replicate_walk.py")}
    try:
        node = Node(folders[1], replicate="1.4.0")
        shutil.copy(HERE / "replicate_walk.js", folders[1])
        under_way["js"] = Walk(world, folders[1], node.path, folders[1] / "replicate_walk.js")
    except Unavailable:
        pass
    yield under_way
    for one in under_way.values():
        one.close()


def test_a_post_that_is_sent_again_after_the_connection_broke_is_one_prediction(
    world: World,
) -> None:
    body = json.dumps({"version": f"{OWNER}/tale", "input": {"text": "o n c e", "pause_s": 0.5}})
    token = (world.server.data / "token").read_text().strip()
    head = ["POST /v1/predictions HTTP/1.1", "Host: x", f"Authorization: Bearer {token}"]
    head += ["Prefer: wait", f"Content-Length: {len(body)}"]
    with socket.create_connection(("127.0.0.1", world.server.port)) as door:
        door.sendall(("\r\n".join(head) + f"\r\n\r\n{body}").encode())
        until(lambda: world.server.call("GET", "/v1/predictions")["results"])

    again = world.server.call("POST", "/v1/predictions", content=body, headers={"Prefer": "wait"})
    meant = world.server.call("POST", "/v1/predictions", content=body)

    assert "".join(again["output"]) == "o n c e"
    results = world.server.call("GET", "/v1/predictions?limit=100")["results"]
    made = [one["id"] for one in results if one["input"].get("text") == "o n c e"]
    assert made == [meant["id"], again["id"]]
    world.server.call("POST", f"/v1/predictions/{meant['id']}/cancel")


def test_the_python_client_finds_all_that_it_asks_for(world: World, walks: dict[str, Walk]) -> None:
    walk = walks["python"]

    assert walk.last_line() == f"walked: {metadata.version('replicate')}"
    start, end, *training = walk.told(4)
    assert [start["type"], end["type"]] == ["prediction.start", "prediction.completed"]
    # as Replicate tells it: the prediction itself
    assert [start["status"], end["status"]] == ["processing", "succeeded"]
    seen = world.server.call("GET", f"/v1/predictions/{end['id']}")
    assert {name: end[name] for name in seen} == seen
    assert [one["type"] for one in training] == ["training.start", "training.completed"]
    assert training[1]["output"]["version"].startswith(training[1]["destination"])


def test_the_js_client_finds_all_that_it_asks_for(walks: dict[str, Walk]) -> None:
    if "js" not in walks:
        lacking("needs node, and npm with a registry")
    walk = walks["js"]

    assert walk.last_line() == "walked: 1.4.0"
    kinds = [one["type"] for one in walk.told(2)]
    assert kinds == ["prediction.completed", "training.completed"]
