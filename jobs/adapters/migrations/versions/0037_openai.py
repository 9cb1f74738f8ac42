"""What OpenAI's client asks for beside: purposes and expiries of files, its form of events."""

from alembic import op
from sqlalchemy import JSON, Column, Float, String, text

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

FILES = {
    "purpose": String(20),
    "expires_at": Float(53),
    "idempotency_key": String(255),
    "request_hash": String(64),
}
EXPIRING = text("expires_at IS NOT NULL")


def upgrade() -> None:
    """Add columns that may be empty, and two indices over those."""
    for name, kind in FILES.items():
        op.add_column("files", Column(name, kind))
    op.create_index("files_once", "files", ["owner", "idempotency_key"], unique=True)
    op.create_index(
        "files_expiring",
        "files",
        ["expires_at"],
        sqlite_where=EXPIRING,
        postgresql_where=EXPIRING,
    )
    op.add_column("batches", Column("webhook_format", String(20)))
    op.add_column("batches", Column("spellings", JSON))
    op.add_column("deliveries", Column("format", String(20)))
    op.add_column("endpoints", Column("format", String(20)))


def downgrade() -> None:
    """Take them back."""
    op.drop_column("endpoints", "format")
    op.drop_column("deliveries", "format")
    op.drop_column("batches", "spellings")
    op.drop_column("batches", "webhook_format")
    op.drop_index("files_expiring", "files")
    op.drop_index("files_once", "files")
    for name in FILES:
        op.drop_column("files", name)
