"""The sender against endpoints that are slow, endless, broken, hostile or private."""

import socket
import ssl
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest

from tests.servers.certificate import certificate
from tests.servers.endpoint import (
    OK,
    Endpoint,
    Manner,
    never_ends,
    resets,
    says,
    silent,
    status,
)
from webhooks.attempt import BODY_KEPT, HEAD_MOST
from webhooks.deliveries import Outcome
from webhooks.errors import ConfigurationError
from webhooks.sender import Request, Sender

LOOPBACK = (ip_network("127.0.0.0/8"),)
HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n"


@pytest.fixture
def sender() -> Iterator[Sender]:
    sender = Sender(allow=LOOPBACK, timeout_s=30)
    yield sender
    sender.close()


@pytest.fixture
def hasty() -> Iterator[Sender]:
    """For endpoints that must be given up."""
    sender = Sender(allow=LOOPBACK, timeout_s=1)
    yield sender
    sender.close()


def post(sender: Sender, url: str, body: bytes = b"{}") -> Outcome:
    """One attempt."""
    (outcome,) = post_all(sender, [Request("one", url, body, {"webhook-id": "evt_1"})]).values()
    return outcome


def post_all(sender: Sender, requests: list[Request]) -> dict[str, Outcome]:
    outcomes: dict[str, Outcome] = {}
    sender.send(requests, outcomes.__setitem__)
    return outcomes


def meets(sender: Sender, manner: Manner) -> Outcome:
    """One attempt at an endpoint of that manner."""
    with Endpoint(manner) as endpoint:
        return post(sender, endpoint.url)


def test_the_bytes_go_out_as_they_are(sender: Sender) -> None:
    body = b'{"n": 1.0,  "\xc3\xa9": "\x00"}\n'
    with Endpoint(says(OK)) as endpoint:
        outcome = post(sender, endpoint.url, body)
    (request,) = endpoint.requests
    head, _, sent = request.partition(b"\r\n\r\n")
    assert sent == body
    assert head.startswith(b"POST /hook HTTP/1.1\r\n")
    assert b"\r\nwebhook-id: evt_1\r\n" in head + b"\r\n"
    assert b"\r\ncontent-type: application/json\r\n" in head
    assert b"expect" not in head.lower()
    assert (outcome.status, outcome.error, outcome.delivered) == (200, None, True)
    assert outcome.body_start == b"ok"
    assert outcome.duration_s > 0


@pytest.mark.parametrize("code", [200, 201, 202, 204, 299])
def test_2xx_is_delivered(sender: Sender, code: int) -> None:
    with Endpoint(says(f"HTTP/1.1 {code} Fine\r\ncontent-length: 0\r\n\r\n".encode())) as endpoint:
        assert post(sender, endpoint.url).delivered


@pytest.mark.parametrize("code", [300, 304, 400, 401, 404, 409, 410, 413, 429, 500, 502, 503, 504])
def test_nothing_else_is(sender: Sender, code: int) -> None:
    outcome = meets(sender, status(code))
    assert (outcome.status, outcome.error, outcome.delivered) == (code, None, False)


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_failure_and_is_not_followed(sender: Sender, code: int) -> None:
    with (
        Endpoint(says(OK)) as elsewhere,
        Endpoint(status(code, f"location: {elsewhere.url}")) as here,
    ):
        outcome = post(sender, here.url)
    assert (outcome.status, outcome.delivered) == (code, False)
    assert elsewhere.connections == 0


def test_an_endpoint_that_never_answers_is_given_up(hasty: Sender) -> None:
    outcome = meets(hasty, never_ends(b"", b"", 0.05))
    assert (outcome.status, outcome.error) == (None, "no answer in time")


def test_a_dripping_head_is_given_up(hasty: Sender) -> None:
    outcome = meets(hasty, never_ends(b"HTTP/1.1 200 OK\r\nx-slow: ", b"a", 0.05))
    assert (outcome.status, outcome.error) == (None, "no answer in time")


def test_a_dripping_body_is_given_up_and_its_status_counts(hasty: Sender) -> None:
    outcome = meets(hasty, never_ends(HEAD, b"a", 0.05))
    assert outcome.delivered
    assert outcome.error is not None
    assert "after its status" in outcome.error


