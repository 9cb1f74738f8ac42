"""The receiver through Flask's test client: statuses, repeats, routes, and eaten bodies."""

import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from itertools import count
from typing import Any

import pytest
from flask import Blueprint, Flask, abort, request
from flask.testing import FlaskClient
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import Client

from webhooks.answers import TryLater, Unsubscribe
from webhooks.errors import ConfigurationError
from webhooks.keys import Key, new_secret
from webhooks.message import Event
from webhooks.receiver import BodyConsumed, Receiver
from webhooks.replay import Claim, MemoryReplay, Seen
from webhooks.testing import signed_request

SECRET = new_secret()
NUMBERS = count()
EVENT = {
    "type": "batch.completed",
    "timestamp": "2030-01-02T03:04:05Z",
    "sequence": 3,
    "data": {"id": "batch_1"},
}


def served(receiver: Receiver, app: Flask | None = None) -> FlaskClient:
    """A client of an application that receives at /hook."""
    app = app or Flask(__name__)
    receiver.init_app(app, "/hook")
    return app.test_client()


def told(receiver: Receiver, type: str = "*") -> list[Event[Any]]:
    """The events that reach a handler."""
    events: list[Event[Any]] = []
    receiver.on(type)(events.append)
    return events


# --- what is answered ----------------------------------------------------------------------------


def test_a_verified_event_is_handled() -> None:
    receiver = Receiver([SECRET])
    events = told(receiver)
    response = served(receiver).post("/hook", **signed_request(SECRET, EVENT, id="evt_1"))
    assert (response.status_code, response.json) == (200, {"status": "ok"})
    (event,) = events
    assert event.id == "evt_1"
    assert event.type == "batch.completed"
    assert event.timestamp == datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert event.sequence == 3
    assert event.data == {"id": "batch_1"}
    assert event.content == EVENT
    assert receiver.counts == {"handled": 1}


def test_a_repeat_is_answered_but_not_handled() -> None:
    receiver = Receiver([SECRET])
    events = told(receiver)
    client = served(receiver)
    for _ in range(3):
        assert client.post("/hook", **signed_request(SECRET, EVENT, id="evt_1")).status_code == 200
    client.post("/hook", **signed_request(SECRET, EVENT, id="evt_2"))
    assert [event.id for event in events] == ["evt_1", "evt_2"]
    assert receiver.counts == {"handled": 2, "repeated": 2}


def test_a_repeat_while_it_is_being_handled_is_told_to_come_again() -> None:
    receiver = Receiver([SECRET])
    client = served(receiver)
    statuses = []

    @receiver.on("*")
    def slow(event: Event[Any]) -> None:
        # the sender lost patience and sends it again
        again = client.post("/hook", **signed_request(SECRET, EVENT))
        statuses.append(again.status_code)

    assert client.post("/hook", **signed_request(SECRET, EVENT)).status_code == 200
    assert statuses == [409]
    assert receiver.counts == {"handled": 1, "running": 1}


def test_a_failed_handler_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    receiver = Receiver([SECRET])
    tries = []

    @receiver.on("*")
    def fails_once(event: Event[Any]) -> None:
        tries.append(event.id)
        if len(tries) == 1:
            raise RuntimeError("no database")

    client = served(receiver)
    statuses = [client.post("/hook", **signed_request(SECRET, EVENT)).status_code for _ in "123"]
    assert statuses == [500, 200, 200]
    assert len(tries) == 2
    assert receiver.counts == {"failed": 1, "handled": 1, "repeated": 1}
    assert "webhook handler failed" in caplog.text


@pytest.mark.parametrize("end", [SystemExit, KeyboardInterrupt])
def test_a_process_that_is_told_to_end_lets_go_of_its_event(end: type[BaseException]) -> None:
    receiver = Receiver([SECRET])

    @receiver.on("*")
    def handler(event: Event[Any]) -> None:
        raise end

    client = served(receiver)
    for _ in range(2):  # 409 the second time, had it been kept
        with pytest.raises(end):
            client.post("/hook", **signed_request(SECRET, EVENT))


