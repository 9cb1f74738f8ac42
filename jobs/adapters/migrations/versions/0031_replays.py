"""When a delivery was sent again by hand; and an index that finds what goes before another."""

from alembic import op
from sqlalchemy import Column, Float

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column that may be empty, and an index."""
    op.add_column("deliveries", Column("replayed_at", Float(53)))
    op.create_index("deliveries_of_subject", "deliveries", ["subject", "state", "sequence"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index("deliveries_of_subject", "deliveries")
    op.drop_column("deliveries", "replayed_at")
