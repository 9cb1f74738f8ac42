"""An S3 server for tests: named by the environment, Ceph's gateway on PATH, or moto."""

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jobs.adapters.s3 import s3_client
from tests.servers.ceph import gateway
from tests.servers.process import Server, Unavailable, free_port

_ACCESS, _SECRET = "TESTACCESSKEY0000001", "test-secret-key-of-this-run"


@dataclass(frozen=True)
class S3Server:
    """Where it is and how to get in; `real` if it checks signatures as S3 does."""

    endpoint: str
    access_key: str
    secret_key: str
    what: str
    real: bool

    def client(self) -> Any:
        """A boto3 client for it."""
        return s3_client(self.endpoint, access_key=self.access_key, secret_key=self.secret_key)


@contextmanager
def running(folder: Path) -> Iterator[S3Server]:
    """The server, while it runs."""
    if url := os.environ.get("TEST_S3_URL"):
        yield _named(url)
    elif shutil.which("radosgw") and shutil.which("ceph-osd"):
        with gateway(folder, _ACCESS, _SECRET) as endpoint:
            yield S3Server(endpoint, _ACCESS, _SECRET, "Ceph's radosgw on PATH", real=True)
    else:
        yield from _moto(folder)


def _named(url: str) -> S3Server:
    parts = urlsplit(url)
    if not parts.username or not parts.password:
        raise RuntimeError("TEST_S3_URL must be http://ACCESS_KEY:SECRET_KEY@HOST:PORT")
    endpoint = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    return S3Server(endpoint, parts.username, parts.password, "from TEST_S3_URL", real=True)


def _moto(folder: Path) -> Iterator[S3Server]:
    if importlib.util.find_spec("moto") is None:
        raise Unavailable("install radosgw or moto[server], or set TEST_S3_URL")
    port = free_port()
    program = "from moto.server import main; main()"
    argv = [sys.executable, "-c", program, "-H", "127.0.0.1", "-p", str(port)]
    server = Server(argv, folder / "moto.log")
    try:
        server.wait_for(port)
        yield S3Server(f"http://127.0.0.1:{port}", _ACCESS, _SECRET, "moto", real=False)
    finally:
        server.stop()
