"""The client against answers that are wrong, hostile, late or absent."""

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Response

from safepush import errors
from safepush.client import UNBEGUN, Client
from safepush.connection import Connection
from safepush.version import read_bundle

MODEL = "me/hello"


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def connect() -> Iterator[Callable[[str], Client]]:
    opened = []

    def _connect(url: str) -> Client:
        clock = Clock()
        client = Client(Connection(url, "t0ken"), clock=clock, sleep=clock.sleep)
        opened.append(client)
        return client

    yield _connect
    for client in opened:
        client.__exit__()


def answer(body: str, status: int = 200, kind: str = "application/json") -> Response:
    return Response(body, status, content_type=kind)


PROBLEM = '{"status": 400, "code": "bad", "detail": "no\\u001b[2J", "errors": [%s]}'


@pytest.mark.parametrize(
    ("response", "expected", "message"),
    [
        (answer("<html>", 200), errors.BadAnswer, "not JSON"),
        (answer("[]"), errors.BadAnswer, "not a JSON object"),
        (answer("[" * 100_000), errors.BadAnswer, "not JSON"),
        (answer("{}"), errors.BadAnswer, "no usable `id`"),
        (answer('{"id": 3}'), errors.BadAnswer, "no usable `id`"),
        (answer("", 302), errors.BadAnswer, "unexpected status 302"),
        (answer("{}", 401), errors.NotAllowed, "PENSTOCK_TOKEN"),
        (answer("{}", 403), errors.Forbidden, "PENSTOCK_TOKEN"),
        (answer("{}", 404), errors.NotFound, "gives no reason"),
        (answer("{}", 409), errors.Conflict, "409"),
        (answer(PROBLEM % "", 400), errors.InvalidRequest, r"400 no\?\[2J"),
        (answer(PROBLEM % '{"field": "a", "message": "b"}', 422), errors.InvalidRequest, "  a: b"),
        (answer('{"detail": "no", "field": "a"}', 422), errors.InvalidRequest, r"no \(field a\)"),
        (answer("<html>", 418), errors.ServiceRefused, "418"),
    ],
)
def test_a_wrong_answer_becomes_an_error_with_a_way_out(
    server: Any, connect: Callable[[str], Client], response: Response, expected: Any, message: str
) -> None:
    server.faults["GET /v1/models/me/hello/versions"] = response

    with pytest.raises(expected, match=message) as caught:
        connect(server.url).version(MODEL, "0" * 64)

    assert type(caught.value) is expected
    assert "t0ken" not in str(caught.value)


@pytest.mark.parametrize(("times", "again"), [(3, "20"), (1, "60"), (0, "1")])
def test_a_server_that_says_not_so_fast_is_heeded(
    server: Any, connect: Callable[[str], Client], folder: Path, times: int, again: str
) -> None:
    slow = Response("{}", 429, {"Retry-After": again}, content_type="application/json")
    server.faults["PUT /v1/blobs"] = [slow] * times
    client = connect(server.url)

    client.push_files(read_bundle(folder), MODEL)

    assert client._clock.now == times * int(again)  # type: ignore[attr-defined]
    assert len(server.blobs) == 3


@pytest.mark.parametrize("again", ["61", "soon", ""])
def test_a_server_that_says_not_so_fast_for_long_is_not_waited_for(
    server: Any, connect: Callable[[str], Client], again: str
) -> None:
    server.faults["GET /v1/models/me/hello/versions"] = Response(
        '{"detail": "this token may send less"}', 429, {"Retry-After": again}
    )
    client = connect(server.url)

    with pytest.raises(errors.ServiceRefused, match="429 this token may send less"):
        client.version(MODEL, "0" * 64)
    assert client._clock.now == 0  # type: ignore[attr-defined]


