"""Input files come only from where they may, and errors say scheme and reason."""

import base64
import gzip
import itertools
import ssl
import threading
from collections.abc import Collection, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from jobs.adapters.disk import DiskBlobs
from jobs.adapters.fetch import Fetcher, resolved
from jobs.core.caller import Caller
from jobs.core.errors import BlobError, FetchFailed
from tests.servers.web import certificate as self_signed

LOOPBACK = (ip_network("127.0.0.0/8"),)
ME = Caller("me", ("data/in",))


class Web(BaseHTTPRequestHandler):
    """Answers by path."""

    def do_GET(self) -> None:
        kind, _, rest = self.path.lstrip("/").partition("/")
        answer = getattr(self, f"_{kind}", None)
        if answer is None:
            self._send(404, b"<html>not here</html>")
        else:
            answer(rest)

    def _redirect(self, rest: str) -> None:
        count = int(rest)
        self._send(302, b"moved", f"/redirect/{count - 1}" if count else "/ok/x.png")

    def _to(self, rest: str) -> None:
        self._send(302, b"moved", rest)

    def _slow(self, rest: str) -> None:
        self._waited(5)

    def _ok(self, rest: str) -> None:
        self._send(200, b"body")

    def _endless(self, rest: str) -> None:
        self._begin()
        while not self.wfile.closed and self._write(b"x" * 10_000):
            pass

    def _huge(self, rest: str) -> None:
        self._begin(("Content-Length", str(10**12)))
        self._waited(5)

    def _drip(self, rest: str) -> None:
        self._begin()
        while self._write(b"x") and not self._waited(0.1):
            pass

    def _bomb(self, rest: str) -> None:
        self._begin(("Content-Encoding", "gzip"))
        self._write(gzip.compress(bytes(10_000_000)))

    def _waited(self, seconds: float) -> bool:
        over: bool = self.server.waiting.wait(seconds)  # type: ignore[attr-defined]
        return over

    def _begin(self, *headers: tuple[str, str]) -> None:
        self.send_response(200)
        for header in headers:
            self.send_header(*header)
        self.end_headers()

    def _send(self, status: int, body: bytes, location: str | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if location is not None:
            self.send_header("Location", location)
        self.end_headers()
        self._write(body)

    def _write(self, data: bytes) -> bool:
        try:
            self.wfile.write(data)
        except OSError:
            return False
        return True

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def web() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Web)
    server.waiting = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.waiting.set()  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