def test_an_endless_body_is_cut_and_its_status_counts(sender: Sender) -> None:
    sent = []

    def endless(connection: socket.socket, request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        while len(sent) < 1000:
            connection.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
            sent.append(0x10000)

    outcome = meets(sender, endless)
    assert (outcome.status, outcome.error) == (200, None)
    assert outcome.body_start == b"x" * BODY_KEPT
    assert len(sent) < 1000  # what the sockets' buffers hold, and no more


def test_an_endless_head_is_cut(sender: Sender) -> None:
    line = b"x-much: " + b"x" * 1000 + b"\r\n"
    outcome = meets(sender, never_ends(b"HTTP/1.1 200 OK\r\n", line))
    assert outcome.status is None
    assert outcome.error == f"the answer's head is larger than {HEAD_MOST} bytes"


def test_endless_announcements_are_cut(sender: Sender) -> None:
    outcome = meets(sender, never_ends(b"", b"HTTP/1.1 100 Continue\r\n\r\n"))
    assert outcome.status is None
    assert outcome.error is not None


def test_a_status_after_an_announcement_is_the_one(sender: Sender) -> None:
    first = b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n"
    assert meets(sender, says(first + OK)).status == 200


def test_a_reset_before_the_answer_is_a_failure(sender: Sender) -> None:
    outcome = meets(sender, resets())
    assert (outcome.status, outcome.delivered) == (None, False)
    assert outcome.error is not None


def test_a_reset_inside_the_head_is_a_failure(sender: Sender) -> None:
    outcome = meets(sender, resets(b"HTTP/1.1 200 OK\r\ncontent-"))
    assert (outcome.status, outcome.delivered) == (None, False)


def test_a_status_before_a_reset_counts(sender: Sender) -> None:
    outcome = meets(sender, resets(HEAD + b"begun"))
    assert outcome.delivered
    assert outcome.error is not None


def test_closed_without_a_word(sender: Sender) -> None:
    outcome = meets(sender, lambda connection, request: connection.close())
    assert (outcome.status, outcome.delivered) == (None, False)


@pytest.mark.parametrize("answer", [b"hello\n", b"\x16\x03\x01", b"HTTP/1.1 abc\r\n\r\n"])
def test_an_answer_that_is_not_http_is_a_failure(sender: Sender, answer: bytes) -> None:
    outcome = meets(sender, says(answer + b"\r\n" * 2))
    assert not outcome.delivered


def test_nobody_listens(sender: Sender) -> None:
    with silent() as port:
        outcome = post(sender, f"http://127.0.0.1:{port}/")
    assert (outcome.status, outcome.error) == (None, "the connection was refused")


def test_a_name_that_does_not_exist(sender: Sender) -> None:
    outcome = post(sender, "http://no-such-name.invalid/")
    assert outcome.status is None
    assert outcome.error in ("the name could not be resolved", "no answer in time")


@pytest.mark.parametrize("text", ["120", "  7 "])
def test_retry_after_is_read(sender: Sender, text: str) -> None:
    outcome = meets(sender, status(503, f"Retry-After: {text}"))
    assert outcome.retry_after_s == float(text)


# --- what a poisonous request does to its neighbours ---------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://exämple.invalid/",
        "http://\x00/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1/\r\nx: y",
        "http:///",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "",
        "http://[::1",
    ],
)
def test_an_address_that_cannot_be_used_harms_nobody_else(sender: Sender, url: str) -> None:
    with Endpoint(says(OK)) as endpoint:
        requests = [Request("bad", url, b"{}", {}), Request("good", endpoint.url, b"{}", {})]
        outcomes = post_all(sender, requests)
    assert outcomes["good"].delivered
    assert outcomes["bad"].status is None
    assert outcomes["bad"].error


def test_a_slow_endpoint_holds_nobody_else_up() -> None:
    sender = Sender(allow=LOOPBACK, timeout_s=30, at_once=8)
    with Endpoint(never_ends(b"", b"", 0.1)) as slow, Endpoint(says(OK)) as quick:
        sender.launch(Request("slow", slow.url, b"{}", {}))
        ended: list[str] = []
        for n in range(50):
            sender.launch(Request(str(n), quick.url, b"{}", {}))
            while str(n) not in ended:
                ended += [id for id, _ in sender.turn(1)]
        assert "slow" not in ended
        assert sender.room == 7
        assert quick.connections == 1  # the socket is kept
    sender.close()


def test_as_many_as_there_is_room_for_are_under_way() -> None:
    sender = Sender(allow=LOOPBACK, timeout_s=30, at_once=4)
    with Endpoint(says(OK)) as endpoint:
        requests = [Request(str(n), endpoint.url, b"{}", {}) for n in range(100)]
        outcomes = post_all(sender, requests)
    assert len(outcomes) == 100
    assert all(outcome.delivered for outcome in outcomes.values())
    assert endpoint.connections <= 4
    sender.close()


@pytest.mark.parametrize("wrong", [{"timeout_s": 0}, {"timeout_s": -1}, {"at_once": 0}])
def test_limits_cannot_be_off(wrong: dict[str, float]) -> None:
    with pytest.raises(ConfigurationError):
        Sender(**wrong)  # type: ignore[arg-type]


