"""Connections that are silent or slow cost the API no thread: two threads, many of them."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from tests.servers.process import free_port

_SERVER = """
import sys
from flask import Flask, request
from jobs.adapters import heads
from jobs.adapters.gunicorn import Layout, serve

heads.HEAD_S, heads.BODY_SILENCE_S = 4, 1
app = Flask("small")
app.add_url_rule("/", "there", lambda: "there")
app.add_url_rule("/echo", "echo", lambda: request.get_data(), methods=["POST"])
app.add_url_rule("/deaf", "deaf", lambda: ("no", 401), methods=["POST"])
serve(lambda: app, Layout("127.0.0.1", int(sys.argv[1]), processes=1, threads=2, drain_s=1))
"""
HEAD = b"POST /%s HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server with two threads."""
    found = free_port()
    words = [sys.executable, "-c", _SERVER, str(found)]
    with subprocess.Popen(words) as server, httpx.Client() as client:
        while True:
            try:
                client.get(f"http://127.0.0.1:{found}/")
                break
            except httpx.TransportError:
                assert server.poll() is None
        yield found
        server.terminate()


def connected(port: int, said: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.sendall(said)
    return connection


@pytest.mark.parametrize(
    "said", [b"", HEAD % b"echo", HEAD % b"deaf" + b"\r\n"], ids=["nothing", "half a head", "401"]
)
def test_who_says_too_little_keeps_nobody_waiting(port: int, said: bytes) -> None:
    with ExitStack() as slow:
        for _ in range(30):
            slow.enter_context(connected(port, said))

        assert httpx.get(f"http://127.0.0.1:{port}/", timeout=10).text == "there"


def test_half_a_head_is_given_up(port: int) -> None:
    with connected(port, HEAD % b"echo") as slow:
        assert slow.recv(100) == b""


def test_a_body_that_does_not_come_is_given_up(port: int) -> None:
    with connected(port, HEAD % b"echo" + b"\r\nab") as slow:
        assert b" 400 " in slow.recv(100)


@pytest.mark.parametrize("said", [b"GET /%b HTTP/1.1\r\n\r\n" % (b"a" * 5000), b"GARBAGE\r\n\r\n"])
def test_what_cannot_be_read_is_refused_like_anything_else(port: int, said: bytes) -> None:
    with connected(port, said) as one:
        answer = b"".join(iter(lambda: one.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"application/problem+json" in answer
    assert b"this is no request that can be read" in answer


def test_requests_in_pieces_on_one_connection(port: int) -> None:
    whole = HEAD % b"echo" + b"\r\nbody"
    with connected(port, whole + whole[:20]) as one:
        heard = read(one, bodies=1)
        for piece in (whole[20:30], whole[30:-2], whole[-2:]):
            one.sendall(piece)
        heard += read(one, bodies=1)
        one.sendall(whole + whole)
        heard += read(one, bodies=2)
    assert heard.count(b" 200 OK") == 4


def read(connection: socket.socket, bodies: int) -> bytes:
    heard = b""
    while heard.count(b"body") < bodies:
        heard += connection.recv(1000) or pytest.fail(f"it ended after {heard!r}")
    return heard
