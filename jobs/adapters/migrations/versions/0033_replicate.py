"""What Replicate's clients ask for beside: deadlines, keys, words about models, files' metadata."""

from alembic import op
from sqlalchemy import JSON, Column, Float, String, text

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

PREDICTIONS = {
    "deadline": Float(53),
    "secret": String(64),
    "idempotency_key": String(255),
    "request_hash": String(64),
}
WAITS = text("deadline IS NOT NULL AND completed_at IS NULL")


def upgrade() -> None:
    """Add columns that may be empty, and two indices over those."""
    for name, kind in PREDICTIONS.items():
        op.add_column("predictions", Column(name, kind))
    op.create_index("predictions_once", "predictions", ["owner", "idempotency_key"], unique=True)
    op.create_index(
        "predictions_deadline",
        "predictions",
        ["deadline"],
        sqlite_where=WAITS,
        postgresql_where=WAITS,
    )
    op.add_column("models", Column("about", JSON))
    op.add_column("files", Column("metadata", JSON))


def downgrade() -> None:
    """Take them back."""
    op.drop_column("files", "metadata")
    op.drop_column("models", "about")
    op.drop_index("predictions_deadline", "predictions")
    op.drop_index("predictions_once", "predictions")
    for name in PREDICTIONS:
        op.drop_column("predictions", name)
