"""A head that was read once is known again, and nothing else is taken for it."""

import pytest

from jobs.adapters.repeats import Repeats, answer

HEAD = (
    b"POST /v1/predictions HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n"
    b"Content-Type: application/json\r\n\r\n"
)
ENVIRON = {
    "REQUEST_METHOD": "POST",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "PATH_INFO": "/v1/predictions",
    "HTTP_HOST": "x",
}


def request(body: bytes, head: bytes = HEAD) -> bytes:
    return head % len(body) + body


@pytest.fixture
def repeats() -> Repeats:
    """What knows one head."""
    made = Repeats()
    made.learn(request(b"{}"), ENVIRON | {"wsgi.input": "the first body", "CONTENT_LENGTH": "2"})
    return made


@pytest.mark.parametrize("body", [b"{}", b'{"a": 1}', b"", b"\r\n\r\n", b"x" * 60_000])
def test_a_body_of_any_length_is_its_own(repeats: Repeats, body: bytes) -> None:
    found = repeats.taken(request(body) + b"POST /next")
    assert found is not None
    environ, rest = found
    assert environ["wsgi.input"].read() == body
    assert environ["CONTENT_LENGTH"] == str(len(body))
    assert {name: environ[name] for name in ENVIRON} == ENVIRON
    assert rest == b"POST /next"


@pytest.mark.parametrize(
    "piece",
    [
        request(b"{}")[:-1],
        request(b"{}")[:40],
        b"",
        request(b"{}").replace(b"Host: x", b"Host: y"),
        request(b"{}").replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n"),
        request(b"{}").replace(b"Length: 2", b"Length: +2"),
        request(b"{}").replace(b"Length: 2", b"Length: 2 "),
        request(b"{}").replace(b"Length: 2", b"Length: 0x2"),
        request(b"{}").replace(b"Length: 2", b"Length: \xb2"),
        request(b"{}").replace(b"Length: 2", b"Length: "),
        request(b"{}").replace(b"Length: 2", b"Length: 2\r\nContent-Length: 2"),
        request(b"{}").replace(b"Length: 2", b"Length: 9999999999"),
        request(b"{}").replace(b"POST", b"post"),
    ],
)
def test_what_is_not_the_same_is_somebody_elses_to_read(repeats: Repeats, piece: bytes) -> None:
    assert repeats.taken(piece) is None


@pytest.mark.parametrize(
    "line",
    [
        b"Transfer-Encoding: chunked",
        b"expect: 100-continue",
        b"Upgrade: h2c",
        b"content-length: 2",
        b"X: content-length",
    ],
)
def test_a_head_that_says_more_of_its_body_is_not_learned(line: bytes) -> None:
    repeats = Repeats()
    piece = request(b"{}").replace(b"\r\n\r\n", b"\r\n" + line + b"\r\n\r\n")
    repeats.learn(piece, ENVIRON)
    assert repeats.taken(piece) is None


def test_only_what_has_a_length_and_is_whole_is_learned() -> None:
    repeats = Repeats()
    for piece in (b"POST / HTTP/1.1\r\nHost: x\r\n\r\n", request(b"")[:-4]):
        repeats.learn(piece, ENVIRON)
        assert repeats.taken(piece) is None
    for other in ({"REQUEST_METHOD": "PUT"}, {"SERVER_PROTOCOL": "HTTP/1.0"}):
        repeats.learn(request(b"{}"), ENVIRON | other)
        assert repeats.taken(request(b"{}")) is None


def test_an_answer_is_as_gunicorn_sends_it() -> None:
    headers = [("Content-Type", "application/json"), ("Content-Length", "2")]
    whole = answer(("201 CREATED", headers), [b"{}"])
    assert whole is not None
    head, _, body = whole.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "HTTP/1.1 201 CREATED"
    assert [line.partition(":")[0] for line in lines[1:]] == [
        *("Server", "Date", "Connection"),
        *("Content-Type", "Content-Length"),
    ]
    assert body == b"{}"


@pytest.mark.parametrize(
    ("status", "headers", "parts"),
    [
        ("200 OK", [("Content-Length", "3")], [b"{}"]),
        ("200 OK", [], [b"{}"]),
        ("200 OK", [("Content-Length", "2")], [b"{", b"}"]),
        ("200 OK", [("Content-Length", "2")], iter([b"{}"])),
        ("204 NO CONTENT", [("Content-Length", "0")], [b""]),
        ("200 OK", [("Content-Length", "2"), ("Connection", "close")], [b"{}"]),
        ("200 OK", [("Content-Length", "2"), ("Location", "a\r\nb: c")], [b"{}"]),
        ("200 OK", [("Content-Length", "2"), ("a\r\nb", "c")], [b"{}"]),
        ("200 OK", [("Content-Length", "2"), ("Location", "€")], [b"{}"]),
    ],
)
def test_any_other_answer_is_gunicorns(status: str, headers: object, parts: object) -> None:
    assert answer((status, headers), parts) is None
