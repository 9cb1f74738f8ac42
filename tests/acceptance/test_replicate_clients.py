"""Replicate's own clients, as they are, against a server of ours behind TLS: all they can ask."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import replicate
from replicate.webhook import WebhookSigningSecret

from tests.servers.endpoint import Endpoint, status
from tests.servers.front import Front
from tests.servers.node import Node
from tests.servers.penstock import ROOT, Penstock, until
from tests.servers.process import Unavailable

HERE = Path(__file__).parent
OWNER = "local"
#: much more than a walk takes on a busy machine
WALK_S = 240


class World:
    """A server, its door, and a receiver of webhooks."""

    def __init__(self, server: Penstock, front: Front, hook: Endpoint) -> None:
        self.server = server
        self.hook = hook
        token = (server.data / "token").read_text().strip()
        trust = str(front.trust)
        self.environment = os.environ | {
            "REPLICATE_BASE_URL": front.url,
            "REPLICATE_API_TOKEN": token,
            "REPLICATE_POLL_INTERVAL": "0.05",
            "SSL_CERT_FILE": trust,
            "NODE_EXTRA_CA_CERTS": trust,
        }

    def walk(self, *argv: str | Path, cwd: Path) -> list[str]:
        """What a walk said, having come to its end."""
        done = subprocess.run(
            [*argv, OWNER, self.hook.url],
            cwd=cwd,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=WALK_S,
            check=False,
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr[-3000:]}"
        return done.stdout.splitlines()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    server = Penstock(tmp_path_factory.mktemp("replicate"))
    front = Front(server.port, tmp_path_factory.mktemp("front"))
    server.environment["PENSTOCK_PUBLIC_URL"] = front.url
    try:
        server.start()
        for name in ("tale", "copies"):
            pushed = server.cli("push", str(ROOT / "tests/models" / name), f"{OWNER}/{name}")
            assert pushed.returncode == 0, pushed.stderr
        with Endpoint(status(200)) as hook:
            yield World(server, front, hook)
    finally:
        front.close()
        server.stop()


def told(world: World, count: int) -> list[dict[str, Any]]:
    """So many events that came, each verified by Replicate's client."""
    until(lambda: len(world.hook.requests) >= count, 60)
    secret = WebhookSigningSecret(
        key=world.server.call("GET", "/v1/webhooks/default/secret")["key"]
    )
    events = []
    for one in world.hook.requests[:count]:
        head, _, body = one.partition(b"\r\n\r\n")
        lines = [line.partition(": ") for line in head.decode().split("\r\n")[1:]]
        headers = {name.lower(): value for name, _, value in lines}
        replicate.webhooks.validate(headers=headers, body=body.decode(), secret=secret)
        events.append(json.loads(body))
    del world.hook.requests[:]
    return events


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
    made = [one["id"] for one in world.server.call("GET", "/v1/predictions")["results"]]
    assert made == [meant["id"], again["id"]]
    world.server.call("POST", f"/v1/predictions/{meant['id']}/cancel")


def test_the_python_client_finds_all_that_it_asks_for(world: World) -> None:
    said = world.walk(sys.executable, HERE / "replicate_walk.py", cwd=HERE)

    assert said[-1] == f"walked: {metadata.version('replicate')}"
    assert [one["type"] for one in told(world, 2)] == ["prediction.start", "prediction.completed"]


def test_the_js_client_finds_all_that_it_asks_for(world: World, tmp_path: Path) -> None:
    try:
        node = Node(tmp_path, replicate="1.4.0")
    except Unavailable as reason:  # somebody else's registry
        pytest.skip(str(reason))
    walk = tmp_path / "walk.js"
    walk.write_text((HERE / "replicate_walk.js").read_text())

    said = world.walk(node.path, walk, cwd=tmp_path)

    assert said[-1] == "walked: 1.4.0"
    assert [one["type"] for one in told(world, 1)] == ["prediction.completed"]
