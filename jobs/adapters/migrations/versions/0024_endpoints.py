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
    op.create_table(
        "endpoint_secrets",
        Column("endpoint", String(64), primary_key=True),
        Column("number", Integer, primary_key=True),
        Column("sealed", LargeBinary, nullable=False),
        Column("until", Float(53)),
        Column("created_at", Float(53), nullable=False),
    )
    op.add_column("deliveries", Column("endpoint", String(64), nullable=False, server_default=""))
    standing = text("endpoint <> ''")
    op.create_index(
        "deliveries_of_endpoint",
        "deliveries",
        ["endpoint", "created_at"],
        sqlite_where=standing,
        postgresql_where=standing,
    )


def downgrade() -> None:
    """Take them back."""
    op.drop_index("deliveries_of_endpoint", "deliveries")
    op.drop_column("deliveries", "endpoint")
    op.drop_table("endpoint_secrets")
    op.drop_table("endpoints")
