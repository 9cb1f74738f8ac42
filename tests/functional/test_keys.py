"""A key that is lost for good: what it sealed begins anew, and nothing else changes."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from cryptography.fernet import Fernet

from jobs import config
from jobs.cli import main
from jobs.core.caller import Caller
from jobs.core.errors import BadRequest
from jobs.wiring import Wiring, clock
from tests.ports.stores import with_tables
from tests.servers.endpoint import OK, Endpoint, says
from tests.servers.penstock import Penstock, until
from webhooks.signing import HEADERS, Verifier

ANN = Caller("ann", ())
HOOK = {"url": "https://example.com/"}


class Place:
    """A data folder, and what is asked of it in a process of its own each time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = folder / "secret.key"
        with_tables(folder / "penstock.db")
        self.env: dict[str, str] = {}

    def ask(self, question: Callable[[Wiring], Any]) -> Any:
        made = Wiring(config.load(self.env, data=self.folder))
        try:
            return question(made)
        finally:
            made.store.database.close()

    def renew(self, *words: str, answer: str | None = None) -> Result:
        env: dict[str, str | None] = {"PENSTOCK_DATA": str(self.folder), **self.env}
        return CliRunner().invoke(main, ["keys", "renew", *words], env=env, input=answer)

    def secrets(self) -> dict[str, str]:
        """Of ann, of bob, and of the endpoint."""
        return {
            "ann": self.ask(lambda made: made.webhooks.secret("ann")),
            "bob": self.ask(lambda made: made.webhooks.secret("bob")),
            "endpoint": self.ask(lambda made: made.endpoints.secret(ANN, self.endpoint)),
        }

    endpoint = ""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = Place(tmp_path)
    made.ask(lambda one: one.webhooks.check_keys())
    made.endpoint = made.ask(lambda one: one.endpoints.create(ANN, HOOK)[0].id)
    made.ask(lambda one: one.endpoints.rotate(ANN, made.endpoint, {}))
    made.secrets()
    return made


def test_a_key_that_opens_everything_is_left_alone(place: Place) -> None:
    before, key = place.secrets(), place.key.read_bytes()

    done = place.renew("--yes")

    assert (done.exit_code, done.stdout) == (
        0,
        f"{place.key} opens all that is sealed; nothing was done\n",
    )
    assert json.loads(place.renew("--json").stdout)["renewed"] is False
    assert (place.secrets(), place.key.read_bytes()) == (before, key)


@pytest.mark.parametrize("answer", ["n\n", "", None])
def test_nothing_happens_without_a_yes(place: Place, answer: str | None) -> None:
    key = place.key.read_bytes()
    place.key.unlink()

    done = place.renew(answer=answer)

    assert (done.exit_code, done.stdout) == (1, "")
    assert f"{place.key} holds no key; this is lost:" in done.stderr
    assert "  webhook secrets of owners: ann, bob\n" in done.stderr
    assert f"  webhook secrets of endpoints: {place.endpoint} of ann\n" in done.stderr
    assert not place.key.exists()
    place.key.write_bytes(key)
    assert place.secrets()


def test_what_is_lost_begins_anew(place: Place) -> None:
    before = place.secrets()
    place.ask(lambda made: made.tokens.create("ci", "ann", ()))
    place.key.unlink()
    with pytest.raises(BadRequest, match="`penstock keys renew` begins anew"):
        place.ask(lambda made: made.webhooks.check_keys())

    done = place.renew(answer="y\n")

    assert done.exit_code == 0, done.output
    assert "penstock webhooks secret, with a token of each of these: ann, bob" in done.stdout
    assert f"a token of ann: penstock webhooks endpoints secret {place.endpoint}" in done.stdout
    assert not any(secret in done.output for secret in before.values())
    assert place.key.stat().st_mode & 0o777 == 0o600
    after = place.secrets()
    assert all(after[name] != before[name] for name in before)
    assert all(secret.startswith("whsec_") for secret in after.values())
    # what signed beside the newest can sign no more
    assert len(place.ask(lambda made: made.endpoints.keys(place.endpoint))) == 1
    place.ask(lambda made: made.webhooks.check_keys())
    assert len(place.ask(lambda made: made.tokens.all())) == 1
    assert "nothing was done" in place.renew("--yes").stdout