def test_a_refused_connection_names_the_address(connect: Callable[[str], Client]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"

        with pytest.raises(errors.ServiceUnreachable, match=f"{url} .ConnectError.*penstock up"):
            connect(url).alias(MODEL, "live")


def test_a_push_sends_only_what_is_missing(
    server: Any, connect: Callable[[str], Client], folder: Path
) -> None:
    client = connect(server.url)
    (folder / "copy.py").write_bytes((folder / "predict.py").read_bytes())
    first = client.push_files(read_bundle(folder), MODEL)
    sent = len(server.blobs)
    server.requests.clear()

    (folder / "predict.py").write_text("changed")
    second = client.push_files(read_bundle(folder), MODEL)

    uploads = [each for each in server.requests if each.startswith("PUT /v1/blobs/")]
    assert (sent, len(uploads)) == (3, 1)
    assert first.id != second.id == read_bundle(folder).id


def test_a_large_file_is_streamed(
    server: Any, connect: Callable[[str], Client], folder: Path
) -> None:
    with (folder / "weights").open("wb") as stream:
        os.truncate(stream.fileno(), 5_000_000)
    bundle = read_bundle(folder)

    connect(server.url).push_files(bundle, MODEL)

    assert sum(map(len, server.blobs.values())) == sum(file.size_bytes for file in bundle.files)


@pytest.mark.parametrize("content", ["other length", "x" * 21])
def test_a_file_that_changes_meanwhile_is_named(
    server: Any, connect: Callable[[str], Client], folder: Path, content: str
) -> None:
    bundle = read_bundle(folder)
    assert (folder / "predict.py").stat().st_size == 21
    (folder / "predict.py").write_text(content)

    with pytest.raises(errors.BundleInvalid, match=r"predict\.py: changed while it was being"):
        connect(server.url).push_files(bundle, MODEL)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('{"id": "1", "missing": ["beef"]}', "not in the folder"),
        ('{"id": "1", "missing": [{}]}', "not in the folder"),
        ('{"id": "1", "missing": 3}', "no usable `missing`"),
        ('{"id": "1", "state": "ready"}', "another digest"),
    ],
)
def test_a_server_that_asks_for_nonsense_gets_nothing(
    server: Any, connect: Callable[[str], Client], folder: Path, body: str, message: str
) -> None:
    server.faults["POST /v1/models/me/hello/versions"] = answer(body)

    with pytest.raises(errors.BadAnswer, match=message):
        connect(server.url).push_files(read_bundle(folder), MODEL)


def test_waiting_for_a_version_has_an_end(server: Any, connect: Callable[[str], Client]) -> None:
    server.states = ["preparing"]
    client = connect(server.url)

    with pytest.raises(errors.NotReady, match="still preparing after 2 s"):
        client.wait_ready(MODEL, client.version(MODEL, "0" * 64), limit_s=2)


@pytest.mark.parametrize(("state", "told"), [("pushed", 1), ("preparing", 0)])
def test_a_version_that_no_worker_takes_is_told_once(
    server: Any, connect: Callable[[str], Client], state: str, told: int
) -> None:
    server.states = [state]
    client = connect(server.url)
    heard: list[str] = []

    with pytest.raises(errors.NotReady):
        client.wait_ready(MODEL, client.version(MODEL, "0" * 64), limit_s=12, say=heard.append)

    assert heard == [UNBEGUN] * told


def test_a_server_that_restarts_is_waited_for(
    server: Any, connect: Callable[[str], Client]
) -> None:
    client = connect(server.url)
    server.states = ["preparing"]
    version = client.version(MODEL, "0" * 64)
    server.faults["/versions/"] = answer("{}", 503)
    naps: list[float] = []

    def sleep(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 3:
            server.faults.clear()
            server.states = ["ready"]

    client._sleep = sleep

    assert client.wait_ready(MODEL, version, limit_s=100).state == "ready"


def test_a_late_prediction_is_canceled(server: Any, connect: Callable[[str], Client]) -> None:
    server.prediction = {"status": "processing"}

    with pytest.raises(errors.PredictionTimedOut, match="within 1 s"):
        connect(server.url).predict(MODEL, "0" * 64, {}, limit_s=1)

    assert server.requests[-1] == "POST /v1/predictions/p1/cancel"


def test_what_ends_at_once_is_asked_for_at_once_and_what_takes_long_ten_times_a_second(
    server: Any, connect: Callable[[str], Client]
) -> None:
    client = connect(server.url)
    server.prediction = {"status": "processing"}
    naps: list[float] = []
    pass_time = client._sleep

    def sleep(seconds: float) -> None:
        naps.append(seconds)
        pass_time(seconds)

    client._sleep = sleep

    with pytest.raises(errors.PredictionTimedOut):
        client.predict(MODEL, "0" * 64, {}, limit_s=200)

    assert naps[0] <= 0.005
    assert naps == sorted(naps)
    assert set(naps[10:]) == {0.1}
    assert len(naps) > 1024  # powers of two are not to grow with them


def test_an_alias_of_no_model_names_nothing(server: Any, connect: Callable[[str], Client]) -> None:
    assert connect(server.url).alias(MODEL, "live") is None


def test_a_file_is_fetched_whole_or_not_at_all(
    server: Any, connect: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = "/v1/predictions/p1/files/1/a.bin"
    client = connect(server.url)
    monkeypatch.setattr("safepush.client.MAX_CONTENT_BYTES", 1000)

    server.faults[path] = Response(bytes(1000), 200)
    assert client.content(path) == bytes(1000)
    server.faults[path] = Response(bytes(1001), 200)
    with pytest.raises(errors.BadAnswer, match="the file is larger than"):
        client.content(path)
    server.faults[path] = answer('{"detail": "gone"}', 404)
    with pytest.raises(errors.NotFound, match="404 gone"):
        client.content(path)
