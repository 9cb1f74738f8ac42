"""Whom the commands believe over https: the certificates are read once, and are those named."""

import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from jobs.cli import http
from safepush import connection
from safepush.client import Client
from safepush.connection import Connection
from safepush.errors import ServiceUnreachable
from tests.servers.certificate import certificate


class Answers(BaseHTTPRequestHandler):
    """Has nothing, and says so."""

    def do_GET(self) -> None:
        self.send_response(404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """One that only those believe who were told to."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path, "127.0.0.1"))
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as made:
        made.socket = context.wrap_socket(made.socket, server_side=True)
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"https://127.0.0.1:{made.server_port}"
        made.shutdown()
        thread.join()


def test_certificates_are_read_once_for_all_requests() -> None:
    assert http.trusted() is http.trusted()
    assert connection.trusted() is connection.trusted()


def test_a_server_is_believed_by_the_certificates_that_are_named(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PENSTOCK_URL", server)
    monkeypatch.setenv("PENSTOCK_TOKEN", "pst_x")
    with pytest.raises(http.Unreachable):
        http.send("GET", "/v1/models")
    with Client(Connection(server, None)) as gate, pytest.raises(ServiceUnreachable):
        gate.alias("demo/hello", "live")

    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))

    with pytest.raises(http.CliError, match="answered 404"):
        http.send("GET", "/v1/models")
    with Client(Connection(server, None)) as gate:
        assert gate.alias("demo/hello", "live") is None
