"""Connections heard by one thread: what comes in parts, too early, or otherwise than it was."""

import queue
import socket
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from jobs.adapters import parked
from jobs.adapters.parked import Parked, Talk
from jobs.ports import LATER

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

if not parked.POSSIBLE:
    pytest.skip("needs epoll", allow_module_level=True)

HEAD = b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n"
ENVIRON = {"REQUEST_METHOD": "POST", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.input": None}
#: for nothing to come
MOMENT_S = 0.2


def request(body: bytes) -> bytes:
    return HEAD % len(body) + body


class Room:
    """A connection that is parked, its client, and an application that answers when it is told."""

    def __init__(self) -> None:
        ours, self.client = socket.socketpair()
        self.client.settimeout(30)
        self.asked = queue.Queue[tuple[bytes, Any]]()
        self.left = queue.Queue[bytes]()
        self.talk = Talk(ours, None, None)
        self.talk.repeats.learn(request(b"first"), dict(ENVIRON))
        self.parked = Parked(self._app, self._unpark, 60.0, set())
        self.parked.park(self.talk)

    def _app(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        later: Any = environ[LATER]
        self.asked.put((environ["wsgi.input"].read(), later))
        return later  # type: ignore[no-any-return]

    def _unpark(self, talk: Talk, piece: bytes, environ: "WSGIEnvironment | None") -> None:
        self.left.put(piece)

    def body(self, *, answer: bytes) -> bytes:
        """That of the next request that is heard, which is answered so."""
        body, later = self.asked.get(timeout=30)
        later.give("200 OK", [("Content-Length", str(len(answer)))], answer)
        return body

    def answered(self) -> bytes:
        """The body of the next answer."""
        return self.client.recv(1 << 16).partition(b"\r\n\r\n")[2]


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()
    yield made
    made.client.close()
    made.talk.connection.close()


@pytest.mark.parametrize("at", [len(HEAD % 4), len(HEAD % 4) + 1, len(HEAD % 4) + 3])
def test_a_body_that_comes_behind_its_head_is_waited_for_here(room: Room, at: int) -> None:
    whole = request(b"body")
    for number in range(3):
        room.client.sendall(whole[:at])
        with pytest.raises(queue.Empty):
            room.asked.get(timeout=MOMENT_S)
        room.client.sendall(whole[at:])
        assert room.body(answer=b"%d" % number) == b"body"
        assert room.answered() == b"%d" % number
    assert room.left.empty()


def test_one_that_takes_its_time_goes_to_who_can_wait(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parked, "LOOK_S", 0.05)
    part = request(b"body")[:-1]
    room.client.sendall(request(b"before"))
    assert room.body(answer=b"a") == b"before"
    assert room.answered() == b"a"
    room.client.sendall(part)
    assert room.left.get(timeout=30) == part


def test_what_comes_before_the_answer_is_heard_behind_it(room: Room) -> None:
    for _ in range(50):  # at whatever moment it comes
        room.client.sendall(request(b"one"))
        body, later = room.asked.get(timeout=30)
        assert body == b"one"
        room.client.sendall(request(b"two"))
        later.give("200 OK", [("Content-Length", "1")], b"1")
        assert room.body(answer=b"2") == b"two"
        told = b""
        while not told.endswith(b"\r\n\r\n2"):
            told += room.client.recv(1 << 16)
        assert b"\r\n\r\n1HTTP/1.1 200" in told
    assert room.left.empty()


def test_what_lies_behind_all_that_is_read_at_once_is_not_forgotten(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = request(b"x" * 20)
    monkeypatch.setattr(parked, "PIECE_BYTES", len(first))
    room.client.sendall(first + request(b"y"))
    assert room.body(answer=b"1") == b"x" * 20
    assert room.body(answer=b"2") == b"y"
    room.client.sendall(first[:-1] + b"x" + request(b"z")[:-1])
    assert room.body(answer=b"3") == b"x" * 20
    room.client.sendall(b"z")
    assert room.body(answer=b"4") == b"z"
    assert room.left.empty()


OTHERS: list[Callable[[], bytes]] = [
    lambda: b"GET / HTTP/1.1\r\n\r\n",
    lambda: request(b"body") + request(b"next"),
    lambda: HEAD % (1 << 17),
    lambda: HEAD[:10],
]


@pytest.mark.parametrize("make", OTHERS)
def test_anything_else_goes_to_who_can_wait(room: Room, make: Callable[[], bytes]) -> None:
    room.client.sendall(make())
    assert room.left.get(timeout=30) == make()
    assert room.asked.empty()


def test_a_client_that_hangs_up_in_the_middle_is_left_too(room: Room) -> None:
    part = request(b"body")[:-1]
    room.client.sendall(part)
    with pytest.raises(queue.Empty):
        room.left.get(timeout=MOMENT_S)
    room.client.close()
    assert room.left.get(timeout=30) == part
