"""An index that finds what of a subject is still to go, whatever the database's statistics say."""

from alembic import op
from sqlalchemy import text

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Beside the one that could be passed over, which the version before uses."""
    open_ = text("state || '' = 'pending'")
    op.create_index(
        "deliveries_open",
        "deliveries",
        ["subject", "sequence"],
        sqlite_where=open_,
        postgresql_where=open_,
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("deliveries_open", "deliveries")
