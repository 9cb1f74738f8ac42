"""Who sends a thousand bytes to fifty endpoints, from the barest to a task for each."""

import select
import socket
import sys
import textwrap
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pycurl
from sqlalchemy import insert, update

from jobs.adapters.sql.database import Database
from jobs.adapters.sql.store import SqlStore, migrate
from jobs.adapters.sql.tables import attempts, deliveries, events
from jobs.worker.deliver import Deliver
from tests.ports import stores
from tests.servers.process import Server
from webhooks.sender import Sender
from webhooks.signing import Signer

BODY = b'{"type": "batch.completed", "data": "' + b"x" * 985 + b'"}'
assert len(BODY) == 1024
LOOPBACK = (ip_network("127.0.0.0/8"),)


@dataclass(frozen=True)
class Cost:
    """Of so many posts: seconds by the clock, and CPU seconds of the process that sends."""

    count: int
    wall_s: float
    cpu_s: float

    @property
    def cpu_us(self) -> float:
        """Microseconds of CPU time for each."""
        return self.cpu_s / self.count * 1e6

    @property
    def rate(self) -> float:
        """How many in a second by the clock."""
        return self.count / self.wall_s


def cost(count: int, what: Callable[[], object]) -> Cost:
    """What it costs this process."""
    began, busy = time.perf_counter(), time.process_time()
    what()
    return Cost(count, time.perf_counter() - began, time.process_time() - busy)


def raw(urls: Sequence[str], count: int) -> Cost:
    """The limit: prepared bytes, a socket for each endpoint, and nothing is looked at."""
    poll, sockets = select.epoll(), {}
    head = f"POST /hook HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: {len(BODY)}\r\n"
    message = head.encode() + b"webhook-id: evt_1\r\n\r\n" + BODY
    for url in urls:
        port = int(url.rpartition(":")[2].partition("/")[0])
        one = socket.create_connection(("127.0.0.1", port))
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        one.setblocking(False)
        sockets[one.fileno()] = one
        poll.register(one, select.EPOLLIN)

    def send() -> None:
        begun = len(sockets)
        for one in sockets.values():
            one.send(message)
        done = 0
        while done < count:
            for descriptor, _ in poll.poll():
                one = sockets[descriptor]
                one.recv(4096)
                done += 1
                if begun < count:
                    begun += 1
                    one.send(message)

    found = cost(count, send)
    for one in sockets.values():
        one.close()
    return found


class Curl:
    """pycurl's multi interface with a handle for each endpoint, used again; signed, and no log."""

    def __init__(self, urls: Sequence[str], signer: Signer) -> None:
        self._multi: Any = pycurl.CurlMulti()
        self._signer = signer
        self._handles = [self._handle(url) for url in urls]

    def _handle(self, url: str) -> Any:
        one = pycurl.Curl()
        one.setopt(pycurl.URL, url)
        one.setopt(pycurl.POST, 1)
        one.setopt(pycurl.POSTFIELDS, BODY)
        one.setopt(pycurl.WRITEFUNCTION, len)
        one.setopt(pycurl.NOSIGNAL, 1)
        return one

    def send(self, count: int) -> None:
        """So many, each handle busy all the time."""
        numbers = iter(range(count))
        for one, number in zip(self._handles, numbers, strict=False):
            self._begin(one, number)
        done = 0
        while done < count:
            self._multi.perform()
            _, good, bad = self._multi.info_read()
            assert not bad, bad
            for one in good:
                self._multi.remove_handle(one)
                done += 1
                number = next(numbers, -1)
                if number >= 0:
                    self._begin(one, number)
            if not good:
                self._multi.select(1.0)

    def _begin(self, one: Any, number: int) -> None:
        headers = self._signer.headers(f"evt_{number}", int(time.time()), BODY)
        lines = [f"{name}: {value}" for name, value in headers.items()]
        one.setopt(pycurl.HTTPHEADER, ["expect:", "content-type: application/json", *lines])
        self._multi.add_handle(one)

    def close(self) -> None:
        """Give everything back."""
        for one in self._handles:
            one.close()
        self._multi.close()


def curl(urls: Sequence[str], count: int, signer: Signer) -> Cost:
    """The bare client that the sender is made of."""
    made = Curl(urls, signer)
    found = cost(count, lambda: made.send(count))
    made.close()
    return found


