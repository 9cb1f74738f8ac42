"""Penstock as it runs for real: an API, workers of their own, PostgreSQL, a broker, a bucket."""

import json
import os
import signal
import subprocess
import uuid
from pathlib import Path
from typing import Any

import sqlalchemy
from celery import Celery
from cryptography.fernet import Fernet

from tests.servers.penstock import BIN, Penstock, until
from tests.servers.s3 import S3Server


class Worker:
    """One `penstock worker` process with a data folder of its own, as on a host of its own."""

    def __init__(self, folder: Path, name: str, environment: dict[str, str]) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [BIN / "penstock", "worker", "--data", str(folder / name), "--name", name],
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """kill -9 of the process alone; what it started must end by itself."""
        self.process.kill()
        self.process.wait()

    def terminate(self) -> None:
        """Ask it to end, as an orchestrator does."""
        self.process.send_signal(signal.SIGTERM)

    def stop(self) -> None:
        """End it, however it is."""
        if self.process.poll() is None:
            self.terminate()
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.kill()


class Fleet:
    """Everything that shares one database, one broker and one bucket."""

    def __init__(self, folder: Path, database: str, broker: str, s3: S3Server) -> None:
        self.folder = folder
        self.broker = broker
        self.s3 = s3.client()
        self.bucket = f"store-{uuid.uuid4().hex[:12]}"
        self.s3.create_bucket(Bucket=self.bucket)
        self.environment = {
            "PENSTOCK_DATABASE_URL": database,
            "PENSTOCK_BROKER_URL": broker,
            "PENSTOCK_S3_BUCKET": self.bucket,
            "PENSTOCK_S3_PREFIX": "penstock",
            "PENSTOCK_S3_ENDPOINT": s3.endpoint,
            "PENSTOCK_SECRET_KEYS": Fernet.generate_key().decode(),
            "PENSTOCK_ALLOW_NETWORKS": "127.0.0.0/8",
            "PENSTOCK_THREADS": "1",
            "AWS_ACCESS_KEY_ID": s3.access_key,
            "AWS_SECRET_ACCESS_KEY": s3.secret_key,
        }
        self.workers: list[Worker] = []
        self.apis: list[Penstock] = []

    def api(self, **environment: str) -> Penstock:
        """One more `penstock up`, on its own data folder; the first one's address is public."""
        place = self.folder / f"api-{len(self.apis)}"
        place.mkdir()
        made = Penstock(place, **self.environment | environment)
        self.environment.setdefault("PENSTOCK_PUBLIC_URL", made.url)
        made.environment.update(self.environment)
        self.apis.append(made)
        made.start()
        return made

    def worker(self, **environment: str) -> Worker:
        """One more `penstock worker`."""
        name = f"w{len(self.workers)}"
        environment = os.environ | self.environment | environment
        made = Worker(self.folder, name, environment)
        self.workers.append(made)
        return made

    def leased(self, batch: str) -> int:
        """How many shards of a batch are held by a worker now."""
        query = "SELECT count(*) FROM shards WHERE batch = :batch AND state = 'leased'"
        engine = sqlalchemy.create_engine(self.environment["PENSTOCK_DATABASE_URL"])
        with engine.connect() as connection:
            count = connection.execute(sqlalchemy.text(query), {"batch": batch}).scalar_one()
        engine.dispose()
        return int(count)

    def answering(self, count: int) -> list[str]:
        """The names of the workers, once so many answer a ping."""

        def ask() -> list[str] | None:
            answers = broker.control.ping(timeout=3, limit=count) or []
            names = sorted(name for answer in answers for name in answer)
            return names if len(names) >= count else None

        with Celery(broker=self.broker) as broker:
            names: list[str] = until(ask, 60)
        return names

    def new_bucket(self, name: str) -> str:
        """A bucket of somebody who uses Penstock, with a name that no other test has."""
        made = f"{name}-{uuid.uuid4().hex[:12]}"
        self.s3.create_bucket(Bucket=made)
        return made

    def put(self, url: str, body: bytes) -> None:
        """Write an object, by boto3 alone."""
        bucket, _, key = url.removeprefix("s3://").partition("/")
        self.s3.put_object(Bucket=bucket, Key=key, Body=body)

    def read(self, url: str) -> bytes:
        """Read an object, by boto3 alone."""
        bucket, _, key = url.removeprefix("s3://").partition("/")
        body: bytes = self.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        return body

    def lines(self, url: str) -> list[dict[str, Any]]:
        """The objects of a JSON Lines file, by boto3 alone."""
        return [json.loads(line) for line in self.read(url).splitlines()]

    def keys(self, url: str) -> list[str]:
        """What lies under a prefix, without it, by boto3 alone."""
        bucket, _, prefix = url.removeprefix("s3://").partition("/")
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        found = (one["Key"] for page in pages for one in page.get("Contents", ()))
        return [key.removeprefix(prefix) for key in found]

    def token(self, *grants: str, owner: str = "local") -> dict[str, str]:
        """The header of a new token that may use these buckets."""
        return {"Authorization": f"Bearer {self.apis[0].token(*grants, owner=owner)}"}

    def stop(self) -> None:
        """End every process."""
        for worker in self.workers:
            worker.terminate()
        for worker in self.workers:
            worker.stop()
        for api in self.apis:
            api.stop()