def test_what_is_no_key_is_set_aside_and_what_is_one_is_kept(place: Place) -> None:
    place.key.write_bytes(b"\xff junk")
    assert place.renew("--yes").exit_code == 0
    [aside] = place.folder.glob("secret.key.*")
    assert aside.read_bytes() == b"\xff junk"

    other = Fernet.generate_key()
    place.key.write_bytes(other)
    told = place.renew("--yes")
    assert "does not open everything" in told.stderr
    assert "A new key is made." not in told.stderr
    assert place.key.read_bytes() == other
    assert place.secrets()


def test_of_several_keys_the_newest_seals_and_what_any_opens_stays(place: Place) -> None:
    before, old = place.secrets(), place.key.read_text()
    newest = Fernet.generate_key().decode()
    place.env = {"PENSTOCK_SECRET_KEYS": newest}
    place.ask(lambda made: made.webhooks.secret("cleo"))  # sealed with the new one alone
    cleo = place.ask(lambda made: made.webhooks.secret("cleo"))

    told = json.loads(place.renew("--yes", "--json").stdout)

    assert told == {
        "renewed": True,
        "owners": ["ann", "bob"],
        "endpoints": [{"id": place.endpoint, "owner": "ann"}],
    }
    assert place.ask(lambda made: made.webhooks.secret("cleo")) == cleo
    after = place.secrets()
    assert after != before
    place.env = {"PENSTOCK_SECRET_KEYS": f"{Fernet.generate_key().decode()},{old},{newest}"}
    assert "PENSTOCK_SECRET_KEYS opens all" in place.renew("--yes").stdout
    assert place.secrets() == after
    place.env = {"PENSTOCK_SECRET_KEYS": "junk"}
    assert place.renew("--yes").exit_code == 2


def test_an_old_secret_of_an_endpoint_that_is_lost_takes_nothing_with_it(place: Place) -> None:
    """The newest was made with another key since."""
    old = place.key.read_text()
    newest = Fernet.generate_key().decode()
    place.env = {"PENSTOCK_SECRET_KEYS": f"{newest},{old}"}
    place.ask(lambda made: made.endpoints.rotate(ANN, place.endpoint, {}))
    kept = place.ask(lambda made: made.endpoints.secret(ANN, place.endpoint))
    place.env = {"PENSTOCK_SECRET_KEYS": newest}

    assert place.renew("--yes").exit_code == 0

    assert place.secrets()["endpoint"] == kept
    assert len(place.ask(lambda made: made.endpoints.keys(place.endpoint))) == 1


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Penstock]:
    started = Penstock(tmp_path)
    started.start()
    yield started
    started.stop()


def test_a_server_whose_key_is_lost_works_again(server: Penstock) -> None:
    with Endpoint(says(OK)) as receiver:
        made = server.call("POST", "/v1/webhooks/endpoints", json={"url": receiver.url})
        running = server.cli("keys", "renew", "--yes")
        assert (running.returncode, "another penstock uses" in running.stderr) == (2, True)
        server.terminate()
        (server.data / "secret.key").unlink()
        assert "penstock keys renew" in server.cli("up", "--data", str(server.data)).stderr
        assert "penstock keys renew" in server.cli("doctor").stdout

        assert server.cli("keys", "renew", "--yes").returncode == 0

        server.start()
        secret = server.call("GET", f"/v1/webhooks/endpoints/{made['id']}/secret")["key"]
        assert secret != made["secret"]
        server.call("POST", f"/v1/webhooks/endpoints/{made['id']}/test")
        until(lambda: receiver.requests)
        assert event(receiver.requests[0], secret)["type"] == "webhook.test"


def event(request: bytes, secret: str) -> Any:
    """What a request tells, if its signature holds."""
    head, _, body = request.partition(b"\r\n\r\n")
    lines = [line.partition(": ") for line in head.decode().split("\r\n")]
    headers = {name: value for name, _, value in lines if name in HEADERS}
    Verifier([secret]).verify(headers, body, clock().timestamp())
    return json.loads(body)