class Engine:
    """Ours: the store, claims, signatures, sockets, and the log of every attempt."""

    def __init__(self, url: str, secret: str) -> None:
        self.database = Database(url)
        migrate(self.database)
        self.store = SqlStore(self.database, stores.URL)
        self.sender = Sender(allow=LOOPBACK, at_once=256)
        self.deliver = Deliver(self.store, self.sender, lambda owner: secret)
        self._made = 0

    def owe(self, urls: Sequence[str]) -> None:
        """A delivery to each, of a subject of its own."""
        numbers = range(self._made, self._made + len(urls))
        self._made += len(urls)
        now = self.database.now()
        told = [
            {
                "id": f"evt_{n:032x}",
                "subject": f"batch_{n}",
                "sequence": 1,
                "type": "batch.completed",
                "body": BODY,
                "created_at": now,
            }
            for n in numbers
        ]
        owed = [
            {
                "id": f"dlv_{n:032x}",
                "event": f"evt_{n:032x}",
                "owner": "bench",
                "subject": f"batch_{n}",
                "sequence": 1,
                "url": url,
                "state": "pending",
                "attempts": 0,
                "next_at": now,
                "created_at": now,
                "lease_token": 0,
            }
            for n, url in zip(numbers, urls, strict=True)
        ]
        with self.database.write() as connection:
            connection.execute(insert(events), told)
            connection.execute(insert(deliveries), owed)

    def send(self, urls: Sequence[str], count: int) -> Cost:
        """Owe so many, and send them all; what was owed before is not counted."""
        self.owe([urls[n % len(urls)] for n in range(count)])
        found = cost(count, self.deliver.run)
        assert self.open() == 0
        return found

    def open(self) -> int:
        """How many are not delivered."""
        left = deliveries.c.state != "delivered"
        with self.database.read() as connection:
            return len(connection.execute(deliveries.select().where(left)).all())

    def forget(self) -> None:
        """Begin again, with nothing owed and nothing logged."""
        with self.database.write() as connection:
            for table in (attempts, deliveries, events):
                connection.execute(table.delete())

    def drop_open(self) -> None:
        """Owe nothing any more."""
        with self.database.write() as connection:
            connection.execute(update(deliveries).values(state="cancelled"))

    def close(self) -> None:
        """Let go of sockets and database."""
        self.sender.close()
        self.database.close()


def celery(folder: Path, broker: str, urls: Sequence[str], count: int, secret: str) -> float:
    """A task for each delivery, which signs and posts with urllib3: how many in a second."""
    (folder / "posting.py").write_text(
        textwrap.dedent(f"""
        import time
        import urllib3
        from celery import Celery
        from redis import Redis
        from webhooks.signing import Signer

        app = Celery("posting", broker={broker!r})
        app.conf.update(task_ignore_result=True, task_acks_late=True)
        done = Redis.from_url({broker!r})
        pool = urllib3.PoolManager(num_pools=100)
        signer = Signer([{secret!r}])
        body = {BODY!r}

        @app.task
        def post(id, url):
            headers = signer.headers(id, int(time.time()), body)
            limits = {{"timeout": 15, "redirect": False}}
            answer = pool.request("POST", url, body=body, headers=headers, **limits)
            assert answer.status == 200
            done.incr("posted")
        """)
    )
    command = [sys.executable, "-m", "celery", "-A", "posting", "worker", "-c", "2", "-l", "ERROR"]
    worker = Server(command, folder / "celery.log", env={"PYTHONPATH": f"{folder}:{Path.cwd()}"})
    sys.path.insert(0, str(folder))
    try:
        import posting  # type: ignore[import-not-found]

        posting.done.set("posted", 0)
        posting.post.delay("evt_first", urls[0])
        _reach(posting.done, 1)
        began = time.perf_counter()
        for n in range(count):
            posting.post.delay(f"evt_{n}", urls[n % len(urls)])
        _reach(posting.done, count + 1)
        return count / (time.perf_counter() - began)
    finally:
        sys.path.remove(str(folder))
        worker.stop()


def _reach(counter: Any, count: int) -> None:
    while int(counter.get("posted")) < count:
        time.sleep(0.01)
