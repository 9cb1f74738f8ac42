"""The tables of deployments: names, releases, instances."""

from sqlalchemy import Column, Float, Index, Integer, Table

from jobs.adapters.sql.database import Instant, Words
from jobs.adapters.sql.tables import metadata, some

deployments = Table(
    "deployments",
    metadata,
    #: owner/name
    Column("id", Words(400), primary_key=True),
    Column("owner", Words(200), nullable=False),
    #: the numbers of the release that was asked for last, and of the one that gets new work
    Column("current", Integer, nullable=False),
    Column("serving", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index("deployments_by_name", "owner", "id"),
)

releases = Table(
    "releases",
    metadata,
    Column("deployment", Words(400), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("model", Words(200), nullable=False),
    Column("version", Words(64), nullable=False),
    Column("hardware", Words(40)),
    Column("min_instances", Integer, nullable=False),
    Column("max_instances", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", Words(200), nullable=False),
)

instances = Table(
    "instances",
    metadata,
    Column("id", Words(64), primary_key=True),
    Column("deployment", Words(400), nullable=False),
    Column("model", Words(200), nullable=False),
    Column("version", Words(64), nullable=False),
    Column("worker", Words(300), nullable=False),
    Column("state", Words(20), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("ready_at", Instant),
    Column("stopped_at", Instant),
    Column("reason", Words(20)),
    Column("lease_until", Float(53)),
    Index("instances_newest", "deployment", "id"),
    some("instances_live", "deployment", where="stopped_at IS NULL"),
)
