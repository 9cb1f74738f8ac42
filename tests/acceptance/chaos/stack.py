"""All of Penstock as in production: each process by itself, each with its own ways to fail."""

import os
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy import make_url

from tests.acceptance.chaos.role import Role, words
from tests.acceptance.chaos.sight import Sight
from tests.servers.faulty_s3 import FaultyS3
from tests.servers.link import Link
from tests.servers.penstock import Penstock, Received, until
from tests.servers.s3 import S3Server

TEND_EVERY_S = 0.1
#: the receiver takes so long over each event, so that deliveries are in flight
PAUSE_S = 0.25


class Stack:
    """An API, deliverers, a sweep and workers; each has a link to the database and the store.

    `database` is the URL of an empty PostgreSQL, `broker` of a broker of its own. `brief`: leases
    are short, and so is what waits for their ends.
    """

    def __init__(
        self, folder: Path, database: str, broker: str, s3: S3Server, *, brief: bool = False
    ) -> None:
        self.brief = brief
        self.folder = folder
        self.database, self.broker = make_url(database), broker
        self.s3_server, self.s3 = s3, s3.client()
        self.sight = Sight(database)
        self.store, self.results = self._bucket("store"), self._bucket("results")
        self.links: dict[str, Link] = {}
        self.doors: dict[str, FaultyS3] = {}
        self.roles: dict[str, Role] = {}
        self.client = Penstock(folder)
        #: what more the environment of a process has
        self.own: Callable[[str], dict[str, str]] = lambda name: {}
        self._settings = {
            "PENSTOCK_BROKER_URL": broker,
            "PENSTOCK_S3_BUCKET": self.store,
            "PENSTOCK_S3_PREFIX": "penstock",
            "PENSTOCK_SECRET_KEYS": Fernet.generate_key().decode(),
            "PENSTOCK_ALLOW_NETWORKS": "127.0.0.0/8",
            "PENSTOCK_PUBLIC_URL": self.client.url,
            "PENSTOCK_DRAIN_S": "2",
            "PENSTOCK_THREADS": "1",
            "AWS_ACCESS_KEY_ID": s3.access_key,
            "AWS_SECRET_ACCESS_KEY": s3.secret_key,
        }
        self.client.environment |= self._settings | {"PENSTOCK_DATABASE_URL": database}
        self.client.environment["PENSTOCK_S3_ENDPOINT"] = s3.endpoint
        self._end = threading.Event()
        self._tending = threading.Thread(target=self._tend, daemon=True)
        self.receiver: Received | None = None

    def _bucket(self, name: str) -> str:
        """A bucket that keeps every version, so that nothing is written over unseen."""
        made = f"{name}-{uuid.uuid4().hex[:12]}"
        self.s3.create_bucket(Bucket=made)
        status = {"Status": "Enabled"}
        self.s3.put_bucket_versioning(Bucket=made, VersioningConfiguration=status)
        return made

    def add(self, name: str, command: list[str]) -> Role:
        """One more process, which runs from now on until `stop`."""
        port = self.database.port
        assert port is not None
        link = self.links[name] = Link(port)
        door = self.doors[name] = FaultyS3(self.s3_server.endpoint)
        place = self.database.set(port=link.port)
        own = {
            "PENSTOCK_DATABASE_URL": place.render_as_string(hide_password=False),
            "PENSTOCK_S3_ENDPOINT": door.url,
        }
        own |= self.own(name)
        role = Role(name, command, self.folder, os.environ | self._settings | own)
        self.roles[name] = role
        return role

    def start(self, workers: int, deliverers: int = 2) -> None:
        """Everything."""
        self.add("api", words("api", "--host", "127.0.0.1", "--port", str(self.client.port)))
        for number in range(deliverers):
            self.add(f"deliver-{number}", words("deliver", brief=self.brief))
        self.add("sweep-0", words("sweep", brief=self.brief))
        for number in range(workers):
            self.worker(number)
        # first, so that one process makes the tables, and the others need not try
        token = self.client.token(self.results)
        self._tending.start()
        until(lambda: self.roles["api"].alive and self.client._answers(), 120)
        self.client.data.mkdir(exist_ok=True)
        (self.client.data / "token").write_text(token)
        self.client.environment["PENSTOCK_TOKEN"] = token
        secret = self.client.call("GET", "/v1/webhooks/default/secret")["key"]
        self.receiver = Received(self.folder, secret, pause_s=PAUSE_S)

    def worker(self, number: int, command: Callable[[str], list[str]] | None = None) -> Role:
        """One more worker."""
        name = f"worker-{number}"
        own = command(name) if command else words("worker-cpu", "--name", name, brief=self.brief)
        return self.add(name, own)

    def workers(self) -> list[Role]:
        """Those that there are."""
        return self.some("worker")

    def some(self, kind: str) -> list[Role]:
        """The processes of a kind."""
        return [role for name, role in self.roles.items() if name.startswith(kind)]

    def _tend(self) -> None:
        while not self._end.wait(TEND_EVERY_S):
            for role in list(self.roles.values()):
                role.tend()

    def remove(self, name: str) -> None:
        """End one process for good."""
        role = self.roles.pop(name)
        role.stop()
        role.ended()
        self.links.pop(name).close()
        self.doors.pop(name).close()

    def stop(self) -> dict[str, int | None]:
        """End everything; answers with the exit statuses."""
        self._end.set()
        if self._tending.is_alive():
            self._tending.join()
        self.client.http.close()  # first: the API gives who is connected two more seconds to ask
        for role in self.roles.values():
            role.stop()
        statuses = {name: role.ended() for name, role in self.roles.items()}
        if self.receiver is not None:
            self.receiver.stop()
        for link in self.links.values():
            link.close()
        for door in self.doors.values():
            door.close()
        self.client.log.close()
        return statuses

    def events(self) -> list[dict[str, Any]]:
        """What the receiver has handled, in its order."""
        assert self.receiver is not None
        return self.receiver.events()

    def settled(self, ended: Callable[[], list[str]], seconds: float) -> list[str]:
        """Wait until nothing is left; answers with what is left when patience is over."""
        end = time.monotonic() + seconds
        while (left := ended()) and time.monotonic() < end:
            time.sleep(0.2)
        return left
