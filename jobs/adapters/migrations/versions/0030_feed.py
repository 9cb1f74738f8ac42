"""Whose an event is and when it was written, so that an owner can ask what has come since."""

from alembic import op
from sqlalchemy import Column, Float, String

revision = "0030"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two columns that may be empty: events from before are told to nobody anew."""
    op.add_column("events", Column("owner", String(200)))
    op.add_column("events", Column("told_at", Float(53)))
    op.create_index("events_feed", "events", ["owner", "told_at", "id"])


def downgrade() -> None:
    """Take them back."""
    op.drop_index("events_feed", "events")
    op.drop_column("events", "told_at")
    op.drop_column("events", "owner")
