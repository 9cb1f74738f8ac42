"""A download is whole or not there, whatever the other side does."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click
import pytest

from jobs.cli import http, transfer

WHOLE = b"x" * 100_000
SHA256 = "85b6f2eea9cb56d1b3a8d04ed29ab7c7ed17ba88e2a1d9f0a1dd0e3ee03b2b93"


class Door(BaseHTTPRequestHandler):
    """Sends what it says, half of it, or a problem."""

    def do_GET(self) -> None:
        self.send_response(404 if self.path == "/missing" else 200)
        self.send_header("Content-Length", str(len(WHOLE)))
        self.end_headers()
        self.wfile.write(WHOLE[: len(WHOLE) // 2] if self.path == "/half" else WHOLE)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("PENSTOCK_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("PENSTOCK_TOKEN", "t")
    yield
    server.shutdown()
    thread.join()
    server.server_close()


def fetch(path: str, target: Path, sha256: str | None = None) -> int:
    seen: list[int] = []
    with http.client() as client:
        transfer.download(client, path, target, seen.append, sha256)
    return sum(seen)


@pytest.mark.usefixtures("door")
def test_what_came_whole_is_there(tmp_path: Path) -> None:
    target = tmp_path / "new" / "folder" / "file"

    assert fetch("/whole", target) == len(WHOLE)

    assert target.read_bytes() == WHOLE
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.usefixtures("door")
@pytest.mark.parametrize(
    ("path", "sha256", "kind"),
    [
        ("/half", None, http.Unreachable),
        ("/missing", None, http.CliError),
        ("/whole", SHA256, http.CliError),
    ],
)
def test_what_came_otherwise_leaves_what_was_there(
    tmp_path: Path, path: str, sha256: str | None, kind: type[Exception]
) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"before")

    with pytest.raises(kind):
        fetch(path, target, sha256)

    assert target.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.usefixtures("door")
def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(http.CliError, match="cannot write"):
        fetch("/whole", tmp_path / "file" / "below")


def test_only_our_own_addresses_are_downloaded() -> None:
    below = "/v1/batches/b/files/"
    output = {
        "a": [f"http://x{below}1.1/0/a.png", f"https://y{below}1.1/0/b.png"],
        "b": "http://x/v1/batches/other/files/1.1/0/a.png",
        "c": [f"text {below}", f"ftp://x{below}c", 5, None, True],
    }

    assert list(transfer.named(output, below)) == [f"{below}1.1/0/a.png", f"{below}1.1/0/b.png"]


def test_a_file_that_is_not_there_is_no_upload(tmp_path: Path) -> None:
    for name, told in ((tmp_path, "is a folder"), (tmp_path / "none", "no file")):
        with pytest.raises(click.UsageError, match=told):
            transfer.upload(str(name))