def test_a_handler_can_unsubscribe() -> None:
    receiver = Receiver([SECRET])

    @receiver.on("*")
    def enough(event: Event[Any]) -> None:
        raise Unsubscribe

    client = served(receiver)
    assert client.post("/hook", **signed_request(SECRET, EVENT)).status_code == 410
    assert client.post("/hook", **signed_request(SECRET, EVENT)).status_code == 200
    assert receiver.counts == {"unsubscribed": 1, "repeated": 1}


def test_a_handler_can_ask_for_patience() -> None:
    receiver = Receiver([SECRET])

    @receiver.on("*")
    def busy(event: Event[Any]) -> None:
        raise TryLater(90)

    client = served(receiver)
    for _ in range(2):
        response = client.post("/hook", **signed_request(SECRET, EVENT))
        assert (response.status_code, response.headers["Retry-After"]) == (429, "90")


def test_a_handler_can_abort() -> None:
    receiver = Receiver([SECRET])

    @receiver.on("*")
    def aborts(event: Event[Any]) -> None:
        abort(503)

    client = served(receiver)
    for _ in range(2):
        assert client.post("/hook", **signed_request(SECRET, EVENT)).status_code == 503


def test_only_post_is_served() -> None:
    client = served(Receiver([SECRET]))
    assert client.get("/hook").status_code == 405
    assert client.put("/hook", **signed_request(SECRET, EVENT)).status_code == 405


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_missing_header_is_a_bad_request_and_is_named(name: str) -> None:
    asked = signed_request(SECRET, EVENT)
    del asked["headers"][name]
    response = served(Receiver([SECRET])).post("/hook", **asked)
    assert response.status_code == 400
    assert name in response.get_data(as_text=True)


def test_a_forger_learns_nothing(caplog: pytest.LogCaptureFixture) -> None:
    receiver = Receiver([SECRET])
    events = told(receiver)
    client = served(receiver)
    genuine = signed_request(SECRET, EVENT)
    forged = [
        signed_request(new_secret(), EVENT),
        signed_request(SECRET, EVENT, at=time.time() - 1000),
        signed_request(SECRET, EVENT, at=time.time() + 1000),
        genuine | {"data": genuine["data"] + b" "},
    ]
    answers = {(r.status_code, r.data) for r in (client.post("/hook", **one) for one in forged)}
    assert answers == {(401, b'{"error":"it could not be verified"}\n')}
    assert events == []
    assert receiver.counts == {"mismatch": 2, "stale": 2}
    assert "Stale" in caplog.text
    assert "Mismatch" in caplog.text


def test_logs_and_answers_hold_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    receiver = Receiver([Key(SECRET, name="main")])
    receiver.on("*")(lambda event: 1 / 0)
    client = served(receiver)
    asked = [
        signed_request(SECRET, EVENT),
        signed_request(new_secret(), EVENT),
        signed_request(SECRET, EVENT, at=1),
    ]
    for one in asked:
        text = client.post("/hook", **one).get_data(as_text=True) + caplog.text
        assert SECRET[6:] not in text
        assert one["headers"]["webhook-signature"][3:] not in text
        assert "batch_1" not in text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b'"text"',
        b"{}",
        b'{"type": 5}',
        b'{"type": "a", "data": NaN}',
        b'{"type": "a", "data": -Infinity}',
        b"\xef\xbb\xbf" + json.dumps(EVENT).encode(),
        json.dumps(EVENT).encode("utf-16"),
        b'{"type": "\xff"}',
        b"[" * 200_000,
        b'{"type": "a", "n": ' + b"1" * 10_000 + b"}",
    ],
    ids=lambda body: repr(body[:20]),
)
def test_a_signed_body_that_is_no_event_is_told_apart(body: bytes) -> None:
    receiver = Receiver([SECRET])
    events = told(receiver)
    response = served(receiver).post("/hook", **signed_request(SECRET, body))
    assert response.status_code == 400
    assert "signed" in response.get_data(as_text=True)
    assert events == []
    assert receiver.counts == {"unreadable": 1}


