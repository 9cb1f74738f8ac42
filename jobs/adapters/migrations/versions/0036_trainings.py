"""Trainings: predictions that have a destination."""

from alembic import op
from sqlalchemy import Column, String, text

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

SOME = text("destination IS NOT NULL")


def upgrade() -> None:
    """Add a column that may be empty, and an index of the few that have it."""
    op.add_column("predictions", Column("destination", String(200)))
    op.create_index(
        "predictions_trainings",
        "predictions",
        ["owner", "id"],
        sqlite_where=SOME,
        postgresql_where=SOME,
    )


def downgrade() -> None:
    """Take them back."""
    op.drop_index("predictions_trainings", "predictions")
    op.drop_column("predictions", "destination")
