"""A million rows on PostgreSQL, RabbitMQ and S3: what each process and each table comes to."""

import json
import os
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from tests.benchmarks.figures import MODEL, NOOP, manifest, peak
from tests.benchmarks.report import say
from tests.ports.stores import new_database
from tests.servers.penstock import until
from tests.servers.processes import Box
from tests.servers.s3 import S3Server
from tests.servers.tree import tree

ROWS = int(os.environ.get("PENSTOCK_BENCH_ROWS", "1000000"))
SERVICES = ("deliver", "sweep", "worker-cpu")
MOST_MIB, MOST_NEW = 250, 1000


@pytest.fixture
def box(tmp_path: Path, postgres_url: str, rabbitmq_url: str, s3_server: S3Server) -> Iterator[Box]:
    """The production set-up, as compose.yaml starts it, with a bucket for objects."""
    bucket = f"store-{uuid.uuid4().hex[:12]}"
    s3_server.client().create_bucket(Bucket=bucket)
    settings = {
        "PENSTOCK_S3_BUCKET": bucket,
        "PENSTOCK_S3_ENDPOINT": s3_server.endpoint,
        "AWS_ACCESS_KEY_ID": s3_server.access_key,
        "AWS_SECRET_ACCESS_KEY": s3_server.secret_key,
    }
    with new_database(postgres_url) as database:
        made = Box(tmp_path, database, rabbitmq_url, **settings)
        try:
            made.api.start()
            for service in SERVICES:
                made.start(service)
            done = made.api.cli("push", str(NOOP), MODEL)
            assert done.returncode == 0, done.stderr
            yield made
        finally:
            made.stop()


@pytest.mark.timeout(1800)
def test_a_million_rows_on_real_parts(box: Box, tmp_path: Path, s3_server: S3Server) -> None:
    """Manifest in a bucket, results back into it: memory of each process, rows of each table."""
    client, bucket = s3_server.client(), f"theirs-{uuid.uuid4().hex[:12]}"
    client.create_bucket(Bucket=bucket)
    client.upload_file(str(manifest(tmp_path / "rows.jsonl", ROWS)), bucket, "in/rows.jsonl")
    made = box.api.cli("token", "create", "bench", "--bucket", bucket)
    headers = {"Authorization": f"Bearer {made.stdout.strip()}"}
    before = sizes(box.environment["PENSTOCK_DATABASE_URL"])
    began = time.perf_counter()
    body = {
        "model": MODEL,
        "input_url": f"s3://{bucket}/in/rows.jsonl",
        "destination": f"s3://{bucket}/out",
    }
    id = box.api.call("POST", "/v1/batches", json=body, headers=headers)["id"]

    def ended() -> Any:
        told = box.api.call("GET", f"/v1/batches/{id}", headers=headers)
        return told if told["completed_at"] or told["failed_at"] else None

    told = until(ended, 1500)
    seconds = time.perf_counter() - began
    assert told["request_counts"]["completed"] == ROWS, told
    index = client.get_object(Bucket=bucket, Key=f"out/{id}/index.json")["Body"].read()
    tell(box, before, seconds, json.loads(index))


def tell(box: Box, before: dict[str, int], seconds: float, index: dict[str, Any]) -> None:
    """What it came to."""
    megabytes = index["files"]["output.jsonl"]["size"] / 1e6
    rate = f"{ROWS / seconds:,.0f} rows/s, {seconds:.0f} s, {megabytes:.0f} MB of results"
    say(f"{ROWS:,} rows on PostgreSQL, RabbitMQ and S3", rate, "-")
    memory = peaks_of(box)
    figure = ", ".join(f"{name} {mib}" for name, mib in memory.items())
    say("peak memory of each process, MiB", figure, f"{MOST_MIB} each")
    after = sizes(box.environment["PENSTOCK_DATABASE_URL"])
    grown = {name: f"{before[name]} → {count}" for name, count in after.items()}
    figure = ", ".join(f"{name} {change}" for name, change in grown.items())
    say("rows of each table, before and after", figure, f"at most {MOST_NEW} new ones")
    assert all(count - before[name] <= MOST_NEW for name, count in after.items()), grown
    assert all(mib <= MOST_MIB for mib in memory.values()), memory


def peaks_of(box: Box) -> dict[str, int]:
    """Peak resident MiB of each service's processes; of several of a kind the largest."""
    assert box.api.api is not None
    roots = {"api": box.api.api.pid}
    roots |= {name: one.pid for name, one in zip(SERVICES, box.processes, strict=True)}
    found: dict[str, int] = {}
    for service, root in roots.items():
        for pid in tree(root):
            command, mib = peak(pid)
            name = "model host" if "jobs.host" in command else service
            found[name] = max(mib, found.get(name, 0))
    return found


def sizes(url: str) -> dict[str, int]:
    """How many rows each table has."""
    engine = sqlalchemy.create_engine(url)
    with engine.connect() as connection:
        names = sqlalchemy.inspect(connection).get_table_names()
        counts = {
            name: connection.execute(
                sqlalchemy.select(sqlalchemy.func.count()).select_from(sqlalchemy.table(name))
            ).scalar_one()
            for name in sorted(names)
        }
    engine.dispose()
    return counts
