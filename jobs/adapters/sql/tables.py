"""The tables. A column has the name of the field it keeps."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ColumnElement,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
    and_,
    literal_column,
    text,
)

from jobs.adapters.sql.database import Instant, Words

metadata = MetaData()


def lease() -> list[Column[int] | Column[float]]:
    """Work that takes time is leased: the token fences, the time is the database's."""
    return [
        Column("lease_token", BigInteger, nullable=False, default=0),
        Column("lease_until", Float(53)),
    ]


def tidied() -> Column[float]:
    """When to look for what lost attempts left behind; NULL while that is not to be done."""
    return Column("tidy_at", Float(53))


def traced() -> Column[str]:
    """The span that caused it, for those that go on from here; NULL where nobody traces."""
    return Column("traceparent", Words(55))


def some(name: str, *columns: str, where: str) -> Index:
    """An index of the few rows that a common question is about."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


tokens = Table(
    "tokens",
    metadata,
    Column("hash", Words(64), primary_key=True),
    Column("owner", Words(200), nullable=False),
    Column("name", Words(200), nullable=False),
    Column("grants", JSON, nullable=False),
    Column("limits", JSON, nullable=False, default=dict),
    #: when the request that was let in last would have come, had they come evenly
    Column("rate_at", Float(53)),
    Column("created_at", Instant, nullable=False),
)

secrets = Table(
    "secrets",
    metadata,
    Column("owner", Words(200), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
)

models = Table(
    "models",
    metadata,
    Column("name", Words(200), primary_key=True),
    Column("owner", Words(200), nullable=False),
    #: what its owner says of it: description, readme, addresses
    Column("about", JSON),
    Column("created_at", Instant, nullable=False),
)

versions = Table(
    "versions",
    metadata,
    Column("model", Words(200), ForeignKey("models.name"), primary_key=True),
    Column("id", Words(64), primary_key=True),
    Column("state", Words(20), nullable=False),
    Column("files", JSON, nullable=False),
    Column("schema", JSON),
    Column("error", Words),
    Column("logs", Words, nullable=False),
    Column("seconds_per_item", Float(53)),
    Column("attempts", Integer, nullable=False, default=0),
    Column("hardware", Words(40)),
    Column("created_at", Instant, nullable=False),
    *lease(),
)

aliases = Table(
    "aliases",
    metadata,
    Column("model", Words(200), primary_key=True),
    Column("alias", Words(20), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("version", Words(64), nullable=False),
    Column("moved_at", Instant, nullable=False),
)

files = Table(
    "files",
    metadata,
    Column("id", Words(64), primary_key=True),
    Column("owner", Words(200), nullable=False),
    Column("name", Words(500), nullable=False),
    Column("content_type", Words(200), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("sha256", Words(64), nullable=False),
    Column("key", Words(500), nullable=False),
    Column("metadata", JSON),
    #: what it is for, if its uploader said so
    Column("purpose", Words(20)),
    Column("created_at", Instant, nullable=False),
    #: when it goes by itself
    Column("expires_at", Instant),
    Column("idempotency_key", Words(255)),
    Column("request_hash", Words(64)),
    Index("files_newest", "owner", "id"),
    Index("files_once", "owner", "idempotency_key", unique=True),
    some("files_expiring", "expires_at", where="expires_at IS NOT NULL"),
)

batches = Table(
    "batches",
    metadata,
    Column("id", Words(64), primary_key=True),
    Column("owner", Words(200), nullable=False),
    Column("model", Words(200), nullable=False),
    Column("version", Words(64), nullable=False),
    Column("state", Words(20), nullable=False, index=True),
    Column("input_file_id", Words(64)),
    Column("input_url", Words),
    Column("input_etag", Words(200)),
    Column("destination", Words),
    Column("grants", JSON, nullable=False),
    Column("token", Words(64), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("paused", Integer, nullable=False, default=0),
    Column("hardware", Words(40)),
    Column("served_at", Float(53)),
    Column("expected_rows", BigInteger, nullable=False, default=0),
    Column("metadata", JSON, nullable=False),
    Column("webhook", Words),
    Column("webhook_events", JSON, nullable=False),
    #: whose words it is told in, if not ours
    Column("webhook_format", Words(20)),
    #: how rows may name the version; NULL: by model or digest
    Column("spellings", JSON),
    Column("parent", Words(64)),
    Column("rows", BigInteger, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("cursor", BigInteger, nullable=False),
    Column("completed", BigInteger, nullable=False),
    Column("failed", BigInteger, nullable=False),
    Column("cancelled", BigInteger, nullable=False),
    Column("expired", BigInteger, nullable=False),
    Column("errors", JSON, nullable=False),
    Column("snapshot", Words(500)),
    Column("results", Words(500)),
    Column("stop", Words(20)),
    Column("times", JSON, nullable=False),
    Column("shards_done", Integer, nullable=False),
    Column("shards_redone", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("idempotency_key", Words(255)),
    Column("request_hash", Words(64)),
    #: owner/name of the one that it came through
    Column("deployment", Words(400)),
    *lease(),
    tidied(),
    traced(),
    some("batches_through", "deployment", "id", where="deployment IS NOT NULL"),
    UniqueConstraint("owner", "idempotency_key", name="batches_once"),
    Index("batches_newest", "owner", "id"),
    Index("batches_of_token", "token", "state"),
    some("batches_tidy", "tidy_at", where="tidy_at IS NOT NULL"),
)

shards = Table(
    "shards",
    metadata,
    Column("batch", Words(64), ForeignKey("batches.id"), primary_key=True),
    Column("first", BigInteger, primary_key=True),
    Column("rows", BigInteger, nullable=False),
    Column("state", Words(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("losses", Integer, nullable=False),
    Column("output", Words(500)),
    Column("succeeded", BigInteger, nullable=False),
    Column("failed", BigInteger, nullable=False),
    Column("progress", BigInteger, nullable=False, default=0),
    Column("seconds", Float(53), nullable=False),
    *lease(),
    some("shards_open", "batch", "first", where="state <> 'done'"),
)


def open_shard() -> ColumnElement[bool]:
    """Not done, said so that the index of open shards serves: its condition, and no parameter."""
    return shards.c.state != literal_column("'done'")


#: what each owner has had of the workers' time, in seconds of no clock: see turns.py
shares = Table(
    "shares",
    metadata,
    Column("owner", Words(200), primary_key=True),
    Column("start", Float(53), nullable=False),
    Column("finish", Float(53), nullable=False),
)

predictions = Table(
    "predictions",
    metadata,
    Column("id", Words(64), primary_key=True),
    Column("owner", Words(200), nullable=False),
    Column("model", Words(200), nullable=False),
    Column("version", Words(64), nullable=False),
    Column("state", Words(20), nullable=False, index=True),
    Column("input", JSON, nullable=False),
    Column("output", JSON),
    Column("error", Words),
    Column("logs", Words, nullable=False),
    Column("metrics", JSON, nullable=False),
    Column("webhook", Words),
    Column("webhook_events", JSON, nullable=False),
    Column("grants", JSON, nullable=False),
    Column("token", Words(64), nullable=False),
    Column("hardware", Words(40)),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("completed_at", Instant),
    Column("cancel_asked", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("deadline", Instant),
    Column("secret", Words(64)),
    #: of a training, which is a prediction of another kind: see core/training.py
    Column("destination", Words(200)),
    Column("gives_files", Integer, nullable=False, server_default="0"),
    Column("idempotency_key", Words(255)),
    Column("request_hash", Words(64)),
    #: owner/name of the one that it came through
    Column("deployment", Words(400)),
    *lease(),
    tidied(),
    traced(),
    some("predictions_through", "deployment", "id", where="deployment IS NOT NULL"),
    Index("predictions_newest", "owner", "id"),
    Index("predictions_of_model", "owner", "model", "id"),
    some("predictions_bad", "owner", "id", where="state = 'failed' OR state = 'canceled'"),
    some("predictions_trainings", "owner", "id", where="destination IS NOT NULL"),
    Index("predictions_once", "owner", "idempotency_key", unique=True),
    some("predictions_deadline", "deadline", where="deadline IS NOT NULL AND completed_at IS NULL"),
    Index("predictions_of_token", "token", "state"),
    some("predictions_tidy", "tidy_at", where="tidy_at IS NOT NULL"),
)


#: failed or cancelled, said so that the index of those serves: its condition, word for word
ENDED_BADLY = text("(state = 'failed' OR state = 'canceled')")


events = Table(
    "events",
    metadata,
    Column("id", Words(64), primary_key=True),
    Column("subject", Words(64), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("type", Words(100), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
    #: whose it is, and its moment in the order in which that owner is told: see feed.py
    Column("owner", Words(200)),
    Column("told_at", Float(53)),
    UniqueConstraint("subject", "sequence", name="events_order"),
    Index("events_feed", "owner", "told_at", "id"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Words(64), primary_key=True),
    Column("event", Words(64), ForeignKey("events.id"), nullable=False),
    Column("owner", Words(200), nullable=False),
    # its index is the next one's beginning: to be removed once no version that uses it runs
    Column("subject", Words(64), nullable=False, index=True),
    Column("sequence", Integer, nullable=False),
    Column("url", Words, nullable=False),
    Column("state", Words(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Float(53), nullable=False),
    Column("created_at", Instant, nullable=False),
    #: when somebody had it sent again, the last time
    Column("replayed_at", Float(53)),
    *lease(),
    traced(),
    #: empty where a batch or a prediction names the address
    Column("endpoint", Words(64), nullable=False, default=""),
    #: whose words it is told in, if not ours
    Column("format", Words(20)),
    Index("deliveries_due", "state", "next_at"),
    # as that of the subject alone: to be removed
    Index("deliveries_of_subject", "subject", "state", "sequence"),
    #: what of a subject is to go first, asked for each that is due: see is_open()
    some("deliveries_open", "subject", "sequence", where="state || '' = 'pending'"),
    Index("deliveries_newest", "owner", "created_at"),
    some("deliveries_of_endpoint", "endpoint", "created_at", where="endpoint <> ''"),
    some("deliveries_waiting", "endpoint", where="endpoint <> '' AND state = 'pending'"),
)


def is_open(name: str = "deliveries") -> ColumnElement[bool]:
    """Deliveries that are still to be made, of a subject that is named too.

    Said so that no index of all that is owed serves: PostgreSQL thinks that nothing is owed where
    that was so when it counted, and would look through all of it for each delivery that is due.
    """
    return literal_column(f"{name}.state || ''") == literal_column("'pending'")


def of_endpoint(id: str | ColumnElement[str]) -> ColumnElement[bool]:
    """Deliveries to a standing endpoint, said so that their index serves."""
    return and_(deliveries.c.endpoint == id, deliveries.c.endpoint != literal_column("''"))


def waits_for(id: str | ColumnElement[str]) -> ColumnElement[bool]:
    """Deliveries to a standing endpoint that are still to be made."""
    return and_(of_endpoint(id), deliveries.c.state == literal_column("'pending'"))


attempts = Table(
    "attempts",
    metadata,
    Column("delivery", Words(64), ForeignKey("deliveries.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", Float(53), nullable=False),
    Column("status", Integer),
    Column("error", Words),
    Column("duration_s", Float(53), nullable=False),
    Column("body_start", LargeBinary),
)

removals = Table(
    "removals",
    metadata,
    # what is under it in the object store is to go, and once more when no stale worker writes there
    Column("prefix", Words(500), primary_key=True),
    Column("until", Float(53), nullable=False),
    Column("due_at", Float(53), nullable=False, index=True),
)

endpoints = Table(
    "endpoints",
    metadata,
    Column("id", Words(64), primary_key=True),
    Column("owner", Words(200), nullable=False),
    Column("url", Words, nullable=False),
    Column("events", JSON, nullable=False),
    Column("description", Words(500), nullable=False),
    Column("state", Words(20), nullable=False),
    Column("reason", Words(20)),
    Column("disabled_at", Instant),
    Column("rate_per_s", Float(53)),
    Column("concurrency", Integer),
    #: whose words it is told in, if not ours
    Column("format", Words(20)),
    Column("failing_since", Instant),
    #: attempts since then
    Column("failures", Integer, nullable=False, default=0),
    #: when the attempt that began last would have begun, had they come evenly
    Column("rate_at", Float(53)),
    Column("created_at", Instant, nullable=False),
    Index("endpoints_newest", "owner", "id"),
    some("endpoints_limited", "id", where="rate_per_s IS NOT NULL OR concurrency IS NOT NULL"),
)

endpoint_secrets = Table(
    "endpoint_secrets",
    metadata,
    Column("endpoint", Words(64), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    #: until when it signs beside newer ones; NULL for the newest
    Column("until", Float(53)),
    Column("created_at", Instant, nullable=False),
)
