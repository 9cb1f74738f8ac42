"""OpenAI's own client, as it is, against a server of ours: files, batches, webhooks, retries."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.servers.endpoint import Endpoint, resets, status
from tests.servers.node import Node
from tests.servers.penstock import ROOT, Penstock, until
from tests.servers.process import Unavailable, lacking

if TYPE_CHECKING:
    from openai import OpenAI

WALK = Path(__file__).parent / "openai_walk.py"
OWNER = "local"
#: much more than a walk takes on a busy machine
WALK_S = 240
NPM = "6.49.0"
#: the client's types know OpenAI's own endpoints alone
HERE: Any = "/v1/predictions"
ROW = {"custom_id": "a", "url": HERE, "body": {"model": f"{OWNER}/tale", "input": {"text": "x"}}}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Penstock]:
    made = Penstock(tmp_path_factory.mktemp("openai"))
    try:
        made.start()
        made.push(str(ROOT / "tests/models/tale"), f"{OWNER}/tale")
        yield made
    finally:
        made.stop()


def client(server: Penstock, url: str | None = None, **options: Any) -> "OpenAI":
    """One that differs from OpenAI's default by its address and key."""
    from openai import OpenAI  # not for whoever collects tests: it takes long

    token = (server.data / "token").read_text().strip()
    return OpenAI(base_url=f"{url or server.url}/v1", api_key=token, **options)


def told(hook: Endpoint, secret: str) -> list[Any]:
    """The events that came, as the client reads them once it has verified them."""
    from openai import OpenAI

    events = []
    for one in hook.requests:
        head, _, body = one.partition(b"\r\n\r\n")
        lines = [line.partition(": ") for line in head.decode().split("\r\n")[1:]]
        headers = {name.lower(): value for name, _, value in lines}
        unwrap = OpenAI(api_key="none", webhook_secret=secret).webhooks.unwrap
        events.append(unwrap(body, headers))
    return events


def walk(server: Penstock, program: str, script: Path, *more: str) -> list[str]:
    """What a walk said, having come to its end."""
    token = (server.data / "token").read_text().strip()
    walked = subprocess.run(
        [program, script, OWNER, *more],
        env=os.environ | {"OPENAI_BASE_URL": f"{server.url}/v1", "OPENAI_API_KEY": token},
        capture_output=True,
        text=True,
        timeout=WALK_S,
        check=False,
    )
    assert walked.returncode == 0, walked.stdout + walked.stderr
    return walked.stdout.splitlines()


def test_the_python_client_finds_all_that_it_asks_for(server: Penstock) -> None:
    with Endpoint(status(200)) as hook:
        walked = walk(server, sys.executable, WALK, hook.url)
        assert walked[-1] == f"walked: {metadata.version('openai')}"
        until(lambda: hook.requests, 60)
        [event] = told(hook, server.call("GET", "/v1/webhooks/default/secret")["key"])

    assert (event.type, event.object) == ("batch.completed", "event")
    batch = server.call("GET", f"/v1/batches/{event.data.id}")
    assert batch["completed_at"] == event.created_at
    # a pointer, and no more
    assert set(event.to_dict()) == {"id", "object", "type", "created_at", "data"}
    assert event.data.to_dict() == {"id": batch["id"]}


def test_the_npm_client_finds_all_that_it_asks_for(server: Penstock, tmp_path: Path) -> None:
    try:
        node = Node(tmp_path, openai=NPM)
    except Unavailable as reason:
        lacking(reason)
    shutil.copy(WALK.with_suffix(".js"), tmp_path)

    walked = walk(server, node.path, tmp_path / "openai_walk.js")

    assert walked[-1] == f"walked: {NPM}"


def test_an_endpoint_is_told_in_openais_words(server: Penstock) -> None:
    with Endpoint(status(200)) as hook:
        asked = {"url": hook.url, "format": "openai"}
        made = server.call("POST", "/v1/webhooks/endpoints", json=asked)
        row = {"custom_id": "a", "input": {"text": 5}}
        batch = server.submit(f"{OWNER}/tale", [row])
        until(lambda: hook.requests, 60)
        [event] = told(hook, made["secret"])
        server.call("DELETE", f"/v1/webhooks/endpoints/{made['id']}")

    # batch.created is none of OpenAI's
    assert (event.type, event.data.id) == ("batch.failed", batch)


class Losing:
    """Hands requests on to a port; the first answer to each address that is posted to is lost."""

    def __init__(self, port: int) -> None:
        self.lost: list[bytes] = []
        self._port = port

    def __call__(self, connection: socket.socket, request: bytes) -> None:
        asked = re.sub(rb"(?i)\r\nconnection: [^\r]*", b"\r\nConnection: close", request, count=1)
        with socket.create_connection(("127.0.0.1", self._port)) as server:
            server.sendall(asked)
            answer = b"".join(iter(lambda: server.recv(65536), b""))
        line = request.partition(b" HTTP/")[0]
        if line.startswith(b"POST ") and line not in self.lost:
            self.lost.append(line)
            resets()(connection, request)
        else:
            connection.sendall(answer)


def test_what_the_client_sends_again_is_made_once(server: Penstock) -> None:
    losing = Losing(server.port)
    content: Any = {"file": ("again.jsonl", json.dumps(ROW).encode()), "purpose": "batch"}
    with Endpoint(losing) as door:
        asking = client(server, f"http://127.0.0.1:{door.port}")
        file = asking.files.create(**content)
        asked: Any = {"input_file_id": file.id, "endpoint": HERE, "completion_window": "24h"}
        batch = asking.batches.create(**asked)
        asking.close()

    direct = client(server)
    assert losing.lost == [b"POST /v1/files", b"POST /v1/batches"]
    named = [one.id for one in direct.files.list() if one.filename == "again.jsonl"]
    assert named == [file.id]
    batches = [one.id for one in direct.batches.list() if one.input_file_id == file.id]
    assert batches == [batch.id]
    # and what is meant twice is made twice
    assert direct.files.create(**content).id != file.id
    assert direct.batches.create(**asked).id != batch.id
    direct.close()
