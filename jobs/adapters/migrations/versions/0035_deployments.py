"""Deployments: names, their releases, their instances, and what was asked of them."""

from alembic import op
from sqlalchemy import Column, Float, Integer, String, text

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

LIVE = text("stopped_at IS NULL")
THROUGH = text("deployment IS NOT NULL")


def upgrade() -> None:
    """Three tables, and two columns that may be empty."""
    op.create_table(
        "deployments",
        Column("id", String(400), primary_key=True),
        Column("owner", String(200), nullable=False),
        Column("current", Integer, nullable=False),
        Column("serving", Integer, nullable=False),
        Column("created_at", Float(53), nullable=False),
    )
    op.create_index("deployments_by_name", "deployments", ["owner", "id"])
    op.create_table(
        "releases",
        Column("deployment", String(400), primary_key=True),
        Column("number", Integer, primary_key=True),
        Column("model", String(200), nullable=False),
        Column("version", String(64), nullable=False),
        Column("hardware", String(40)),
        Column("min_instances", Integer, nullable=False),
        Column("max_instances", Integer, nullable=False),
        Column("created_at", Float(53), nullable=False),
        Column("created_by", String(200), nullable=False),
    )
    _instances()
    for table in ("predictions", "batches"):
        op.add_column(table, Column("deployment", String(400)))
        op.create_index(
            f"{table}_through",
            table,
            ["deployment", "id"],
            sqlite_where=THROUGH,
            postgresql_where=THROUGH,
        )


def _instances() -> None:
    op.create_table(
        "instances",
        Column("id", String(64), primary_key=True),
        Column("deployment", String(400), nullable=False),
        Column("model", String(200), nullable=False),
        Column("version", String(64), nullable=False),
        Column("worker", String(300), nullable=False),
        Column("state", String(20), nullable=False),
        Column("created_at", Float(53), nullable=False),
        Column("ready_at", Float(53)),
        Column("stopped_at", Float(53)),
        Column("reason", String(20)),
        Column("lease_until", Float(53)),
    )
    op.create_index("instances_newest", "instances", ["deployment", "id"])
    op.create_index(
        "instances_live", "instances", ["deployment"], sqlite_where=LIVE, postgresql_where=LIVE
    )


def downgrade() -> None:
    """Take them back."""
    for table in ("predictions", "batches"):
        op.drop_index(f"{table}_through", table)
        op.drop_column(table, "deployment")
    for table in ("instances", "releases", "deployments"):
        op.drop_table(table)
