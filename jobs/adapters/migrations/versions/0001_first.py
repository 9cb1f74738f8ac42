"""The first schema, as it was: later revisions change it, so `sql/tables.py` is not used here."""

from alembic import op
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
    UniqueConstraint,
    text,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

metadata = MetaData()


def upgrade() -> None:
    """Make every table."""
    metadata.create_all(op.get_bind(), checkfirst=False)


def downgrade() -> None:
    """Drop every table."""
    metadata.drop_all(op.get_bind(), checkfirst=False)


def some(name: str, *columns: str, where: str) -> Index:
    """An index of some rows."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


Table(
    "tokens",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("name", String(200), nullable=False),
    Column("grants", JSON, nullable=False),
    Column("created_at", Float(53), nullable=False),
)

Table(
    "secrets",
    metadata,
    Column("owner", String(200), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("created_at", Float(53), nullable=False),
)

Table(
    "models",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("created_at", Float(53), nullable=False),
)

Table(
    "versions",
    metadata,
    Column("model", String(200), ForeignKey("models.name"), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("state", String(20), nullable=False),
    Column("files", JSON, nullable=False),
    Column("schema", JSON),
    Column("error", String),
    Column("logs", String, nullable=False),
    Column("seconds_per_item", Float(53)),
    Column("attempts", Integer, nullable=False),
    Column("created_at", Float(53), nullable=False),
    Column("lease_token", BigInteger, nullable=False),
    Column("lease_until", Float(53)),
)

Table(
    "aliases",
    metadata,
    Column("model", String(200), primary_key=True),
    Column("alias", String(20), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("version", String(64), nullable=False),
    Column("moved_at", Float(53), nullable=False),
)

Table(
    "files",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("name", String(500), nullable=False),
    Column("content_type", String(200), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("key", String(500), nullable=False),
    Column("created_at", Float(53), nullable=False),
    Index("files_newest", "owner", "id"),
)

Table(
    "batches",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("model", String(200), nullable=False),
    Column("version", String(64), nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("input_file_id", String(64)),
    Column("input_url", String),
    Column("input_etag", String(200)),
    Column("destination", String),
    Column("grants", JSON, nullable=False),
    Column("metadata", JSON, nullable=False),
    Column("webhook", String),
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
    Column("created_at", Float(53), nullable=False),
    Column("expires_at", Float(53), nullable=False),
    Column("idempotency_key", String(255)),
    Column("request_hash", String(64)),
    Column("lease_token", BigInteger, nullable=False),
    Column("lease_until", Float(53)),
    Column("tidy_at", Float(53)),
    UniqueConstraint("owner", "idempotency_key", name="batches_once"),
    Index("batches_newest", "owner", "id"),
    some("batches_tidy", "tidy_at", where="tidy_at IS NOT NULL"),
)

Table(
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
    Column("progress", BigInteger, nullable=False),
    Column("seconds", Float(53), nullable=False),
    Column("lease_token", BigInteger, nullable=False),
    Column("lease_until", Float(53)),
    some("shards_open", "batch", "first", where="state <> 'done'"),
)

Table(
    "predictions",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("model", String(200), nullable=False),
    Column("version", String(64), nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("input", JSON, nullable=False),
    Column("output", JSON),
    Column("error", String),
    Column("logs", String, nullable=False),
    Column("metrics", JSON, nullable=False),
    Column("webhook", String),
    Column("webhook_events", JSON, nullable=False),
    Column("grants", JSON, nullable=False),
    Column("created_at", Float(53), nullable=False),
    Column("started_at", Float(53)),
    Column("completed_at", Float(53)),
    Column("cancel_asked", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_token", BigInteger, nullable=False),
    Column("lease_until", Float(53)),
    Column("tidy_at", Float(53)),
    Index("predictions_newest", "owner", "id"),
    some("predictions_tidy", "tidy_at", where="tidy_at IS NOT NULL"),
)

Table(
    "events",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("subject", String(64), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("type", String(100), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", Float(53), nullable=False),
    UniqueConstraint("subject", "sequence", name="events_order"),
)

Table(
    "deliveries",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("event", String(64), ForeignKey("events.id"), nullable=False),
    Column("owner", String(200), nullable=False),
    Column("subject", String(64), nullable=False, index=True),
    Column("sequence", Integer, nullable=False),
    Column("url", String, nullable=False),
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Float(53), nullable=False),
    Column("created_at", Float(53), nullable=False),
    Column("lease_token", BigInteger, nullable=False),
    Column("lease_until", Float(53)),
    Index("deliveries_due", "state", "next_at"),
    Index("deliveries_newest", "owner", "created_at"),
)

Table(
    "attempts",
    metadata,
    Column("delivery", String(64), ForeignKey("deliveries.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", Float(53), nullable=False),
    Column("status", Integer),
    Column("error", String),
    Column("duration_s", Float(53), nullable=False),
    Column("body_start", LargeBinary),
)