class World:
    """A fetcher and what it may see."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = itertools.count()
        self.blobs = DiskBlobs(folder / "blobs")
        self.bucket = DiskBlobs(folder / "bucket")

    def fetcher(self, **options: Any) -> Fetcher:
        return Fetcher(
            self.blobs,
            bucket=lambda name: self.bucket,
            file_keys=self._file_keys,
            **options,
        )

    def fetch(self, uri: str, *, timeout_s: float = 5, **options: Any) -> Path:
        usual = {"allow_http": True, "allow_networks": LOOPBACK, "max_bytes": 1000}
        fetcher = self.fetcher(**usual | options)
        self.place = self.folder / f"staged-{next(self.numbers)}" / "image"
        keys = self._file_keys([uri], ME.owner)
        return fetcher.fetch(uri, self.place, caller=ME, keys=keys, timeout_s=timeout_s)

    def refused(self, uri: str, **options: Any) -> str:
        with pytest.raises(FetchFailed) as caught:
            self.fetch(uri, **options)
        assert list(self.place.parent.glob("*")) == [], "something was left behind"
        assert caught.value.__cause__ is None
        assert "s3cret" not in str(caught.value)
        return str(caught.value)

    def _file_keys(self, ids: Collection[str], owner: str) -> dict[str, str]:
        return {"file_1": "files/1"} if owner == "me" and "file_1" in ids else {}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_data_uris(world: World) -> None:
    encoded = base64.b64encode(b"\x89PNG").decode()
    place = world.fetch(f"data:image/png;base64,{encoded}")
    assert (place.name, place.read_bytes()) == ("image.png", b"\x89PNG")
    assert world.fetch("data:,a%20b").read_bytes() == b"a b"
    assert "not base64" in world.refused("data:;base64,s3cret!")
    assert "larger than 3 bytes" in world.refused("data:,s3cret", max_bytes=3)


def test_s3_needs_a_grant(world: World) -> None:
    world.bucket.put("in/a.jpg", [b"jpg"])
    place = world.fetch("s3://data/in/a.jpg")
    assert (place.name, place.read_bytes()) == ("image.jpg", b"jpg")
    for uri in (
        "s3://data/inside/s3cret",
        "s3://data/in2",
        "s3://other/in/a.jpg",
        "s3://data/s3cret",
    ):
        assert "no grant" in world.refused(uri)
        assert "penstock token create --bucket" in world.refused(uri)
    assert "'..'" in world.refused("s3://data/in/../s3cret")
    assert world.refused("s3://data/in/s3cret") == "s3: there is no such object"
    assert "larger" in world.refused("s3://data/in/a.jpg", max_bytes=2)


class Shaky(DiskBlobs):
    """Breaks off in the middle of the first reads."""

    def __init__(self, root: Path, failures: int) -> None:
        super().__init__(root)
        self.failures = failures

    def open(self, key: str, **options: Any) -> Iterator[bytes]:
        """The object, or its first bytes and no more."""
        content = b"".join(super().open(key, **options))
        if self.failures:
            self.failures -= 1
            yield content[:2]
            raise BlobError("the object store did not answer")
        yield content


@pytest.mark.parametrize("uri", ["s3://data/in/a.png", "file_1"])
def test_a_store_that_is_away_for_a_while_costs_no_row(world: World, uri: str) -> None:
    world.bucket, world.blobs = Shaky(world.folder / "b", 2), Shaky(world.folder / "o", 2)
    world.bucket.put("in/a.png", [b"whole"])
    world.blobs.put("files/1", [b"whole"])
    assert world.fetch(uri, max_bytes=5).read_bytes() == b"whole"
    world.bucket.failures = world.blobs.failures = 9
    assert "did not give" in world.refused(uri, patience_s=0.1)


def test_uploaded_files_belong_to_their_owner(world: World) -> None:
    world.blobs.put("files/1", [b"mine"])
    assert world.fetch("file_1").read_bytes() == b"mine"
    assert "no such file" in world.refused("file_2")


def test_relative_paths_lie_beside_the_manifest(world: World) -> None:
    world.bucket.put("in/pictures/a.png", [b"png"])
    world.bucket.put("in/file_1.png", [b"beside"])
    bring = world.fetcher().for_caller(ME, "s3://data/in/manifest.jsonl", [])
    assert bring("pictures/a.png", world.folder / "x").read_bytes() == b"png"
    assert bring("file_1.png", world.folder / "y").read_bytes() == b"beside"
    assert "relative path" in world.refused("pictures/a.png")
    assert "'..'" in world.refused("../s3cret")


@pytest.mark.parametrize(
    ("uri", "expected"),
    [("a/b.png", "s3://b/in/a/b.png"), ("data:,x", "data:,x"), ("file_1", "file_1"),
     ("file_1.png", "s3://b/in/file_1.png"), ("a/b:c", "s3://b/in/a/b:c"), ("a:b", "a:b"),
     ("https://h/x", "https://h/x"), ("../a", "../a"), ("/etc/passwd", "/etc/passwd")],
)  # fmt: skip
def test_resolved(uri: str, expected: str) -> None:
    assert resolved(uri, "s3://b/in/m.jsonl") == expected
    assert resolved(uri, None) == uri


def test_web(world: World, web: str) -> None:
    place = world.fetch(f"{web}/ok/x.png?s3cret")
    assert (place.name, place.read_bytes()) == ("image.png", b"body")
    assert world.fetch(f"{web}/redirect/4").read_bytes() == b"body"
    assert "more than 5 redirects" in world.refused(f"{web}/redirect/9")
    assert world.refused(f"{web}/s3cret") == "http: the server answered 404"
    assert "longer than 0.2 s" in world.refused(f"{web}/slow/s3cret", timeout_s=0.2)
    assert "larger than 1000 bytes" in world.refused(f"{web}/endless/x")


def test_what_would_take_too_much_is_cut_off(world: World, web: str) -> None:
    assert "larger than 1000 bytes" in world.refused(f"{web}/huge/x")
    slow = world.refused(f"{web}/drip/s3cret", timeout_s=60, slow_s=1)
    assert slow == "http: it sent less than 1024 bytes a second for 1 s"
    sent = world.fetch(f"{web}/bomb/x", max_bytes=20_000).read_bytes()
    assert gzip.decompress(sent) == bytes(10_000_000), "what came was inflated on the way"


def test_private_addresses_are_not_dialled(world: World, web: str) -> None:
    for host in (web, web.replace("127.0.0.1", "localhost"), web.replace("127.0.0.1", "0x7f.1")):
        assert "may not be dialled" in world.refused(f"{host}/ok/s3cret", allow_networks=())


def test_a_redirect_is_judged_too(world: World, web: str) -> None:
    only_this = (ip_network("127.0.0.1/32"),)
    elsewhere = f"{web}/to/http://127.0.0.2:{web.rpartition(':')[2]}/ok/x"
    assert "may not be dialled" in world.refused(elsewhere, allow_networks=only_this)
    assert "scheme" in world.refused(f"{web}/to/file:///etc/passwd")
    assert "scheme" in world.refused(f"{web}/to/gopher://127.0.0.1/x")


def test_a_proxy_is_not_used(world: World, web: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    assert world.fetch(f"{web}/ok/x").read_bytes() == b"body"


def test_schemes_that_are_not_allowed(world: World, web: str) -> None:
    assert "http:// is not allowed" in world.refused(f"{web}/ok/s3cret", allow_http=False)
    for uri in ("ftp://h/s3cret", "file:///etc/s3cret", "/etc/s3cret", "s3cret\0"):
        assert "must be" in world.refused(uri)


def test_a_certificate_nobody_vouches_for(world: World, tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Web)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    reason = world.refused(f"https://127.0.0.1:{server.server_port}/ok/s3cret")
    thread.join()
    server.server_close()
    assert reason == "https: the certificate is not valid"
