"""The schema is brought to tomorrow's revision by a new process while today's processes work."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from jobs.adapters.sql.store import MIGRATIONS
from tests.ports.stores import new_database
from tests.servers.penstock import Received, until
from tests.servers.processes import Box

ROWS, ROWS_AFTER = 40, 6
SERVICES = ("deliver", "sweep", "worker-cpu")
#: whatever a migration may do, to the tables that those who work use most
TOMORROW = """
from alembic import op
from sqlalchemy import Column, Float, String

revision, down_revision = "9999", "{head}"
branch_labels = depends_on = None
TABLES = ("batches", "shards", "predictions", "versions", "events", "deliveries", "attempts")

def upgrade():
    for table in TABLES:
        op.add_column(table, Column("note", String))
        op.add_column(table, Column("weight", Float(53), nullable=False, server_default="1.0"))
        op.create_index(f"{{table}}_weight", table, ["weight"])
    op.create_table("more", Column("id", String(64), primary_key=True))
"""
MIGRATE = """
import sys
from pathlib import Path
from jobs.adapters.sql import store
from jobs.adapters.sql.database import Database
store.MIGRATIONS = Path(sys.argv[1])
print("ready", flush=True)
input()
store.migrate(Database(sys.argv[2]))
"""


def tomorrows(folder: Path) -> Path:
    """Our migrations and one more."""
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9999_tomorrow.py").write_text(TOMORROW.format(head=head))
    return folder


@pytest.mark.timeout(240)
def test_work_goes_on_though_the_schema_moves_on(
    tmp_path: Path, postgres_url: str, redis_url: str
) -> None:
    with new_database(postgres_url) as database:
        box = Box(tmp_path, database, redis_url)
        receiver: Received | None = None
        try:
            box.api.start()
            for service in SERVICES:
                box.start(service)
            box.api.push("chaos-monkey", "demo/chaos")
            secret = box.api.call("GET", "/v1/webhooks/default/secret")["key"]
            receiver = Received(tmp_path, secret)
            new = process(tomorrows(tmp_path / "migrations"), database)
            first = submitted(box, receiver.url, ROWS)
            until(lambda: running(box, first), 60)

            migrated(database, new)
            assert running(box, first), "it was over before the schema moved"
            second = submitted(box, receiver.url, ROWS_AFTER)
            check(box, first, ROWS)
            check(box, second, ROWS_AFTER)
            until(lambda: len(receiver.events()) == 6, 60)
            late = box.start("sweep")
            assert late.ended() == 2
            assert "schema is newer than this Penstock knows" in late.said()
        finally:
            if receiver is not None:
                receiver.stop()
            box.stop()


def submitted(box: Box, webhook: str, count: int) -> str:
    rows = [{"custom_id": f"row-{n}", "input": {"seconds": 0.2}} for n in range(count)]
    return box.api.submit("demo/chaos", rows, webhook=webhook)


def running(box: Box, id: str) -> int:
    count: int = box.api.call("GET", f"/v1/batches/{id}")["request_counts"]["running"]
    return count


def process(migrations: Path, database: str) -> "subprocess.Popen[str]":
    """A process that migrates as soon as it is told to."""
    new = subprocess.Popen(
        [sys.executable, "-c", MIGRATE, str(migrations), database],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert new.stdout is not None
    assert new.stdout.readline() == "ready\n"
    return new


def migrated(database: str, new: "subprocess.Popen[str]") -> None:
    """It has to wait for somebody who reads, as a backup does."""
    engine = create_engine(database)
    with engine.connect() as backup:
        backup.execute(text("SELECT count(*) FROM shards")).all()
        assert new.stdin is not None
        new.stdin.write("go\n")
        new.stdin.flush()
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        with engine.connect() as other:
            other = other.execution_options(isolation_level="AUTOCOMMIT")
            until(lambda: other.execute(waiting).scalar_one(), 60)
    new.communicate(timeout=60)
    assert new.returncode == 0
    engine.dispose()


def check(box: Box, id: str, count: int) -> None:
    batch = box.api.ended(id, 120)
    assert batch["status"] == "completed"
    assert batch["request_counts"]["completed"] == count
    assert batch["shards"]["redone"] == 0, "a lease was lost to the migration"
    output = [row["custom_id"] for row in box.api.lines(id, "output.jsonl")]
    assert output == [f"row-{n}" for n in range(count)]
