"""A backup taken while work goes on is restored elsewhere, and the work is finished there."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from tests.ports.stores import new_database
from tests.servers import postgres
from tests.servers.penstock import Received, until
from tests.servers.process import Unavailable, lacking
from tests.servers.processes import Box

ROWS = 24
#: what is being written to the object folder, and nobody has named yet
TEMPORARY = ".tmp"
SERVICES = ("deliver", "sweep", "worker-cpu")


def started(folder: Path, database: str, broker: str, **settings: str) -> Box:
    folder.mkdir(exist_ok=True)
    box = Box(folder, database, broker, **settings)
    box.api.start()
    for service in SERVICES:
        box.start(service, brief=True)  # what is restored is held by nobody who lives
    return box


def told(box: Box, id: str) -> dict[str, Any]:
    batch: dict[str, Any] = box.api.call("GET", f"/v1/batches/{id}")
    return batch


@pytest.mark.timeout(240)
def test_a_batch_is_finished_after_a_restore(
    tmp_path: Path, postgres_url: str, redis_url: str
) -> None:
    with new_database(postgres_url) as database, new_database(postgres_url) as other:
        first = started(tmp_path / "first", database, redis_url)
        secret = first.api.call("GET", "/v1/webhooks/default/secret")["key"]
        receiver = Received(tmp_path, secret)
        try:
            id = work_under_way(first, receiver.url)
            dump = tmp_path / "penstock.dump"
            backed_up(database, dump, first.api.data / "objects", tmp_path / "objects")
            for process in first.processes:
                process.kill()
            first.api.kill()

            second = restored(tmp_path, dump, other, redis_url, first)
            try:
                batch = second.api.ended(id, 120)
                assert batch["request_counts"]["completed"] == ROWS
                output = [row["custom_id"] for row in second.api.lines(id, "output.jsonl")]
                assert output == [f"row-{n}" for n in range(ROWS)]
                until(lambda: receiver.events() and receiver.events()[-1]["sequence"] == 3, 60)
            finally:
                second.stop()
        finally:
            receiver.stop()
            first.stop()


def work_under_way(box: Box, webhook: str) -> str:
    """A batch of which something is done, and something is being done."""
    box.api.push("chaos-monkey", "demo/chaos")
    rows = [{"custom_id": f"row-{n}", "input": {"seconds": 0.15}} for n in range(ROWS)]
    id = box.api.submit("demo/chaos", rows, webhook=webhook)
    until(lambda: told(box, id)["request_counts"]["running"], 60)
    return id


def backed_up(database: str, dump: Path, objects: Path, copy: Path) -> None:
    """The database first: what it names is then in the copy of the objects, which only grow."""
    subprocess.run(
        [program("pg_dump"), "--format=custom", f"--file={dump}", plain(database)],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    shutil.copytree(objects, copy, ignore=shutil.ignore_patterns(TEMPORARY))


def restored(folder: Path, dump: Path, database: str, broker: str, before: Box) -> Box:
    """The same on another machine: an empty database, another data folder, the same keys."""
    subprocess.run(
        [program("pg_restore"), "--no-owner", f"--dbname={plain(database)}", dump],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    data = folder / "second" / "data"
    data.mkdir(parents=True)
    shutil.move(folder / "objects", data / "objects")
    keys = before.environment["PENSTOCK_SECRET_KEYS"]
    return started(folder / "second", database, broker, PENSTOCK_SECRET_KEYS=keys)


def program(name: str) -> Path:
    """One of the server's own programs, which are of its version."""
    try:
        return postgres.programs()[0] / name
    except Unavailable as reason:
        lacking(reason)


def plain(url: str) -> str:
    """A URL as PostgreSQL's own programs take it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
