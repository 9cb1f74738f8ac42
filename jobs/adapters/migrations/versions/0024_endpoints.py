"""Standing endpoints, their secrets, and which of them a delivery goes to.

The new column has a default in the database: processes of the version before go on meanwhile.
"""

from alembic import op
from sqlalchemy import JSON, Column, Float, Integer, LargeBinary, String, text

revision = "0024"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables, and a column that is empty where a batch or a prediction names the address."""
    op.create_table(
        "endpoints",
        Column("id", String(64), primary_key=True),
        Column("owner", String(200), nullable=False),
        Column("url", String, nullable=False),
        Column("events", JSON, nullable=False),
        Column("description", String(500), nullable=False),
        Column("state", String(20), nullable=False),
        Column("reason", String(20)),
        Column("disabled_at", Float(53)),
        Column("rate_per_s", Float(53)),
        Column("concurrency", Integer),
        Column("failing_since", Float(53)),
        Column("failures", Integer, nullable=False, server_default="0"),
        Column("rate_at", Float(53)),
        Column("created_at", Float(53), nullable=False),
    )
    op.create_index("endpoints_newest", "endpoints", ["owner", "id"])
    limited = "rate_per_s IS NOT NULL OR concurrency IS NOT NULL"
    some("endpoints_limited", "endpoints", ["id"], limited)
    op.create_table(
        "endpoint_secrets",
        Column("endpoint", String(64), primary_key=True),
        Column("number", Integer, primary_key=True),
        Column("sealed", LargeBinary, nullable=False),
        Column("until", Float(53)),
        Column("created_at", Float(53), nullable=False),
    )
    op.add_column("deliveries", Column("endpoint", String(64), nullable=False, server_default=""))
    some("deliveries_of_endpoint", "deliveries", ["endpoint", "created_at"], "endpoint <> ''")
    waiting = "endpoint <> '' AND state = 'pending'"
    some("deliveries_waiting", "deliveries", ["endpoint"], waiting)


def some(name: str, table: str, columns: list[str], where: str) -> None:
    """An index of a few rows."""
    op.create_index(name, table, columns, sqlite_where=text(where), postgresql_where=text(where))


def downgrade() -> None:
    """Take them back."""
    op.drop_index("deliveries_waiting", "deliveries")
    op.drop_index("deliveries_of_endpoint", "deliveries")
    op.drop_column("deliveries", "endpoint")
    op.drop_table("endpoint_secrets")
    op.drop_table("endpoints")