# --- limits --------------------------------------------------------------------------------------


CHUNKED = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}


class Unread(BytesIO):
    """A body that nobody may touch."""

    def read(self, size: int | None = -1) -> bytes:
        raise AssertionError("it was read")


def test_a_body_over_the_limit_is_not_even_read() -> None:
    receiver = Receiver([SECRET], max_body_bytes=1000)
    served_by = served(receiver)
    environ = {"wsgi.input": Unread(), "CONTENT_LENGTH": "1001"}
    response = served_by.post("/hook", environ_overrides=environ)
    assert response.status_code == 413
    assert receiver.counts == {"too_large": 1}


def test_a_body_without_a_length_is_read_to_the_limit_and_no_further() -> None:
    receiver = Receiver([SECRET], max_body_bytes=1000)
    endless = BytesIO(b"x" * 1_000_000)
    environ = {"wsgi.input": endless, **CHUNKED}
    response = served(receiver).post("/hook", environ_overrides=environ)
    assert response.status_code == 413
    assert endless.tell() < 100_000


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(("most", "status"), [(1000, 200), (999, 413)])
def test_the_limit_is_exact(most: int, status: int, chunked: bool) -> None:
    asked = signed_request(SECRET, json.dumps(EVENT).encode().ljust(1000))
    if chunked:
        asked["environ_overrides"] = {"wsgi.input": BytesIO(asked.pop("data")), **CHUNKED}
    client = served(Receiver([SECRET], max_body_bytes=most))
    assert client.post("/hook", **asked).status_code == status


def test_a_body_that_breaks_off_is_not_blamed_on_a_hook() -> None:
    asked = signed_request(SECRET, EVENT)
    short = BytesIO(asked.pop("data")[:-5])
    environ = {"wsgi.input": short, "CONTENT_LENGTH": "1000", "wsgi.input_terminated": True}
    response = served(Receiver([SECRET])).post("/hook", environ_overrides=environ, **asked)
    assert response.status_code == 400


def test_the_applications_own_limit_counts_too() -> None:
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 10
    response = served(Receiver([SECRET]), app).post("/hook", **signed_request(SECRET, EVENT))
    assert response.status_code == 413


# --- bodies that others touch --------------------------------------------------------------------

HARMLESS = {
    "get_data": lambda: request.get_data(),
    "get_json": lambda: request.get_json(),
    "data": lambda: request.data,
}
HARMFUL = {
    "form": lambda: request.form,
    "files": lambda: request.files,
    "values": lambda: request.values,
    "get_data, not kept": lambda: request.get_data(cache=False),
    "stream": lambda: request.stream.read(),
    "stream, a part": lambda: request.stream.read(10),
}


def hooked(receiver: Receiver, hook: Callable[[], object]) -> FlaskClient:
    app = Flask(__name__)
    app.testing = True

    @app.before_request
    def before() -> None:
        hook()

    return served(receiver, app)


@pytest.mark.parametrize("hook", HARMLESS.values(), ids=HARMLESS.keys())
def test_a_hook_that_leaves_the_body_there_does_no_harm(hook: Callable[[], object]) -> None:
    client = hooked(Receiver([SECRET]), hook)
    assert client.post("/hook", **signed_request(SECRET, EVENT)).status_code == 200


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("content_type", ["application/json", FORM])
@pytest.mark.parametrize("hook", HARMFUL.values(), ids=HARMFUL.keys())
def test_a_hook_that_ate_the_body_is_blamed(hook: Callable[[], object], content_type: str) -> None:
    client = hooked(Receiver([SECRET]), hook)
    asked = signed_request(SECRET, EVENT) | {"content_type": content_type}
    if content_type == FORM or hook not in (HARMFUL["form"], HARMFUL["files"], HARMFUL["values"]):
        with pytest.raises(BodyConsumed, match="before_request"):
            client.post("/hook", **asked)
    else:  # Flask leaves a body alone that is no form
        assert client.post("/hook", **asked).status_code == 200


