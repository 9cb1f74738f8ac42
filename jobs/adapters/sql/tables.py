"""The tables. A column has the name of the field it keeps."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from jobs.adapters.sql.database import Instant

metadata = MetaData()


def lease() -> list[Column[int] | Column[float]]:
    """Work that takes time is leased: the token fences, the time is the database's."""
    return [
        Column("lease_token", BigInteger, nullable=False, default=0),
        Column("lease_until", Float(53)),
    ]


tokens = Table(
    "tokens",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("name", String(200), nullable=False),
    Column("grants", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
)

secrets = Table(
    "secrets",
    metadata,
    Column("owner", String(200), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
)

models = Table(
    "models",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("created_at", Instant, nullable=False),
)

versions = Table(
    "versions",
    metadata,
    Column("model", String(200), ForeignKey("models.name"), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("state", String(20), nullable=False),
    Column("files", JSON, nullable=False),
    Column("schema", JSON),
    Column("error", Text),
    Column("logs", Text, nullable=False),
    Column("seconds_per_item", Float(53)),
    Column("attempts", Integer, nullable=False, default=0),
    Column("created_at", Instant, nullable=False),
    *lease(),
)

aliases = Table(
    "aliases",
    metadata,
    Column("model", String(200), primary_key=True),
    Column("alias", String(20), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("version", String(64), nullable=False),
    Column("moved_at", Instant, nullable=False),
)

files = Table(
    "files",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("name", String(500), nullable=False),
    Column("content_type", String(200), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("key", String(500), nullable=False),
    Column("created_at", Instant, nullable=False),
)

batches = Table(
    "batches",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("model", String(200), nullable=False),
    Column("version", String(64), nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("input_file_id", String(64)),
    Column("input_url", Text),
    Column("destination", Text),
    Column("metadata", JSON, nullable=False),
    Column("webhook", Text),
    Column("webhook_events", JSON, nullable=False),
    Column("parent", String(64)),
    Column("rows", BigInteger, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("cursor", BigInteger, nullable=False),
    Column("completed", BigInteger, nullable=False),
    Column("failed", BigInteger, nullable=False),
    Column("cancelled", BigInteger, nullable=False),
    Column("expired", BigInteger, nullable=False),
    Column("errors", JSON, nullable=False),
    Column("snapshot", String(500)),
    Column("results", String(500)),
    Column("stop", String(20)),
    Column("times", JSON, nullable=False),
    Column("shards_done", Integer, nullable=False),
    Column("shards_redone", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("idempotency_key", String(255)),
    Column("request_hash", String(64)),
    *lease(),
    UniqueConstraint("owner", "idempotency_key"),
)

shards = Table(
    "shards",
    metadata,
    Column("batch", String(64), ForeignKey("batches.id"), primary_key=True),
    Column("first", BigInteger, primary_key=True),
    Column("rows", BigInteger, nullable=False),
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("losses", Integer, nullable=False),
    Column("output", String(500)),
    Column("succeeded", BigInteger, nullable=False),
    Column("failed", BigInteger, nullable=False),
    Column("progress", BigInteger, nullable=False, default=0),
    Column("seconds", Float(53), nullable=False),
    *lease(),
    Index("shards_due", "state", "batch"),
)

predictions = Table(
    "predictions",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("model", String(200), nullable=False),
    Column("version", String(64), nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("input", JSON, nullable=False),
    Column("output", JSON),
    Column("error", Text),
    Column("logs", Text, nullable=False),
    Column("metrics", JSON, nullable=False),
    Column("webhook", Text),
    Column("webhook_events", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("completed_at", Instant),
    Column("cancel_asked", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    *lease(),
)

events = Table(
    "events",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("subject", String(64), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("type", String(100), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("subject", "sequence"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("event", String(64), ForeignKey("events.id"), nullable=False),
    Column("owner", String(200), nullable=False),
    Column("subject", String(64), nullable=False, index=True),
    Column("sequence", Integer, nullable=False),
    Column("url", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Float(53), nullable=False),
    Column("created_at", Instant, nullable=False),
    *lease(),
    Index("deliveries_due", "state", "next_at"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("delivery", String(64), ForeignKey("deliveries.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", Float(53), nullable=False),
    Column("status", Integer),
    Column("error", Text),
    Column("duration_s", Float(53), nullable=False),
    Column("body_start", LargeBinary),
)
