"""Ceph's object gateway with one monitor and one in-memory store, all on loopback."""

import os
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.servers.process import Server, free_port

# The paxos settings cut the start from 14 s to 2; without tcp_nodelay each GET waits 40 ms; with
# authentication "none" the gateway never gets past the monitor.
_CONF = """
[global]
fsid = {fsid}
mon host = [v2:127.0.0.1:{mon_v2},v1:127.0.0.1:{mon_v1}]
public network = 127.0.0.0/8
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
keyring = {folder}/keyring
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 2000
paxos propose interval = 0.05
paxos min wait = 0.01
run dir = {folder}
crash dir = {folder}
log file = {folder}/$name.log
admin socket = {folder}/$name.asok
pid file = {folder}/$name.pid
[mon.a]
mon data = {folder}/mon
mon data avail crit = 1
[osd.0]
osd data = {folder}/osd
osd objectstore = memstore
memstore device bytes = 17179869184
osd class dir = {classes}
[client.admin]
admin socket =
rgw frontends = beast endpoint=127.0.0.1:{port} tcp_nodelay=1
rgw enable apis = s3, admin
rgw dns name = localhost
rgw thread pool size = 32
"""
_CAPS = {
    "mon.": {"mon": "allow *"},
    "client.admin": {"mon": "allow *", "osd": "allow *", "mgr": "allow *"},
    "osd.0": {"mon": "allow profile osd", "osd": "allow *", "mgr": "allow profile osd"},
}


@contextmanager
def gateway(folder: Path, access_key: str, secret_key: str) -> Iterator[str]:
    """The gateway's address while it runs; everything it stores is in memory."""
    with ExitStack() as stack:
        cluster = _Cluster(folder, stack)
        cluster.start_monitor()
        cluster.start_store()
        yield cluster.start_gateway(access_key, secret_key)


class _Cluster:
    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack
        self._fsid = str(uuid.uuid4())
        self._mon_v2, self._mon_v1, self._port = free_port(), free_port(), free_port()
        self._env = {"CEPH_CONF": str(folder / "ceph.conf")}
        for name in ("mon", "osd"):
            (folder / name).mkdir()
        (folder / "ceph.conf").write_text(self._conf())

    def start_monitor(self) -> None:
        keyring = str(self._folder / "keyring")
        self._run("ceph-authtool", "--create-keyring", keyring)
        for name, caps in _CAPS.items():
            words = [word for cap in caps.items() for word in ("--cap", *cap)]
            self._run("ceph-authtool", keyring, "--gen-key", "-n", name, *words)
        place = f"[v2:127.0.0.1:{self._mon_v2},v1:127.0.0.1:{self._mon_v1}]"
        monmap = str(self._folder / "monmap")
        self._run("monmaptool", "--create", "--fsid", self._fsid, "--addv", "a", place, monmap)
        self._run("ceph-mon", "-i", "a", "--mkfs", "--monmap", monmap, "--keyring", keyring)
        self._start("ceph-mon", "-i", "a", "-f").wait_for(self._mon_v1)

    def start_store(self) -> None:
        store = str(uuid.uuid4())
        self._run("ceph", "osd", "new", store)
        self._run("ceph", "auth", "import", "-i", str(self._folder / "keyring"))
        self._run("ceph", "osd", "crush", "add", "osd.0", "1", "root=default")
        self._run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", store)
        self._start("ceph-osd", "-i", "0", "-f")

    def start_gateway(self, access_key: str, secret_key: str) -> str:
        server = self._start("radosgw", "-n", "client.admin", "-f")
        keys = (f"--access-key={access_key}", f"--secret-key={secret_key}")
        self._run("radosgw-admin", "user", "create", "--uid=test", "--display-name=test", *keys)
        server.wait_for(self._port)
        return f"http://127.0.0.1:{self._port}"

    def _conf(self) -> str:
        classes = next(Path("/usr/lib").glob("*/rados-classes"), Path("/usr/lib/rados-classes"))
        return _CONF.format(
            fsid=self._fsid, mon_v2=self._mon_v2, mon_v1=self._mon_v1,
            folder=self._folder, port=self._port, classes=classes,
        )  # fmt: skip

    def _start(self, *argv: str) -> Server:
        server = Server(argv, self._folder / f"{argv[0]}.out", env=self._env)
        self._stack.callback(server.stop)
        return server

    def _run(self, *argv: str) -> None:
        done = subprocess.run(
            argv, capture_output=True, text=True, env={**os.environ, **self._env}, timeout=60
        )
        if done.returncode:
            raise RuntimeError(f"{argv[0]} failed: {done.stderr[-2000:]}")