def test_request_data_eats_a_form() -> None:
    client = hooked(Receiver([SECRET]), lambda: request.data)
    with pytest.raises(BodyConsumed):
        client.post("/hook", **signed_request(SECRET, EVENT) | {"content_type": FORM})


def test_get_json_that_keeps_nothing_eats_the_body() -> None:
    client = hooked(Receiver([SECRET]), lambda: request.get_json(cache=False))
    with pytest.raises(BodyConsumed):
        client.post("/hook", **signed_request(SECRET, EVENT))


def test_an_eaten_body_without_a_length_is_blamed_too() -> None:
    client = hooked(Receiver([SECRET]), lambda: request.stream.read())
    asked = signed_request(SECRET, EVENT)
    environ = {"wsgi.input": BytesIO(asked.pop("data")), **CHUNKED}
    with pytest.raises(BodyConsumed):
        client.post("/hook", environ_overrides=environ, **asked)


def test_handlers_can_still_read_the_request() -> None:
    receiver = Receiver([SECRET])
    seen: list[object] = []
    receiver.on("*")(lambda event: seen.extend([request.get_json(), request.get_data()]))
    asked = signed_request(SECRET, EVENT)
    assert served(receiver).post("/hook", **asked).status_code == 200
    assert seen == [EVENT, asked["data"]]


# --- routes --------------------------------------------------------------------------------------


def post(client: FlaskClient, type: str, data: Any = None) -> int:
    """Another message each time."""
    asked = signed_request(SECRET, {"type": type, "data": data}, id=f"evt_{next(NUMBERS)}")
    return client.post("/hook", **asked).status_code


def test_events_go_to_the_handlers_of_their_type() -> None:
    receiver = Receiver([SECRET])
    every, batch, done = told(receiver), told(receiver, "batch.*"), told(receiver, "*.completed")
    exact = told(receiver, "batch.completed")
    client = served(receiver)
    types = [
        "batch.completed",
        "batch.failed",
        "prediction.completed",
        "batches",
        "batchXcompleted",
    ]
    for type in types:
        assert post(client, type) == 200
    assert [event.type for event in every] == types
    assert [event.type for event in batch] == ["batch.completed", "batch.failed"]
    assert [event.type for event in done] == ["batch.completed", "prediction.completed"]
    assert [event.type for event in exact] == ["batch.completed"]


def test_an_event_that_nobody_wants_is_acknowledged_and_counted() -> None:
    receiver = Receiver([SECRET])
    told(receiver, "batch.*")
    assert post(served(receiver), "prediction.start") == 200
    assert receiver.counts == {"unhandled": 1}


def test_a_handler_marked_twice_is_called_once() -> None:
    receiver = Receiver([SECRET])
    calls: list[str] = []

    @receiver.on("batch.*")
    @receiver.on("*")
    def handler(event: Event[Any]) -> None:
        calls.append(event.type)

    post(served(receiver), "batch.completed")
    assert calls == ["batch.completed"]


@pytest.mark.parametrize("pattern", ["", " ", "batch/completed", "batch completed", "[a]", None])
def test_a_pattern_that_can_match_nothing_is_refused(pattern: str) -> None:
    with pytest.raises(ConfigurationError, match=r"batch\.\*"):
        Receiver([SECRET]).on(pattern)(print)


@dataclass(frozen=True)
class Batch:
    id: str
    rows: int


