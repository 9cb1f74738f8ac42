"""An index that finds what of a subject is still to go, whatever the database's statistics say."""

from alembic import op
from sqlalchemy import text

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put it in the place of the one before, which could be passed over."""
    open_ = text("state || '' = 'pending'")
    op.create_index(
        "deliveries_open",
        "deliveries",
        ["subject", "sequence"],
        sqlite_where=open_,
        postgresql_where=open_,
    )
    op.drop_index("deliveries_of_subject", "deliveries")


def downgrade() -> None:
    """Take it back."""
    op.create_index("deliveries_of_subject", "deliveries", ["subject", "state", "sequence"])
    op.drop_index("deliveries_open", "deliveries")
