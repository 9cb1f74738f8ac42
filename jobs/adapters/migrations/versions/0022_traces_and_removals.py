"""Where in a trace something belongs, and what is still to be removed from the object store."""

from alembic import op
from sqlalchemy import Column, Float, String

revision = "0022"
down_revision = "0002"
branch_labels = None
depends_on = None

TRACED = ("batches", "predictions", "deliveries")


def upgrade() -> None:
    """Add a column that may be empty to three tables, and one table."""
    for table in TRACED:
        op.add_column(table, Column("traceparent", String(55)))
    op.create_table(
        "removals",
        Column("prefix", String(500), primary_key=True),
        Column("until", Float(53), nullable=False),
        Column("due_at", Float(53), nullable=False, index=True),
    )


def downgrade() -> None:
    """Take them back."""
    op.drop_table("removals")
    for table in TRACED:
        op.drop_column(table, "traceparent")