def test_data_can_be_given_a_shape() -> None:
    receiver = Receiver([SECRET])
    batches: list[Batch] = []

    @receiver.on("batch.*", shape=lambda data: Batch(**data))
    def handler(event: Event[Batch]) -> None:
        batches.append(event.data)

    client = served(receiver)
    assert post(client, "batch.completed", {"id": "b", "rows": 3}) == 200
    assert batches == [Batch("b", 3)]
    for misfit in ({"id": "b"}, None, [], {"id": "b", "rows": 1, "more": 2}):
        assert post(client, "batch.completed", misfit) == 400
    assert receiver.counts == {"handled": 1, "unreadable": 4}


def test_no_handler_runs_if_a_shape_does_not_fit() -> None:
    receiver = Receiver([SECRET])
    events = told(receiver)
    receiver.on("*", shape=lambda data: data["id"])(print)
    assert post(served(receiver), "batch.completed", {}) == 400
    assert events == []


# --- where it is mounted -------------------------------------------------------------------------


def test_under_a_blueprint_with_a_prefix() -> None:
    app = Flask(__name__)
    receiver = Receiver([SECRET])
    outer = Blueprint("outer", __name__, url_prefix="/outer")
    outer.register_blueprint(receiver.blueprint("/hook"), url_prefix="/inner")
    app.register_blueprint(outer)
    response = app.test_client().post("/outer/inner/hook", **signed_request(SECRET, EVENT))
    assert response.status_code == 200


def test_under_another_application_and_behind_a_proxy() -> None:
    app = Flask(__name__)
    Receiver([SECRET]).init_app(app, "/hook")
    fixed = ProxyFix(app, x_for=1, x_proto=1, x_host=1, x_prefix=1)
    client = Client(DispatcherMiddleware(Flask("outer"), {"/mounted": fixed}))
    asked = signed_request(SECRET, EVENT)
    asked["headers"] |= {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "example.com",
        "X-Forwarded-Prefix": "/elsewhere",
    }
    assert client.post("/mounted/hook", **asked).status_code == 200


def test_two_senders_in_one_application() -> None:
    ours, theirs = new_secret(), new_secret()
    replay = MemoryReplay()
    app = Flask(__name__)
    first = Receiver([ours], replay=replay, name="ours")
    second = Receiver([theirs], replay=replay, name="theirs")
    events = told(first), told(second)
    first.init_app(app, "/ours")
    second.init_app(app, "/theirs")
    client = app.test_client()
    assert client.post("/ours", **signed_request(ours, EVENT)).status_code == 200
    assert client.post("/theirs", **signed_request(theirs, EVENT)).status_code == 200
    assert client.post("/theirs", **signed_request(ours, EVENT, id="other")).status_code == 401
    assert [len(one) for one in events] == [1, 1]  # one sender's ids are not the other's


def test_secrets_can_come_from_the_applications_configuration() -> None:
    receiver = Receiver()
    other = new_secret()
    for secrets in ([SECRET, Key(other)], f"{SECRET} {other}"):
        app = Flask(__name__)
        app.config["WEBHOOK_SECRETS"] = secrets
        client = served(receiver, app)
        for n, secret in enumerate((SECRET, other)):
            asked = signed_request(secret, EVENT, id=f"{len(secrets)}-{n}")
            assert client.post("/hook", **asked).status_code == 200


@pytest.mark.parametrize("found", [None, "", [], "nonsense"])
def test_without_secrets_the_application_does_not_start(found: Any) -> None:
    app = Flask(__name__)
    app.config["WEBHOOK_SECRETS"] = found
    with pytest.raises(ConfigurationError):
        Receiver().init_app(app)