# --- addresses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "0x7f.1",
        "0x7f000001",
        "2130706433",
        "0177.0.0.1",
        "localhost",
        "LOCALHOST.",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::127.0.0.1]",
        "0.0.0.0",
        "0",
        "example.com@127.0.0.1",
        "example.com:80@127.0.0.1",
        "%31%32%37.0.0.1",
        "①②⑦.⓪.⓪.①",
    ],
)
def test_no_spelling_of_a_private_address_is_dialled(host: str) -> None:
    sender = Sender(timeout_s=5)
    with Endpoint(says(OK)) as endpoint:
        outcome = post(sender, f"http://{host}:{endpoint.port}/hook")
        assert not outcome.delivered
        assert outcome.error
        assert endpoint.connections == 0
    sender.close()


def test_a_name_that_resolves_to_a_private_address_says_so() -> None:
    sender = Sender(timeout_s=5)
    outcome = post(sender, "http://localhost:8080/")
    assert outcome.error is not None
    assert outcome.error.startswith("the address was refused: it is in ")
    sender.close()


def test_an_allowed_network_is_no_more_than_that() -> None:
    sender = Sender(allow=(ip_network("127.0.0.2/32"),), timeout_s=5)
    with Endpoint(says(OK)) as endpoint:
        assert not post(sender, endpoint.url).delivered
        assert endpoint.connections == 0
    sender.close()


def test_no_proxy_dials_for_us(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    with Endpoint(says(OK)) as proxy, Endpoint(status(418)) as endpoint:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.delenv("no_proxy", raising=False)
        assert post(sender, endpoint.url).status == 418
    assert proxy.connections == 0


# --- TLS -----------------------------------------------------------------------------------------


def context(folder: Path, *names: str) -> ssl.SSLContext:
    """A server's side of TLS for a certificate that signs itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(folder, *names))
    return context


def test_a_certificate_that_signs_itself_is_refused(sender: Sender, tmp_path: Path) -> None:
    with Endpoint(says(OK), context(tmp_path, "127.0.0.1")) as endpoint:
        outcome = post(sender, endpoint.url)
    assert (outcome.status, outcome.error) == (None, "the TLS certificate does not hold")
    assert endpoint.requests == []


def test_a_certificate_for_another_name_is_refused(
    sender: Sender, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = context(tmp_path, "elsewhere.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    with Endpoint(says(OK), tls) as endpoint:
        outcome = post(sender, endpoint.url)
    assert (outcome.status, outcome.error) == (None, "the TLS certificate does not hold")


def test_a_certificate_of_a_trusted_authority_is_taken(
    sender: Sender, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = context(tmp_path, "127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    with Endpoint(says(OK), tls) as endpoint:
        assert post(sender, endpoint.url).delivered


def test_plain_text_where_tls_was_expected(hasty: Sender) -> None:
    with Endpoint(says(OK)) as endpoint:
        outcome = post(hasty, endpoint.url.replace("http:", "https:"))
    assert not outcome.delivered


# --- name resolution that hangs ------------------------------------------------------------------

LOOKUP = """
    import fcntl, socket, struct, time
    from ipaddress import ip_network
    from tests.servers.endpoint import OK, Endpoint, says
    from webhooks.sender import Request, Sender
    dumb = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    fcntl.ioctl(dumb, 0x8914, struct.pack("16sh14x", b"lo", 0x49))  # loopback is up and running
    dumb.bind(("127.0.0.1", 53))  # takes every question and answers none
    sender = Sender(allow=[ip_network("127.0.0.0/8")], timeout_s=1)
    began = time.monotonic()
    with Endpoint(says(OK)) as endpoint:
        requests = [Request("slow", "http://slow.example.org/", b"{}", {}),
                    Request("quick", endpoint.url, b"{}", {})]
        sender.send(requests, lambda id, outcome: print(id, outcome.status, outcome.error))
    sender.close()
    print("before the resolver gave up:", time.monotonic() - began < 30)
"""


def test_a_lookup_that_hangs_is_part_of_the_total_time(tmp_path: Path) -> None:
    nameserver = tmp_path / "resolv.conf"
    nameserver.write_text("nameserver 127.0.0.1\noptions timeout:30 attempts:2\n")
    own = ["unshare", "--map-root-user", "--mount", "--net"]
    if subprocess.run([*own, "true"], capture_output=True, check=False).returncode:
        pytest.skip("a name server of our own needs namespaces, which are forbidden here")
    swap = f'mount --bind {nameserver} /etc/resolv.conf && exec "$@"'
    words = ["sh", "-c", swap, "sh", sys.executable, "-c", textwrap.dedent(LOOKUP)]
    done = subprocess.run([*own, *words], capture_output=True, text=True, check=False, timeout=100)
    assert done.stdout.splitlines() == [
        "quick 200 None",
        "slow None no answer in time",
        "before the resolver gave up: True",
    ], done.stderr
