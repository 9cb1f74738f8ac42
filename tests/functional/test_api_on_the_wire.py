"""What only a socket can say: chunked bodies, half requests, requests that are none."""

import json
import socket
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest

from jobs.api.body import MAX_JSON
from tests.servers.penstock import Penstock


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Penstock]:
    started = Penstock(tmp_path_factory.mktemp("wire"), PENSTOCK_MAX_UPLOAD_GB="0.03")
    started.start()
    yield started
    started.stop()


def headers(server: Penstock) -> dict[str, str]:
    token = (server.data / "token").read_text().strip()
    return {"Authorization": f"Bearer {token}"}


def pieces(content: bytes, size: int = 65536) -> Iterator[bytes]:
    """A body whose length httpx does not know, so that it is sent in chunks."""
    for at in range(0, len(content), size):
        yield content[at : at + size]


def test_a_chunked_body_is_read_to_its_end(server: Penstock) -> None:
    body = json.dumps({"owner": "wire", "name": "chunked"}).encode()

    url = f"{server.url}/v1/models"
    answer = httpx.post(url, content=pieces(body, 7), headers=headers(server))

    assert answer.status_code == 201
    assert answer.request.headers["Transfer-Encoding"] == "chunked"


@pytest.mark.parametrize(
    ("method", "path", "size", "limit"),
    [
        ("POST", "/v1/models", MAX_JSON + 2**20, MAX_JSON),
        ("PUT", f"/v1/blobs/{'ab' * 32}", 31_000_000, 30_000_000),
    ],
)
def test_a_chunked_body_over_the_limit_is_given_up(
    server: Penstock, method: str, path: str, size: int, limit: int
) -> None:
    try:
        answer = httpx.request(
            method, server.url + path, content=pieces(bytes(size)), headers=headers(server)
        )
    except httpx.TransportError:
        pass  # the server hung up while we were still sending, as it may
    else:
        assert answer.status_code == 413
        assert f"{limit:,}" in answer.json()["detail"]
    assert server.call("GET", "/v1/models") is not None


def say(server: Penstock, request: bytes) -> bytes:
    """Send bytes, say no more, and read what comes back."""
    answer = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as door:
        with suppress(OSError):  # it may have hung up by now
            door.sendall(request)
            door.shutdown(socket.SHUT_WR)
        with suppress(ConnectionResetError):
            while piece := door.recv(65536):
                answer += piece
    return answer


def lines(server: Penstock, *more: str, body: bytes = b"") -> bytes:
    token = headers(server)["Authorization"]
    head = ["POST /v1/models HTTP/1.1", "Host: x", f"Authorization: {token}", *more]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def test_chunks_that_are_none_are_a_bad_request(server: Penstock) -> None:
    for body in (b"zz\r\n{}\r\n0\r\n\r\n", b"-5\r\n{}\r\n0\r\n\r\n", b"5\r\n{}", b""):
        answer = say(server, lines(server, "Transfer-Encoding: chunked", body=body))
        assert answer.split()[1] == b"400", (body, answer)
        assert b"application/problem+json" in answer


def test_a_body_that_breaks_off_is_a_bad_request(server: Penstock) -> None:
    answer = say(server, lines(server, "Content-Length: 1000", body=b'{"owner": '))

    assert answer.split()[1] == b"400"
    assert b"application/problem+json" in answer


@pytest.mark.parametrize(
    "request_bytes",
    [b"", b"\r\n\r\n", b"GARBAGE\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/9.9\r\n\r\n",
     b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 5000],
    ids=["nothing", "blank", "garbage", "tls", "version", "long-line", "many-headers"],
)  # fmt: skip
def test_what_is_no_request_harms_nobody(server: Penstock, request_bytes: bytes) -> None:
    say(server, request_bytes)

    assert httpx.get(f"{server.url}/health").json() == {"status": "ok"}


def test_a_line_that_is_too_long_is_refused_like_anything_else(server: Penstock) -> None:
    answer = say(server, b"GET /v1/search?query=" + b"a" * 5000 + b" HTTP/1.1\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head
    told = json.loads(body)
    assert (told["status"], told["code"]) == (400, "bad_request")
    assert "too large" in told["detail"]


def test_a_folded_or_odd_header_is_no_failure(server: Penstock) -> None:
    for header in ("Prefer: wait\r\n =5", "Prefer: wait=5\x01", "Idempotency-Key: a\r\n b"):
        answer = say(server, lines(server, header, "Content-Length: 2", body=b"{}"))
        assert answer.split()[1] != b"500", answer