@pytest.mark.parametrize(
    "options",
    [
        {"secrets": []},
        {"secrets": [""]},
        {"secrets": SECRET},
        {"tolerance_s": 0},
        {"max_body_bytes": 0},
        {"lease_s": 0},
        {"replay": MemoryReplay(kept_s=599)},
    ],
)
def test_what_cannot_work_is_refused_at_construction(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        Receiver(**{"secrets": [SECRET], **options})


# --- a view of one's own -------------------------------------------------------------------------


def test_a_view_can_be_decorated() -> None:
    app = Flask(__name__)
    receiver = Receiver([SECRET])
    answers = iter([500, 201])

    @app.post("/own/<word>")
    @receiver.verified
    def view(event: Event[Any], word: str) -> tuple[dict[str, str], int]:
        return {"type": event.type, "word": word}, next(answers)

    client = app.test_client()
    responses = [client.post("/own/x", **signed_request(SECRET, EVENT)) for _ in range(3)]
    assert [response.status_code for response in responses] == [500, 201, 200]
    assert responses[1].json == {"type": "batch.completed", "word": "x"}
    assert client.post("/own/x", data=b"{}").status_code == 400
    assert receiver.counts == {"failed": 1, "handled": 1, "repeated": 1, "missing": 1}


def test_a_decorated_view_takes_its_secrets_from_the_configuration() -> None:
    app = Flask(__name__)
    app.config["WEBHOOK_SECRETS"] = [SECRET]
    receiver = Receiver()
    app.post("/own")(receiver.verified(lambda event: event.type))
    assert (
        app.test_client().post("/own", **signed_request(SECRET, EVENT)).data == b"batch.completed"
    )


# --- a replay store that fails -------------------------------------------------------------------


class Broken(MemoryReplay):
    """A store that is away when it is asked."""

    def claim(self, id: str, lease_s: float) -> Claim:
        raise ConnectionError


def test_without_its_replay_store_nothing_is_handled_and_nothing_is_lost() -> None:
    receiver = Receiver([SECRET], replay=Broken())
    events = told(receiver)
    response = served(receiver).post("/hook", **signed_request(SECRET, EVENT))
    assert response.status_code == 503
    assert events == []
    assert receiver.counts == {"store_down": 1}


class Forgetful(MemoryReplay):
    """A store that goes away while the handler works."""

    def done(self, id: str) -> None:
        raise ConnectionError

    def release(self, id: str, token: str) -> None:
        raise ConnectionError


def test_what_was_handled_is_acknowledged_though_it_cannot_be_noted() -> None:
    receiver = Receiver([SECRET], replay=Forgetful())
    told(receiver)
    client = served(receiver)
    assert client.post("/hook", **signed_request(SECRET, EVENT)).status_code == 200
    assert client.post("/hook", **signed_request(SECRET, EVENT)).status_code == 409


def test_a_handler_that_outlives_its_lease_still_counts_once_it_is_done() -> None:
    replay = MemoryReplay()
    receiver = Receiver([SECRET], replay=replay, lease_s=0.01)
    runs = []

    @receiver.on("*")
    def slow(event: Event[Any]) -> None:
        runs.append(event.id)
        time.sleep(0.05)

    client = served(receiver)
    assert client.post("/hook", **signed_request(SECRET, EVENT)).status_code == 200
    assert client.post("/hook", **signed_request(SECRET, EVENT)).json == {"status": "repeated"}
    assert replay.claim("webhooks:evt_test", 1).seen is Seen.DONE
    assert len(runs) == 1


def test_of_many_at_once_one_is_handled() -> None:
    receiver = Receiver([SECRET])
    runs: list[str] = []
    app = Flask(__name__)
    served(receiver, app)
    together = threading.Barrier(8)
    statuses: list[int] = []

    @receiver.on("*")
    def handler(event: Event[Any]) -> None:
        runs.append(event.id)
        time.sleep(0.05)

    def ask() -> None:
        client = app.test_client()
        together.wait()
        statuses.append(client.post("/hook", **signed_request(SECRET, EVENT)).status_code)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(runs) == 1
    assert statuses.count(200) >= 1
    assert set(statuses) <= {200, 409}
