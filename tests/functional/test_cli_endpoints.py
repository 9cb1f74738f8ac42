"""Standing endpoints from the command line, by a real server to real sockets."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner, Result

from jobs.cli import main
from tests.servers.endpoint import OK, Endpoint, says, silent, status
from tests.servers.penstock import Penstock
from webhooks.keys import new_secret
from webhooks.signing import HEADERS, Verifier

ECHO = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Penstock]:
    started = Penstock(tmp_path_factory.mktemp("endpoints"))
    started.start()
    yield started
    started.stop()


class Shell:
    """`penstock webhooks …` in this process."""

    def __init__(self, server: Penstock) -> None:
        self.env: dict[str, str | None] = {
            "PENSTOCK_URL": server.url,
            "PENSTOCK_DATA": str(server.data),
            "PENSTOCK_TOKEN": None,
            "PENSTOCK_WEBHOOK_SECRET": None,
        }

    def __call__(self, *words: str, **env: str) -> Result:
        return CliRunner().invoke(main, ["webhooks", *words], env=self.env | env)

    def told(self, *words: str) -> Any:
        """The JSON of a command that does what it should."""
        done = self(*words, "--json")
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)


@pytest.fixture
def shell(server: Penstock) -> Shell:
    return Shell(server)


def verified(request: bytes, secret: str) -> Any:
    """The event of a request, if its signature holds."""
    head, _, body = request.partition(b"\r\n\r\n")
    lines = [line.partition(": ") for line in head.decode().split("\r\n")]
    headers = {name: value for name, _, value in lines if name in HEADERS}
    Verifier([secret]).verify(headers, body, time.time())
    return json.loads(body)


def test_an_endpoint_from_its_first_day_to_its_last(shell: Shell) -> None:
    with Endpoint(says(OK)) as there:
        made = shell.told(
            "endpoints", "create", there.url, "--event", "batch.*", "--event", "endpoint.disabled",
            "--description", "first", "--rate", "50", "--concurrency", "4",
        )  # fmt: skip
        id, secret = made["id"], made.pop("secret")
        assert made["events"] == ["batch.*", "endpoint.disabled"]
        assert (made["rate_per_s"], made["concurrency"]) == (50, 4)
        assert shell.told("endpoints", "show", id) == made
        assert made in shell.told("endpoints", "list")
        assert shell("endpoints", "secret", id).stdout == f"{secret}\n"

        changed = shell.told(
            "endpoints", "update", id, "--event", "*", "--rate", "none", "--description", ""
        )
        assert (changed["events"], changed["rate_per_s"]) == (["*"], None)
        assert (changed["description"], changed["concurrency"]) == ("", 4)

        tried = shell("endpoints", "test", id)
        assert tried.exit_code == 0, tried.output
        assert ": 200 after" in tried.stdout
        [request] = there.requests
        event = verified(request, secret)
        assert (event["type"], event["data"]["id"]) == ("webhook.test", id)
        [delivery] = shell.told("deliveries", "--endpoint", id)
        assert (delivery["state"], delivery["type"]) == ("delivered", "webhook.test")
        line = f"webhook.test to {id}  delivered  1 attempt, last: 200\n"
        assert shell("deliveries", "--endpoint", id).stdout.endswith(line)

        turned = shell.told("endpoints", "rotate", id, "--overlap", "60")
        assert shell.told("endpoints", "test", id)["state"] == "delivered"
        for one in (turned["secret"], secret):  # both signed
            assert verified(there.requests[-1], one)["sequence"] == 2

        assert "disabled (owner" in shell("endpoints", "disable", id).stdout
        assert "disabled (owner" in shell("endpoints", "list").stdout
        assert shell.told("endpoints", "enable", id)["state"] == "enabled"
        assert shell.told("endpoints", "delete", id) == {"id": id, "deleted": True}
    gone = shell("endpoints", "show", id)
    assert gone.exit_code == 6
    assert "penstock webhooks endpoints list" in gone.stderr


def test_a_receiver_that_knows_another_secret_is_told_of(shell: Shell) -> None:
    with Endpoint(status(401)) as there:
        id = shell.told("endpoints", "create", there.url)["id"]
        tried = shell("endpoints", "test", id)
        shell("endpoints", "delete", id)
    assert tried.exit_code == 1
    assert ": 401 after" in tried.stdout
    assert f"`penstock webhooks endpoints secret {id}`" in tried.stdout


def test_what_people_read_holds_no_secret_but_where_it_is_made(shell: Shell) -> None:
    made = shell("endpoints", "create", "http://127.0.0.1:9/hook", "--description", "mine")
    assert made.exit_code == 0, made.output
    [secret] = [line for line in made.stdout.splitlines() if line.startswith("whsec_")]
    id = made.stdout.split()[1]
    turned = shell("endpoints", "rotate", id, "--overlap", "0")
    assert turned.stdout.startswith("whsec_")
    assert "signs no more" in turned.stdout
    shown = [shell("endpoints", "show", id).stdout, shell("endpoints", "list").stdout]
    assert all("mine" in one and "whsec_" not in one for one in shown)
    assert secret not in turned.stdout
    shell("endpoints", "delete", id)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("create", "ftp://example.com"), 2, "url: must be an http://"),
        (("create", "https://10.0.0.8/hook"), 2, "PENSTOCK_ALLOW_NETWORKS"),
        (
            ("create", "https://example.com", "--event", "batch.done"),
            2,
            "events[0]: fits no event; there are: batch.cancelled, ",
        ),
        (("create", "https://example.com", "--rate", "fast"), 2, "--rate is a number or 'none'"),
        (("create", "https://example.com", "--concurrency", "0"), 2, "concurrency"),
        (("update", "ep_0"), 2, "say what to change"),
        (("update", "ep_0", "--rate", "1"), 6, "endpoints list"),
        (("test", "ep_0"), 6, "there is no endpoint"),
        (("rotate", "ep_0", "--overlap", "-1"), 2, "overlap_s"),
    ],
)
def test_what_cannot_be_done_is_said(
    shell: Shell, words: tuple[str, ...], code: int, said: str
) -> None:
    done = shell("endpoints", *words)
    assert done.exit_code == code, done.output
    assert said in done.stderr


def test_a_test_that_is_not_taken_fails(shell: Shell) -> None:
    with Endpoint(status(500)) as there:
        id = shell.told("endpoints", "create", there.url)["id"]
        done = shell("endpoints", "test", id)
    assert done.exit_code == 1
    assert ": 500 after" in done.stdout
    assert "failing since" in shell("endpoints", "list").stdout
    shell("endpoints", "delete", id)


# --- straight to an address -----------------------------------------------------------------------


def test_a_test_event_goes_straight_to_an_address(shell: Shell) -> None:
    given = new_secret()
    words = ("--type", "batch.completed", "--data", '{"id": "batch_1"}')
    with Endpoint(says(OK)) as there:
        mine = shell("send-test", there.url, *words, PENSTOCK_WEBHOOK_SECRET=given)
        assert mine.exit_code == 0, mine.output
        assert ": 200 after" in mine.stdout
        assert mine.stdout.endswith("\nok\n")
        event = verified(there.requests[0], given)
        assert (event["type"], event["data"]) == ("batch.completed", {"id": "batch_1"})

        assert shell.told("send-test", there.url)["status"] == 200
        verified(there.requests[1], shell.told("secret")["key"])

        one = shell.told("endpoints", "create", "https://example.com/hook")
        shell.told("send-test", there.url, "--endpoint", one["id"])
        verified(there.requests[2], one["secret"])
        shell("endpoints", "delete", one["id"])


def test_a_test_event_that_is_not_taken_is_told_without_a_secret(shell: Shell) -> None:
    given = new_secret()

    def echoes(connection: Any, request: bytes) -> None:
        told = request.replace(b"\r\n", b" ") + given.encode() + b"\x1b[2J"
        connection.sendall(ECHO.replace(b"200 OK", b"401 No") % (len(told), told))

    with Endpoint(echoes) as there:
        done = shell("send-test", there.url, PENSTOCK_WEBHOOK_SECRET=given)
    assert done.exit_code == 1
    assert ": 401 after" in done.stdout
    assert "webhook-signature: [signature]" in done.stdout
    assert given not in done.output
    assert "v1," not in done.output
    assert "\x1b" not in done.output


def test_a_test_event_that_does_not_arrive_says_why(shell: Shell) -> None:
    with silent() as port:
        done = shell("send-test", f"http://127.0.0.1:{port}/")
    assert done.exit_code == 1
    assert "the connection was refused" in done.stdout
    bad = shell("send-test", "http://127.0.0.1:9/", PENSTOCK_WEBHOOK_SECRET="whsec_short")
    assert bad.exit_code == 2
    assert "PENSTOCK_WEBHOOK_SECRET" in bad.stderr
    assert "short" not in bad.stderr.replace("too short", "")
    assert shell("send-test", "http://127.0.0.1:9/", "--data", "{").exit_code == 2
