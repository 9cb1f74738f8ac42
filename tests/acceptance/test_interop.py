"""Others' libraries verify what our server delivers, and our receiver takes what they sign."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import httpx
import pytest

from tests.servers.endpoint import Endpoint, status
from tests.servers.node import Node
from tests.servers.penstock import Penstock, Received, until
from tests.servers.process import Unavailable, lacking
from webhooks import new_secret

NPM = {"standardwebhooks": "1.1.1", "svix": "1.99.1", "replicate": "1.4.0"}
VERIFY = """
const {Webhook: Standard} = require("standardwebhooks");
const {Webhook: Svix} = require("svix");
const {validateWebhook} = require("replicate");
const {headers, body, secret} = given;
const says = (verify) => { try { verify(); return true; } catch (error) { return false; } };
(async () => console.log(JSON.stringify({
    standardwebhooks: says(() => new Standard(secret).verify(body, headers)),
    svix: says(() => new Svix(secret).verify(body, headers)),
    replicate: await validateWebhook({
        id: headers["webhook-id"], timestamp: headers["webhook-timestamp"],
        signature: headers["webhook-signature"], body, secret,
    }),
})))();
"""
SIGN = """
const {Webhook} = require(given.package);
const at = new Date();
console.log(JSON.stringify({
    "webhook-id": given.id,
    "webhook-timestamp": String(Math.floor(at / 1000)),
    "webhook-signature": new Webhook(given.secret).sign(given.id, at, given.body),
}));
"""


@dataclass(frozen=True)
class Delivered:
    """One delivery of ours as it came."""

    secret: str
    headers: dict[str, str]
    body: bytes

    def forged(self) -> "Delivered":
        """The same with one letter of its body changed."""
        return Delivered(self.secret, self.headers, self.body.replace(b"batch.", b"botch.", 1))


def parted(request: bytes) -> tuple[dict[str, str], bytes]:
    head, _, body = request.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")[1:]
    return {
        name.lower(): value.strip() for name, _, value in (o.partition(":") for o in lines)
    }, body


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Delivered]]:
    """Every delivery about one batch, made by a real server over a real socket."""
    server = Penstock(tmp_path_factory.mktemp("interop"))
    server.start()
    try:
        server.push("hello", "demo/hello")
        secret = server.call("GET", "/v1/webhooks/default/secret")["key"]
        with Endpoint(status(200)) as endpoint:
            rows = [{"custom_id": "a", "input": {"text": "ü"}}]
            server.submit("demo/hello", rows, webhook=endpoint.url, metadata={"name": "Zoë & co"})
            until(lambda: len(endpoint.requests) >= 3, 60)
            yield [Delivered(secret, *parted(one)) for one in endpoint.requests]
    finally:
        server.stop()


# what they need takes long to import: not for whoever collects tests


def by_standardwebhooks(one: Delivered) -> Any:
    import standardwebhooks

    return standardwebhooks.Webhook(one.secret).verify(one.body, one.headers)


def by_svix(one: Delivered) -> Any:
    import svix.webhooks

    svix.webhooks.Webhook(one.secret).verify(one.body, one.headers)
    return json.loads(one.body)


def by_replicate(one: Delivered) -> Any:
    import replicate
    from replicate.webhook import WebhookSigningSecret

    secret = WebhookSigningSecret(key=one.secret)
    told = {"headers": one.headers, "body": one.body.decode(), "secret": secret}
    replicate.webhooks.validate(**told, tolerance=300)  # type: ignore[arg-type]
    return json.loads(one.body)


@pytest.mark.parametrize("verify", [by_standardwebhooks, by_svix, by_replicate])
def test_python_libraries_verify_our_deliveries(delivered: list[Delivered], verify: Any) -> None:
    types = [verify(one)["type"] for one in delivered]
    assert types == ["batch.created", "batch.in_progress", "batch.completed"]
    with pytest.raises(Exception, match=r"(?i)signature"):
        verify(delivered[0].forged())


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Node:
    """With npm and its registry, or none: not without them in CI."""
    try:
        return Node(tmp_path_factory.mktemp("node"), **NPM)
    except Unavailable as reason:
        lacking(reason)


def test_npm_libraries_verify_our_deliveries(delivered: list[Delivered], node: Node) -> None:
    for one in delivered:
        for delivery, good in ((one, True), (one.forged(), False)):
            given = {"headers": one.headers, "secret": one.secret, "body": delivery.body.decode()}
            assert node.run(VERIFY, given) == dict.fromkeys(NPM, good)


# --- we verify theirs -----------------------------------------------------------------------------

SECRET = new_secret()
BODY = json.dumps({"type": "invoice.paid", "data": {"id": "in_1", "note": "ü"}})


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Received]:
    running = Received(tmp_path_factory.mktemp("received"), SECRET)
    yield running
    running.stop()


def signed_by(library: Any, id: str) -> dict[str, str]:
    at = datetime.now(UTC)
    return {
        "webhook-id": id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": library.Webhook(SECRET).sign(id, at, BODY),
    }


def is_taken(received: Received, headers: dict[str, str]) -> None:
    before = len(received.events())
    answer = httpx.post(received.url, content=BODY.encode() + b" ", headers=headers)
    assert answer.status_code == 401
    answer = httpx.post(received.url, content=BODY.encode(), headers=headers)
    assert answer.status_code == 200
    assert received.events()[before:] == [json.loads(BODY)]


@pytest.mark.parametrize("library", ["standardwebhooks", "svix.webhooks"])
def test_our_receiver_takes_what_python_libraries_sign(received: Received, library: str) -> None:
    is_taken(received, signed_by(import_module(library), f"msg_{library.replace('.', '_')}"))


@pytest.mark.parametrize("package", ["standardwebhooks", "svix"])
def test_our_receiver_takes_what_npm_libraries_sign(
    received: Received, node: Node, package: str
) -> None:
    given = {"package": package, "id": f"msg_npm_{package}", "secret": SECRET, "body": BODY}
    is_taken(received, node.run(SIGN, given))
